"""One figure held against another."""

import pytest

from guilds.impact import periods
from guilds.impact.compare import Change, change
from guilds.impact.figures import Figure


@pytest.mark.parametrize(
    ("now", "then", "found"),
    [
        (Figure(120), Figure(100), Change(100, 20, 0.2)),
        (Figure(0), Figure(100), Change(100, -100, -1.0)),
        (Figure(5), Figure(0), Change(0, 5, None)),
        (Figure(5), Figure(None), Change(None, None, None)),
        (Figure(None), Figure(5), Change(5, None, None)),
        (Figure(0.75, numerator=3, denominator=4), Figure(0.5, numerator=1, denominator=2), Change(0.5, 0.25, None)),
    ],
)
def test_what_became_of_a_figure(now, then, found):
    assert change(now, then) == found


@pytest.mark.parametrize(
    ("slug", "before"),
    [("2016-17", "2015-16"), ("FY2016-17-Q4", "FY2015-16-Q4"), ("2017-02", "2016-02"), ("2016-02", "2015-02"),
     ("2017-03_2017-04", "2016-03_2016-04")],
)  # fmt: skip
def test_the_same_months_a_year_before(slug, before):
    assert periods.year_before(periods.parse(slug)).slug == before
