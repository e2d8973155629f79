"""Every figure counted anew from the records, or compared with them; a year at a time, so that memory stays small."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db import transaction
from django.db.models import Max, Min

from guilds.audit.models import Event
from guilds.engagement.models import Engagement
from guilds.impact import counting, distinct
from guilds.impact.cells import lock, stamp
from guilds.impact.lineage import Lineage
from guilds.impact.measures import DISTINCT
from guilds.impact.models import Cell, DistinctCount, Presence, StaleSlice
from guilds.impact.periods import academic_year
from guilds.impact.slices import OPPORTUNITY_DAYS, Slice, all_between, years_of
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.pledges.models import Pledge
from guilds.reference.calendars import add_months
from guilds.reference.models import Guild


@transaction.atomic
def rebuild() -> None:
    """Count everything. Changes that are made meanwhile stay marked, and are counted by the next refresh."""
    freshness = lock()
    Event.objects.uncounted().update(counted=True)
    StaleSlice.objects.all().delete()
    DistinctCount.objects.all().delete()
    for slices in _years():
        counting.recount_records(slices)
    for year in _distinct_years():
        distinct.recount([year])
    stamp(freshness)


def differences() -> Iterator[str]:
    """Where what is kept is not what the records say, a line each. Changes nothing."""
    for slices in _years():
        yield from counting.differences(slices)
    lineage = Lineage.load()
    for year in _distinct_years():
        yield from distinct.differences(year, lineage)


def waiting() -> int:
    """How many changes and slices are still to be counted by a refresh."""
    return Event.objects.uncounted().count() + StaleSlice.objects.count()


def _years() -> Iterator[list[Slice]]:
    """The slices of records, an academic year at a time, over all days that records or figures have."""
    days = [day for day in _ends() if day]
    guilds = [*Guild.objects.order_by("slug").values_list("slug", flat=True)]
    if days:
        start = academic_year(min(days)).start
        while start <= max(days):
            yield all_between(start, add_months(start, 11), guilds)
            start = add_months(start, 12)


def _ends() -> Iterable[date | None]:
    for model, days in (
        (Engagement, ["starts_on"]),
        (Pledge, ["made_on"]),
        (Placement, OPPORTUNITY_DAYS),
        (Apprenticeship, OPPORTUNITY_DAYS),
        (Cell, ["month"]),
        (Presence, ["month"]),
    ):
        for day in {field.name for field in model._meta.fields} & set(days):
            yield from model.objects.aggregate(first=Min(day), last=Max(day)).values()


def _distinct_years() -> list[Slice]:
    """The years of distinct measures that have presence or kept counts."""
    found: set[Slice] = set()
    for measure in DISTINCT:
        months = set(Presence.objects.filter(measure=measure).order_by().values_list("month", flat=True).distinct())
        months |= set(
            DistinctCount.objects.filter(measure=measure).order_by().values_list("starts", flat=True).distinct()
        )
        for month in months:
            found.update(years_of(measure, month))
    return sorted(found)
