"""Working days: weekends and the bank holidays of every year are none."""

from datetime import date

import pytest

from guilds.reference.working_days import bank_holidays, easter_sunday, is_working_day


@pytest.mark.parametrize(
    ("year", "easter"), [(2000, (4, 23)), (2016, (3, 27)), (2017, (4, 16)), (2027, (3, 28)), (2038, (4, 25))]
)
def test_easter(year, easter):
    assert easter_sunday(year) == date(year, *easter)


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2017, [(1, 2), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26)]),
        (2021, [(1, 1), (4, 2), (4, 5), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]),
        (2022, [(1, 3), (4, 15), (4, 18), (5, 2), (5, 30), (8, 29), (12, 26), (12, 27)]),
        (2026, [(1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)]),
    ],
)
def test_holidays_on_a_weekend_are_taken_later(year, days):
    assert sorted(bank_holidays(year)) == [date(year, *day) for day in days]


def test_people_work_on_other_weekdays():
    assert is_working_day(date(2026, 11, 30))
    assert not is_working_day(date(2026, 11, 29))
    assert not is_working_day(date(2026, 12, 28))
