"""The periods of counting.md: academic and financial years, their quarters, months, and any run of whole months."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from guilds.audit.refusals import Refusals, refuse
from guilds.reference.calendars import academic_year_start, add_months, first_of_month

_SEPTEMBER, _APRIL = 9, 4
_YEAR_LONG = 12
_EARLIEST, _LATEST = 1950, 2150
_YEAR = re.compile(r"^(FY)?(\d{4})-(\d{2})(?:-Q([1-4]))?$")
_MONTH = re.compile(r"^(\d{4})-(\d{2})$")
_RUN = re.compile(r"^(\d{4}-\d{2})_(\d{4}-\d{2})$")
_FORMS = "2016-17, FY2016-17, 2016-17-Q1, FY2016-17-Q1 or 2017-03"


@dataclass(frozen=True)
class Period:
    """A run of whole months; `end` is its last day."""

    slug: str
    label: str
    start: date
    end: date

    @property
    def length(self) -> int:
        """How many months it has."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    @property
    def is_standard(self) -> bool:
        """Whether it is a year, a quarter or a month of counting.md."""
        return "_" not in self.slug

    def months(self) -> Iterator["Period"]:
        """Its months, first to last."""
        return (month_of(add_months(self.start, count)) for count in range(self.length))


def parse(slug: str) -> Period:
    """The period that a slug names.

    `2000-01` to `2011-12` read as academic years, not as months: ask for those months by `from` and `to`.
    Raises ValidationError keyed "period".
    """
    text = (slug or "").strip()
    found = _from_year(_YEAR.match(text)) or _from_month(_MONTH.match(text)) or _from_run(_RUN.match(text))
    if found is None:
        raise refuse("period", f"“{text}” is not a period: write it as {_FORMS}", "invalid_period")
    return found


def between(start: date, end: date) -> Period:
    """The period from a first to a last day; a year, quarter or month of counting.md where it is one.

    Raises ValidationError keyed "from" and "to" unless it begins and ends on month boundaries.
    """
    refusals = Refusals()
    refusals.add_when(start.day != 1, "from", "Begin on the first day of a month", "month_boundary")
    refusals.add_when((end + timedelta(days=1)).day != 1, "to", "End on the last day of a month", "month_boundary")
    refusals.add_when(end < start, "to", "The end must not be before the start", "order")
    refusals.add_when(not _in_range(start.year), "from", f"Begin between {_EARLIEST} and {_LATEST}", "range")
    refusals.add_when(not _in_range(end.year), "to", f"End between {_EARLIEST} and {_LATEST}", "range")
    refusals.raise_if_any()
    return _between(start, end)


def academic_year(day: date) -> Period:
    """The academic year in which a day falls."""
    return _year(academic_year_start(day), "")


def financial_year(day: date) -> Period:
    """The financial year in which a day falls."""
    return _year(date(day.year - (day.month < _APRIL), _APRIL, 1), "FY")


def month_of(day: date) -> Period:
    """The month in which a day falls."""
    start = first_of_month(day)
    return Period(f"{start:%Y-%m}", f"{start:%B %Y}", start, _end_of(start, 1))


def quarters(year: Period) -> list[Period]:
    """The four quarters of an academic or financial year."""
    return [_quarter(year, number) for number in (1, 2, 3, 4)]


def standard_around(month: date) -> list[Period]:
    """Every standard period that has this month in it: two years, two quarters and the month itself."""
    years = (academic_year(month), financial_year(month))
    inner = [quarter for year in years for quarter in quarters(year) if quarter.start <= month <= quarter.end]
    return [*years, *inner, month_of(month)]


def previous(period: Period) -> Period:
    """The period of the same sort just before."""
    start = add_months(period.start, -period.length)
    return _between(start, period.start - timedelta(days=1))


def year_before(period: Period) -> Period:
    """The same months a year earlier."""
    return _between(
        add_months(period.start, -_YEAR_LONG), _end_of(add_months(period.start, -_YEAR_LONG), period.length)
    )


def choices(today: date, earliest: date) -> list[Period]:
    """What a period picker offers: all years since `earliest`, and quarters and months of the latest, newest first."""
    years = list(_back_to(earliest, academic_year(today)))
    financial = list(_back_to(earliest, financial_year(today)))
    recent = [q for year in (years[:2] + financial[:2]) for q in reversed(quarters(year)) if q.start <= today]
    months = [m for m in academic_year(today).months() if m.start <= today]
    return years + financial + recent + months[::-1]


def elapsed_share(period: Period, on: date) -> float:
    """The part of a period that is over by the end of a day, from 0 to 1."""
    days = (period.end - period.start).days + 1
    return min(max((on - period.start).days + 1, 0), days) / days


def _in_range(year: int) -> bool:
    return _EARLIEST <= year <= _LATEST


def _from_year(match: re.Match | None) -> Period | None:
    if match is None or not _in_range(int(match[2])) or (int(match[2]) + 1) % 100 != int(match[3]):
        return None
    start = date(int(match[2]), _APRIL if match[1] else _SEPTEMBER, 1)
    year = _year(start, match[1] or "")
    return _quarter(year, int(match[4])) if match[4] else year


def _from_month(match: re.Match | None) -> Period | None:
    if match is None or not _in_range(int(match[1])) or not 1 <= int(match[2]) <= 12:
        return None
    return month_of(date(int(match[1]), int(match[2]), 1))


def _from_run(match: re.Match | None) -> Period | None:
    ends = [_from_month(_MONTH.match(text)) for text in match.groups()] if match else []
    known = [month for month in ends if month]
    if len(known) < 2 or known[1].end < known[0].start:
        return None
    return _between(known[0].start, known[1].end)


def _between(start: date, end: date) -> Period:
    for standard in standard_around(start):
        if (standard.start, standard.end) == (start, end):
            return standard
    return Period(f"{start:%Y-%m}_{end:%Y-%m}", f"{start:%B %Y} to {end:%B %Y}", start, end)


def _year(start: date, prefix: str) -> Period:
    written = f"{start.year}-{(start.year + 1) % 100:02}"
    name = "Financial year" if prefix else "Academic year"
    return Period(f"{prefix}{written}", f"{name} {written}", start, _end_of(start, 12))


def _quarter(year: Period, number: int) -> Period:
    start = add_months(year.start, 3 * (number - 1))
    end = _end_of(start, 3)
    label = f"{year.label}, quarter {number} ({start:%B %Y} to {end:%B %Y})"
    return Period(f"{year.slug}-Q{number}", label, start, end)


def _end_of(start: date, months: int) -> date:
    return add_months(start, months) - timedelta(days=1)


def _back_to(earliest: date, year: Period) -> Iterator[Period]:
    yield year
    while year.start > earliest:
        year = previous(year)
        yield year
