"""The four intakes of an academic year: September, January, April and July, and how many positions each has.

An apprenticeship names its intake, not the year. It belongs to the intake of that name which is nearest to its first day
(up to five months before it, or less than seven after its beginning); before that day is known, to the next one whose month
was not over when it was opened.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Min, Q, QuerySet, Sum

from guilds.opportunities.models import STARTED_STATUSES, Apprenticeship, ApprenticeshipStatus, Intake
from guilds.reference.calendars import academic_year_start, add_months
from guilds.reference.models import Guild

#: How many months after the beginning of the academic year each intake is. One of none may start on any day.
MONTHS_IN = {Intake.SEPTEMBER: 0, Intake.JANUARY: 4, Intake.APRIL: 7, Intake.JULY: 10}
ANY_TIME = ""
#: What became of positions: the statuses that each column of the table counts. What was cancelled is in none.
STAGES = {
    "open": ("Open", (ApprenticeshipStatus.OPEN,)),
    "filled": ("Filled", (ApprenticeshipStatus.FILLED,)),
    "started": ("Started", STARTED_STATUSES),
    "unfilled": ("Closed unfilled", (ApprenticeshipStatus.CLOSED_UNFILLED,)),
}
#: How many open ones an intake lists; the whole list is a link away.
LISTED = 10


@dataclass(frozen=True)
class Line:
    """Positions of one guild (or of all: `slug` is None), one number for each stage."""

    slug: str | None
    name: str
    positions: tuple[int, ...]


@dataclass(frozen=True)
class IntakeTable:
    """One intake of a year: each guild that has positions in it, all together, and what is open."""

    value: str
    label: str
    lines: list[Line]
    total: Line
    open: list[Apprenticeship]


def of_year(start: date, intake: str | None = None) -> Q:
    """Apprenticeships of one intake (or of all) of the academic year that begins on `start`."""
    if intake is None:
        return _of_any_day(start) | _each(start)
    return _of_any_day(start) if intake == ANY_TIME else _of(start, intake)


def tables(reader, *, start: date) -> list[IntakeTable]:
    """What `reader` may see of each intake of an academic year, and of what has none if there is any."""
    seen = Apprenticeship.objects.visible_to(reader).filter(of_year(start))
    counted = seen.order_by().values_list("intake", "guild", "status").annotate(Sum("positions"))
    sums: dict[str, dict[str | None, list[int]]] = {}
    for intake, guild, status, positions in counted:
        _add(sums.setdefault(intake, {}).setdefault(guild, [0] * len(STAGES)), status, positions)
    names = dict(Guild.objects.values_list("slug", "name"))
    wanted = [*Intake.values, *([ANY_TIME] if ANY_TIME in sums else [])]
    return [_table(intake, start, sums.get(intake, {}), names, seen) for intake in wanted]


def years(reader, *, today: date) -> list[date]:
    """First days of the academic years to choose from, latest first: from the first one known to the one to come."""
    first = Apprenticeship.objects.visible_to(reader).aggregate(first=Min("opened_on"))["first"] or today
    earliest, latest = academic_year_start(min(first, today)), add_months(academic_year_start(today), 12)
    return [latest.replace(year=year) for year in range(latest.year, earliest.year - 1, -1)]


def _each(start: date) -> Q:
    found = Q(pk__in=())
    for intake in Intake.values:
        found |= _of(start, intake)
    return found


def _of(start: date, intake: str) -> Q:
    month = add_months(start, MONTHS_IN[Intake(intake)])
    dated = Q(starts_on__range=(add_months(month, -5), _last_day(month, 7)))
    undated = Q(starts_on__isnull=True, opened_on__range=(add_months(month, -11), _last_day(month, 1)))
    return Q(intake=intake) & (dated | undated)


def _of_any_day(start: date) -> Q:
    year = (start, _last_day(start, 12))
    undated = Q(starts_on__isnull=True, opened_on__range=year)
    return Q(intake=ANY_TIME) & (Q(starts_on__range=year) | undated)


def _last_day(month: date, months: int) -> date:
    return add_months(month, months) - timedelta(days=1)


def _add(sums: list[int], status: str, positions: int) -> None:
    for place, (_, statuses) in enumerate(STAGES.values()):
        if status in statuses:
            sums[place] += positions


def _table(intake: str, start: date, sums: dict, names: dict[str, str], seen: QuerySet) -> IntakeTable:
    lines = [
        Line(slug, names.get(slug or "", "County-wide"), tuple(found)) for slug, found in sums.items() if any(found)
    ]
    total = tuple(sum(line.positions[place] for line in lines) for place in range(len(STAGES)))
    still_open = seen.filter(intake=intake, status=ApprenticeshipStatus.OPEN).select_related("employer", "guild")
    return IntakeTable(
        intake,
        f"{add_months(start, MONTHS_IN[Intake(intake)]):%B %Y}" if intake else "Any time",
        sorted(lines, key=lambda line: (line.slug is None, line.name)),
        Line(None, "All together", total),
        list(still_open.order_by("opened_on", "id")[: LISTED + 1]),
    )
