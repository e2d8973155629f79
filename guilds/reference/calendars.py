"""The calendar of counting.md: months, academic and financial years, in Europe/London."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def local_day(moment: datetime) -> date:
    """The day in Kent on which a moment falls."""
    return moment.astimezone(LONDON).date()


def midnight(day: date) -> datetime:
    """The moment at which a day begins in Kent."""
    return datetime.combine(day, time.min, LONDON)


def academic_year_start(day: date) -> date:
    """The first of September on or before a day."""
    return date(day.year if day.month >= 9 else day.year - 1, 9, 1)


def first_of_month(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    """The first day of the month `count` months on (or back)."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)
