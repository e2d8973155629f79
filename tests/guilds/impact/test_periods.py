"""Which days a period has, and what is no period."""

from datetime import date

import pytest

from guilds.impact import periods
from tests.guilds.refused import refused


@pytest.mark.parametrize(
    ("slug", "start", "end"),
    [
        ("2016-17", date(2016, 9, 1), date(2017, 8, 31)),
        ("FY2016-17", date(2016, 4, 1), date(2017, 3, 31)),
        ("2016-17-Q1", date(2016, 9, 1), date(2016, 11, 30)),
        ("2016-17-Q2", date(2016, 12, 1), date(2017, 2, 28)),
        ("2016-17-Q4", date(2017, 6, 1), date(2017, 8, 31)),
        ("FY2016-17-Q1", date(2016, 4, 1), date(2016, 6, 30)),
        ("FY2016-17-Q4", date(2017, 1, 1), date(2017, 3, 31)),
        ("2017-03", date(2017, 3, 1), date(2017, 3, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("1999-00", date(1999, 9, 1), date(2000, 8, 31)),
        ("2011-12", date(2011, 9, 1), date(2012, 8, 31)),
        ("2016-10_2017-03", date(2016, 10, 1), date(2017, 3, 31)),
    ],
)
def test_what_a_slug_means(slug, start, end):
    found = periods.parse(slug)

    assert (found.slug, found.start, found.end) == (slug, start, end)
    assert periods.between(start, end).start == start


@pytest.mark.parametrize(
    "slug", ["", "2016", "2016-18", "2016-2017", "2016-17-Q5", "2017-13", "2017-00", "FY2017-03", "0000-01", "2017-03_2017-01",
             "last year", "2016-17-Q", "FY", "２０１６-17x"],
)  # fmt: skip
def test_what_is_no_period(slug):
    assert "period" in refused(periods.parse, slug)


@pytest.mark.parametrize("slug", ["2016-17", "FY2016-17", "2016-17-Q3", "FY2016-17-Q2", "2017-03"])
def test_days_that_are_a_standard_period_are_that_period(slug):
    found = periods.parse(slug)

    assert periods.between(found.start, found.end) == found
    assert found.is_standard


def test_any_other_run_of_months():
    found = periods.between(date(2016, 10, 1), date(2017, 3, 31))

    assert (found.slug, found.label, found.length) == ("2016-10_2017-03", "October 2016 to March 2017", 6)
    assert not found.is_standard
    assert [month.slug for month in found.months()][:2] == ["2016-10", "2016-11"]


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [(date(2016, 9, 2), date(2017, 8, 31), "from"), (date(2016, 9, 1), date(2017, 8, 30), "to"),
     (date(2017, 9, 1), date(2017, 8, 31), "to"), (date(1016, 9, 1), date(2017, 8, 31), "from")],
)  # fmt: skip
def test_periods_begin_and_end_with_a_month(start, end, field):
    assert field in refused(periods.between, start, end)


@pytest.mark.parametrize(
    ("slug", "before"),
    [("2016-17", "2015-16"), ("FY2016-17", "FY2015-16"), ("2016-17-Q1", "2015-16-Q4"), ("2017-01", "2016-12"),
     ("2016-10_2017-03", "2016-04_2016-09")],
)  # fmt: skip
def test_the_period_before(slug, before):
    assert periods.previous(periods.parse(slug)).slug == before


def test_choices_go_back_to_the_first_year_and_no_further_than_today():
    slugs = [period.slug for period in periods.choices(date(2018, 3, 2), date(2016, 9, 1))]

    assert slugs[:4] == ["2017-18", "2016-17", "FY2017-18", "FY2016-17"]
    assert "2017-18-Q3" in slugs
    assert "2017-18-Q4" not in slugs
    assert slugs[-1] == "2017-09"
    assert len(slugs) == len(set(slugs))


def test_the_share_of_a_period_that_is_over():
    year = periods.parse("2016-17")

    assert periods.elapsed_share(year, date(2016, 8, 31)) == 0
    assert periods.elapsed_share(year, date(2016, 9, 1)) == 1 / 365
    assert periods.elapsed_share(year, date(2019, 1, 1)) == 1
