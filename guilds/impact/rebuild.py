"""Every figure counted anew from the records, or compared with them."""

from collections.abc import Callable, Iterator
from datetime import date

from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from guilds.audit.models import Event
from guilds.engagement.models import Engagement
from guilds.impact import counting, distinct, whole
from guilds.impact.cells import lock
from guilds.impact.lineage import Lineage
from guilds.impact.measures import DISTINCT
from guilds.impact.models import Cell, DistinctCount, Freshness, Presence, StaleSlice
from guilds.impact.months import months_between
from guilds.impact.slices import ENGAGEMENTS, OPPORTUNITIES, PLEDGES, RECORD_FAMILIES, Slice, years_of
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.pledges.models import Pledge
from guilds.reference.calendars import add_months, first_of_month

#: Slices compared in one go, so that memory stays small.
_AT_ONCE = 100


@transaction.atomic
def rebuild() -> None:
    """Count everything anew, in one transaction: whoever looks meanwhile sees the old figures.

    What changes meanwhile is counted by the next refresh. Stopped half-way, nothing has happened.
    """
    lock()
    # Taken as counted before anything is read, so that no change falls in between.
    Event.objects.uncounted().update(counted=True)
    StaleSlice.objects.all().delete()
    now = timezone.now()
    with whole.engagements_counted() as gathered:
        counting.recount(_slices(OPPORTUNITIES, PLEDGES))
        distinct.recount(_distinct_years(), Lineage.load(), gathered)
    Freshness.objects.update(at=now)


def differences() -> Iterator[str]:
    """Where what is kept is not what the records say, a line each. Changes nothing."""
    slices = _slices(*RECORD_FAMILIES)
    for start in range(0, len(slices), _AT_ONCE):
        yield from counting.differences(slices[start : start + _AT_ONCE])
    yield from distinct.differences(_distinct_years(), Lineage.load())


def waiting() -> int:
    """How many changes and slices are still to be counted by a refresh."""
    return Event.objects.uncounted().count() + StaleSlice.objects.count()


def _slices(*families: str) -> list[Slice]:
    """Every slice of some families that has records, cells or presence."""
    found = {
        Slice(family, first_of_month(day), guild or "")
        for family, records, days in _RECORDS
        if family in families
        for column in days
        for day, guild in records().order_by().values_list(column, "guild").distinct()
        if day
    }
    for family in families:
        for kept in (Cell.objects, Presence.objects.filter(counting.of_family(family))):
            found |= {Slice(family, *pair) for pair in kept.order_by().values_list("month", "guild").distinct()}
    return sorted(found)


#: What fills slices, and the days that put it into one.
_RECORDS: tuple[tuple[str, Callable[[], QuerySet], tuple[str, ...]], ...] = (
    (ENGAGEMENTS, lambda: Engagement.objects.delivered(), ("starts_on",)),
    (OPPORTUNITIES, lambda: Placement.objects.all(), ("arranged_on", "starts_on", "ends_on")),
    (OPPORTUNITIES, lambda: Apprenticeship.objects.all(), ("opened_on", "starts_on")),
    (PLEDGES, lambda: Pledge.objects.verified(), ("made_on",)),
)


def _distinct_years() -> list[Slice]:
    """The years of distinct measures from the first that has presence or kept counts to the last."""
    found: set[Slice] = set()
    for measure in DISTINCT:
        ends: list[date] = []
        for kept, column in ((Presence, "month"), (DistinctCount, "starts")):
            rows = kept.objects.filter(measure=measure).order_by()
            ends += [day for day in rows.aggregate(Min(column), Max(column)).values() if day]
        for at in range(months_between(min(ends), max(ends)) + 1 if ends else 0):
            found.update(years_of(measure, add_months(min(ends), at)))
    return sorted(found)
