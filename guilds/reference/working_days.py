"""Working days in England: no weekends, no bank holidays that the law names for every year."""

from datetime import date, timedelta

_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Whether people are at work."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def bank_holidays(year: int) -> frozenset[date]:
    """Those of every year; one that falls on a weekend is taken on the next working day. Single ones are not known."""
    easter, christmas = easter_sunday(year), date(year, 12, 25)
    feast = _moved(christmas + _DAY)
    fixed = [_moved(date(year, 1, 1)), feast, feast + _DAY if christmas.weekday() > 4 else christmas]
    mondays = [_monday_from(date(year, 5, 1)), _monday_from(date(year, 5, 25)), _monday_from(date(year, 8, 25))]
    return frozenset([easter - 2 * _DAY, easter + _DAY, *fixed, *mondays])


def easter_sunday(year: int) -> date:
    """By the rule of 1876 for the Gregorian calendar."""
    century, rest = divmod(year, 100)
    golden = year % 19
    moons = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moons - rest % 4) % 7
    late = (golden + 11 * moons + 22 * week) // 451
    month, day = divmod(moons + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _moved(day: date) -> date:
    while day.weekday() > 4:
        day += _DAY
    return day


def _monday_from(day: date) -> date:
    return day + _DAY * (-day.weekday() % 7)
