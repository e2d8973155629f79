"""Figures of few in publications, attacked: with every table, of every scope and version, no hidden one can be worked out."""

from collections import defaultdict
from datetime import date

import pytest

from guilds.engagement import actions as engagement
from guilds.impact import periods, suppression
from guilds.impact.figures import CONFIDENTIAL
from guilds.publishing import actions
from guilds.publishing.models import Publication, PublishedFigure
from tests.factories import make_guild, moment
from tests.guilds.publishing.world import Year

pytestmark = pytest.mark.django_db
SEND = "encounters_send"


@pytest.fixture
def year() -> Year:
    """Learners with SEND: 27 of Hospitality, 4 of Sciences, 60 county-wide; by month 27, 4, 31 and 29."""
    found = Year()
    found.event(send=(4, 0), guild=make_guild("sciences"), starts_at=moment(date(2016, 10, 4)))
    found.event(send=(20, 11), guild=None, starts_at=moment(date(2016, 11, 8)))
    found.event(send=(15, 14), guild=None, starts_at=moment(date(2017, 6, 6)))
    return found


def told(publication: Publication, by: str) -> dict[str, float | None]:
    """What is told by one dimension; None for what is hidden."""
    rows = PublishedFigure.objects.filter(publication=publication, measure=SEND, by=by)
    assert all((row.value is None) == (row.symbol == CONFIDENTIAL) for row in rows)
    return {row.key: row.value for row in rows}


def attack(publications: list[Publication]) -> dict[tuple, tuple[float, float]]:
    """Bounds of every hidden cell: each total is the sum of its parts, of nothing less than 0, until nothing moves."""
    bounds: dict[tuple, list[float]] = defaultdict(lambda: [0, 1e6])
    sums = []
    for version in publications:
        name = (version.span.slug, version.guild_id or version.district_id or "")
        for by in ("guild", "district", "month"):
            cells = told(version, by)
            if cells and not (version.guild_id or version.district_id):
                sums.append(
                    (
                        (*name, "total"),
                        [(name[0], key, "total") if by != "month" else (key, "", "total") for key in cells],
                    )
                )
            for key, value in cells.items():
                cell = (name[0], key, "total") if by != "month" else (key, name[1], "total")
                if value is not None:
                    bounds[cell] = [value, value]
        for key, value in told(version, "total").items():
            if value is not None:
                bounds[(*name, key)] = [value, value]
    year = periods.parse("2016-17")
    for quarter in periods.quarters(year):
        sums.append(((quarter.slug, "", "total"), [(month.slug, "", "total") for month in quarter.months()]))
    sums.append(((year.slug, "", "total"), [(quarter.slug, "", "total") for quarter in periods.quarters(year)]))
    for _ in range(50):
        for whole, parts in sums:
            low, high = sum(bounds[part][0] for part in parts), sum(bounds[part][1] for part in parts)
            bounds[whole] = [max(bounds[whole][0], low), min(bounds[whole][1], high)]
            for part in parts:
                bounds[part][1] = min(bounds[part][1], bounds[whole][1] - low + bounds[part][0])
                bounds[part][0] = max(bounds[part][0], bounds[whole][0] - high + bounds[part][1])
    return {cell: (low, high) for cell, (low, high) in bounds.items()}


def assert_nothing_small_is_known(publications: list[Publication], real: dict[tuple, int]) -> None:
    bounds = attack(publications)
    for cell, value in real.items():
        if 0 < value < 10:
            low, high = bounds[cell]
            assert high - low >= 9, f"{cell}, which is {value}, is known to be {low} to {high}"


REAL = {("2016-17", "sciences", "total"): 4, ("2016-10", "", "total"): 4}


def test_one_publication_hides_a_second_cell_in_each_table(year):
    version = year.published()

    guilds, months = told(version, "guild"), told(version, "month")
    assert told(version, "total") == {"total": 91}
    assert guilds["sciences"] is None
    assert [key for key, value in guilds.items() if value is None] != ["sciences"]
    assert months["2016-10"] is None
    assert sum(value is None for value in months.values()) > 1
    assert told(version, "district")["E07000114"] == 51
    assert_nothing_small_is_known([version], REAL)


def test_the_attack_is_able_to_win(year, monkeypatch):
    monkeypatch.setattr(suppression, "_is_safe", lambda values, below: True)

    with pytest.raises(AssertionError, match="is known to be 4"):
        assert_nothing_small_is_known([year.published()], REAL)


def test_publications_of_other_scopes_and_quarters_add_nothing(year):
    versions = [
        year.published(),
        *(year.published(guild=make_guild(slug)) for slug in ("sciences", "hospitality-tourism")),
        year.published(district=year.thanet),
        *(year.published(period=f"2016-17-Q{number}") for number in (1, 2, 3, 4)),
        *(year.published(period=f"20{month}") for month in ("16-10", "16-11")),
        year.published(period="FY2016-17"),
    ]

    assert_nothing_small_is_known(versions, REAL)
    assert told(versions[1], "total") == {"total": None}
    assert set(told(versions[1], "month").values()) <= {None}, "a guild's months are one more table"
    assert set(told(versions[-1], "total").values()) == {None}, "a financial year overlaps two academic ones"


def test_the_next_version_does_not_tell_what_the_last_one_hid(year):
    first = year.published()
    hidden = {key for key, value in told(first, "guild").items() if value is None}
    year.event(send=(9, 9), guild=make_guild("sciences"), starts_at=moment(date(2016, 10, 11)))
    second = actions.revise(by=year.by, publication=first, reason="An event came late")
    actions.publish(by=year.by, publication=second, status="final")

    assert told(second, "total") == {"total": 109}
    assert hidden <= {key for key, value in told(second, "guild").items() if value is None}


def test_where_what_was_told_becomes_few_the_next_version_tells_nothing_of_it(year):
    first = year.published()
    assert told(first, "district")["E07000105"] == 40
    for event in list(engagement.Engagement.objects.all()):
        rows = [{"provider": year.schools[0], "learners": 90, "send": 20}]
        engagement.correct(by=year.by, engagement=event, attendances=rows)
    year.event(send=(0, 3))
    second = actions.revise(by=year.by, publication=first, reason="Numbers corrected")
    actions.publish(by=year.by, publication=second, status="final")

    for by in ("total", "guild", "district", "month"):
        assert set(told(second, by).values()) == {None}, "the total's change would say what has become of Ashford"
    third = actions.revise(by=year.by, publication=second, reason="Once more")
    actions.publish(by=year.by, publication=third, status="final")
    assert set(told(third, "total").values()) == {None}
