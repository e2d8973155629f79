"""When schools and colleges last met employers, from what is counted: no page looks through the records for it."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery

from guilds.impact.lineage import Lineage
from guilds.impact.models import Presence
from guilds.impact.periods import academic_year
from guilds.organisations.models import Organisation
from guilds.reading import read_at_once


class LastMet(NamedTuple):
    """The month of the last encounter (None: none is recorded), and how many there were this academic year.

    An encounter here is a month in which a guild brought them something of one kind.
    """

    month: date | None = None
    this_year: int = 0


NEVER = LastMet()


#: The measures that say of schools and of colleges that they were there.
SCHOOLS, COLLEGES = "schools", "colleges"


def last_met(today: date) -> dict[UUID, LastMet]:
    """Of every school and college with any, by two queries; one that goes on under a new number keeps its past."""
    since = academic_year(today).start
    this_year = Presence.objects.filter(measure__in=(SCHOOLS, COLLEGES), month__gte=since).order_by()
    counted = this_year.values("organisation").annotate(n=Count("pk")).values_list("organisation", "n")
    months = _last_months((SCHOOLS, COLLEGES), None)
    read_at_once(counted, months)
    times, lineage, found = dict(counted), Lineage.load(), dict[UUID, LastMet]()
    for organisation, month in months:
        if month is None:
            continue
        who = lineage.identity(organisation, today) if organisation in lineage else organisation
        known = found.get(who, NEVER)
        found[who] = LastMet(max(month, known.month or month), known.this_year + times.get(organisation, 0))
    return found


def last_months(*measures: str, until: date | None = None) -> dict[UUID, date]:
    """The last month (until a day) in which each school or college was counted in one of these measures; one query.

    It is looked up for each of them, of which there are hundreds, by an index: what is counted grows with the years.
    """
    return {pk: month for pk, month in _last_months(measures, until) if month}


def _last_months(measures: tuple[str, ...], until: date | None) -> QuerySet:
    there = Presence.objects.filter(organisation=OuterRef("pk"), measure__in=measures)
    there = there.filter(month__lte=until) if until else there
    latest = Subquery(there.order_by("-month").values("month")[:1])
    return Organisation.objects.providers().order_by().annotate(last=latest).values_list("pk", "last")
