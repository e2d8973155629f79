"""An attack on figures of few: whoever has every table, every version and these very rules must not work a cell out.

The strongest one there is: every table of numbers that would look the same from outside is made, and no hidden cell may
have the same number in all of them.
"""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from guilds.impact.suppression import YEAR, YearTable, hide, told

pytestmark = pytest.mark.once


def ways(cells: int, total: int) -> Iterator[tuple[int, ...]]:
    """Every way in which some cells can add up to a total."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in ways(cells - 1, total - first):
            yield (first, *rest)


def seen(values: tuple[int, ...], below: int) -> tuple[int | None, ...]:
    """What is told of some cells."""
    hidden = hide({str(place): value for place, value in enumerate(values)}, below=below)
    return tuple(None if str(place) in hidden else value for place, value in enumerate(values))


@pytest.mark.parametrize(("below", "cells", "most"), [(3, 4, 16), (5, 3, 26), (5, 4, 20), (10, 2, 40), (10, 3, 30)])
def test_no_hidden_cell_can_be_worked_out_from_the_total(below, cells, most):
    for total in range(below, most):
        alike = defaultdict(list)
        for values in ways(cells, total):
            alike[seen(values, below)].append(values)
        for view, tables in alike.items():
            for place, shown in enumerate(view):
                possible = {values[place] for values in tables}
                if shown is None:
                    assert len(possible) > 1, f"{view} of {total} can only be {tables}"
                else:
                    assert shown == 0 or shown >= below


def test_a_second_cell_is_hidden_with_a_small_one_and_more_where_two_would_tell():
    assert hide({"a": 30, "b": 0, "c": 12}, below=10) == set()
    assert hide({"a": 30, "b": 4, "c": 12}, below=10) == {"a", "b"}
    assert hide({"a": 30, "b": 4, "c": 20}, below=10, told=["a"]) == {"b", "c"}
    assert hide({"a": 1, "b": 1, "c": 12}, below=10) == {"a", "b", "c"}, "two of one each add up to two"
    assert hide({"a": 9, "b": 9, "c": 12, "d": 40}, below=10) == {"a", "b", "c"}, "eighteen can only be nine twice"
    assert hide({"a": 0, "b": 11}, below=10, hidden=["b"]) == {"a", "b"}


def year(**changed: int) -> YearTable:
    months = {"2016-09": 20, "2016-10": 30, "2017-01": 40, "2017-04": 25, "2017-07": 0} | {
        key.replace("m", "").replace("_", "-"): value for key, value in changed.items() if key.startswith("m")
    }
    total = sum(months.values())
    few = changed.get("sciences", 15)
    quarters = {"Q1": ("2016-09", "2016-10", "2016-11"), "Q2": ("2016-12", "2017-01", "2017-02"),
                "Q3": ("2017-03", "2017-04", "2017-05"), "Q4": ("2017-06", "2017-07", "2017-08")}  # fmt: skip
    return YearTable(
        {"sciences": few, "land-based": 30, "county-wide": total - few - 30},
        {"E07000114": total - 45, "E07000105": 45, "unknown": 0},
        {key: {month: months.get(month, 0) for month in some} for key, some in quarters.items()},
    )


def test_a_year_is_told_whole_where_nothing_in_it_is_small():
    assert told(year(), below=10) == year().names()
    assert told(YearTable({"a": 0}, {"b": 0}, {"Q1": {"m": 0}}), below=10) >= {YEAR, ("guild", "a"), ("month", "m")}


def test_a_year_of_few_is_not_told_at_all():
    assert told(YearTable({"a": 7, "b": 0}, {"d": 7}, {"Q1": {"m": 7}}), below=10) == set()


def test_what_is_hidden_by_guild_tells_nothing_by_month_and_the_other_way_round():
    found = told(year(sciences=3), below=10)
    assert year().names() - found == {("guild", "sciences"), ("guild", "land-based")}

    hidden = year().names() - told(year(m2017_07=4), below=10)
    assert {("quarter", "Q4"), ("month", "2017-07")} <= hidden
    quarters = {key for by, key in hidden if by == "quarter"}
    assert len(quarters) > 1
    for key in quarters:
        assert {("month", month) for month in year().quarters[key]} <= hidden, "its months would add up to it"


def test_what_one_version_hides_the_next_does_not_tell():
    before = year(sciences=3)
    first = told(before, below=10)
    hidden = before.names() - first
    second = told(year(sciences=18), below=10, hidden_before=hidden, told_before=first)

    assert YEAR in second
    assert not second & hidden, "land-based unchanged, and sciences would follow from the first version's total"


def test_where_a_cell_that_was_told_becomes_small_nothing_is_told():
    """The first version told 0, the second one hides it: the total's change would be its number."""
    first = told(year(sciences=0), below=10)
    assert ("guild", "sciences") in first

    assert told(year(sciences=4), below=10, told_before=first) == set()


def test_successive_versions_against_whoever_takes_the_rest_for_unchanged():
    """For every pair of small tables: what both versions tell, and that one cell alone changed, leaves it open."""
    below, quarters = 4, {"Q1": {"m": 0}}
    for first in ways(3, 13):
        for more in range(1, 6):
            second = (first[0] + more, *first[1:])
            tables = [YearTable(dict(zip("abc", v, strict=True)), {"d": sum(v)}, quarters) for v in (first, second)]
            earlier = told(tables[0], below=below)
            later = told(tables[1], below=below, hidden_before=tables[0].names() - earlier, told_before=earlier)
            for place, key in enumerate("abc"):
                small_now = 0 < second[place] < below
                known_then = ("guild", key) in earlier
                others_known = all(("guild", other) in earlier for other in "abc" if other != key)
                if small_now and (known_then or others_known):
                    assert YEAR not in later, (first, second, key)
                if 0 < first[place] < below and YEAR in earlier and YEAR in later:
                    assert ("guild", key) not in later, (first, second, key)
