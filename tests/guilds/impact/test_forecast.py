"""Where a year may end: worked by hand."""

from datetime import date

import pytest

from guilds.impact import periods
from guilds.impact.forecast import (
    NO_MONTH,
    NOT_A_YEAR,
    NOT_ADDED,
    NOT_BEGUN,
    NOTHING_YET,
    OVER,
    TOO_FEW,
    PastYear,
    Promised,
    forecast,
    forecasts,
)
from guilds.impact.models import Cell
from guilds.impact.scopes import Scope

#: 120 in all, half of it in the first half year; 180 in all, two thirds (120) in the first half year.
EVEN, EARLY = [10] * 12, [20] * 6 + [10] * 6
#: 90 counted in six months, and 5 in the seventh, which is not over.
SO_FAR = [15] * 6 + [5] + [0] * 5
PAST = {"2013-14": EVEN, "2014-15": EARLY}


def test_pace_of_past_years_says_where_it_ends():
    found = forecast(PAST, SO_FAR, 6)

    # 90 ÷ (180 of 300); by the one year 90 ÷ ⅔, by the other 90 ÷ ½.
    assert (found.value, found.low, found.high, found.counted) == (150, 135, 180, 95)
    assert [(year, round(share, 3)) for year, share in found.shares] == [("2013-14", 0.5), ("2014-15", 0.667)]


def test_it_is_tried_on_past_years_with_what_was_known_then():
    found = forecast(PAST | {"2015-16": [10] * 6 + [5] * 6, "2016-17": EVEN}, SO_FAR, 6)

    # 60 ÷ 0.6 where 90 came; then 60 ÷ (240 of 390) where 120 came.
    assert found.tests == (PastYear("2015-16", 100, 90), PastYear("2016-17", 98, 120))
    assert round(found.tests[0].error, 3) == 0.111
    assert forecast(PAST, SO_FAR, 6).tests == ()


@pytest.mark.parametrize(
    ("promised", "ends"),
    [
        # 95 and half of 200; 95 and half of 20, below what pace says.
        (Promised(open=200, delivered=50, pledged=100), (150, 135, 195)),
        (Promised(open=20, delivered=50, pledged=100), (150, 105, 180)),
        # Nothing is open, or nothing was ever pledged: pace alone.
        (Promised(open=0, delivered=50, pledged=100), (150, 135, 180)),
        (Promised(open=20, delivered=0, pledged=0), (150, 135, 180)),
    ],
)
def test_open_pledges_widen_the_interval(promised, ends):
    found = forecast(PAST, SO_FAR, 6, promised)

    assert (found.value, found.low, found.high) == ends


def test_it_is_never_below_what_is_counted():
    found = forecast(PAST, [15] * 6 + [100], 6)

    assert (found.value, found.low, found.high) == (190, 190, 190)


@pytest.mark.parametrize(
    ("past", "this_year", "months", "reason"),
    [
        (PAST, SO_FAR, 0, NO_MONTH),
        ({"2014-15": EVEN}, SO_FAR, 6, TOO_FEW),
        (PAST | {"2014-15": [0] * 6 + [10] * 6}, SO_FAR, 6, TOO_FEW),
        (PAST, [0] * 6 + [5], 6, NOTHING_YET),
    ],
)
def test_where_nothing_can_be_said_it_says_why(past, this_year, months, reason):
    found = forecast(past, this_year, months)

    assert (found.value, found.reason) == (None, reason)


def fill(measure: str, year: int, values: list[int], **fields) -> None:
    """Cells of an academic year."""
    months = periods.parse(f"{year}-{(year + 1) % 100:02}").months()
    usual = {"measure": measure, "guild": "sciences"}
    Cell.objects.bulk_create(
        Cell(month=month.start, value=value, **usual | fields) for month, value in zip(months, values, strict=True)
    )


@pytest.mark.django_db
def test_figures_and_pledges_are_read_in_two_queries(django_assert_num_queries):
    for year, values in ((2014, EVEN), (2015, EARLY), (2016, SO_FAR)):
        fill("placements_arranged", year, values)
    for part, value in (("pledged", 100), ("delivered", 50)):
        fill(f"conversion_{part}", 2015, [value] + [0] * 11, kind="placement")
    fill("conversion_open", 2016, [200] + [0] * 11, kind="placement")
    fill("conversion_open", 2016, [999] + [0] * 11, kind="apprenticeship")
    year, today = periods.parse("2016-17"), date(2017, 3, 14)
    with django_assert_num_queries(1):
        found = forecasts(year, ["placements_arranged", "schools"], today=today)
    elsewhere = forecasts(year, ["placements_arranged"], today=today, scope=Scope(guild="engineering-manufacturing"))

    placements = found["placements_arranged"]
    assert (placements.value, placements.low, placements.high, placements.months) == (150, 135, 195, 6)
    assert placements.promised == Promised(open=200, delivered=50, pledged=100)
    assert found["schools"].reason == NOT_ADDED
    assert elsewhere["placements_arranged"].reason == TOO_FEW


@pytest.mark.parametrize(
    ("slug", "today", "reason"),
    [
        ("2016-17-Q1", date(2016, 10, 1), NOT_A_YEAR),
        ("2016-09_2017-10", date(2016, 10, 1), NOT_A_YEAR),
        ("2016-17", date(2016, 8, 31), NOT_BEGUN),
        ("FY2016-17", date(2017, 4, 1), OVER),
    ],
)
def test_only_a_running_year_has_one(slug, today, reason):
    assert forecasts(periods.parse(slug), ["encounters"], today=today)["encounters"].reason == reason
