"""When schools and colleges last met employers, from what is counted: no page looks through the records for it."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Max, Q

from guilds.impact.lineage import Lineage
from guilds.impact.models import Presence
from guilds.impact.periods import academic_year


class LastMet(NamedTuple):
    """The month of the last encounter (None: none is recorded), and how many there were this academic year.

    An encounter here is a month in which a guild brought them something of one kind.
    """

    month: date | None = None
    this_year: int = 0


NEVER = LastMet()


def last_met(today: date) -> dict[UUID, LastMet]:
    """Of every school and college with any, in three queries; one that goes on under a new number keeps its past."""
    since = Count("pk", filter=Q(month__gte=academic_year(today).start))
    counted = Presence.objects.filter(measure__in=("schools", "colleges")).order_by().values("organisation")
    lineage, found = Lineage.load(), dict[UUID, LastMet]()
    for organisation, month, times in counted.annotate(m=Max("month"), n=since).values_list("organisation", "m", "n"):
        who = lineage.identity(organisation, today) if organisation in lineage else organisation
        known = found.get(who, NEVER)
        found[who] = LastMet(max(month, known.month or month), known.this_year + times)
    return found
