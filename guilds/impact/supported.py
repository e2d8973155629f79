"""Supported routes into work: supported internships and assisted apprenticeships, and how they ended (strategy, section 2.15).

Learners, not placements, by the first day in a period; those who never came by the day on which it was to begin. An assisted
apprenticeship may be on record as a placement of that programme, or as an apprenticeship that is marked as assisted.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import chain

from django.db.models import F, Q, QuerySet, Sum

from guilds.impact.periods import Period
from guilds.impact.suppression import hide
from guilds.opportunities.models import ENDED_STATUSES, Apprenticeship, Outcome, Placement, Programme
from guilds.opportunities.outcomes import SUSTAINED

#: Nobody has said (yet) what became of them.
NOT_KNOWN = ""
_STARTED = ("started", "completed", "withdrawn")


@dataclass(frozen=True)
class Route:
    """One route: learners by how it stands with them, and of those who ended it, by what they did thirteen weeks after."""

    label: str
    stages: dict[str, int]
    outcomes: dict[str, int]

    @property
    def started(self) -> int:
        """All who began."""
        return sum(self.stages[stage] for stage in _STARTED)

    @property
    def ended(self) -> int:
        """All who completed or left early."""
        return sum(self.outcomes.values())

    @property
    def sustained(self) -> int:
        """Of those, the ones known to be in paid work, an apprenticeship or learning thirteen weeks after."""
        return sum(self.outcomes[outcome] for outcome in SUSTAINED)

    @property
    def known(self) -> int:
        """Of how many of those who ended it is known what they did."""
        return self.ended - self.outcomes[NOT_KNOWN]


def routes(period: Period) -> list[Route]:
    """Both routes in a period, in two queries."""
    placements = Placement.objects.filter(_during(period))
    internships = placements.filter(programme=Programme.SUPPORTED_INTERNSHIP)
    assisted = placements.filter(programme=Programme.ASSISTED_APPRENTICESHIP)
    apprentices = Apprenticeship.objects.filter(_during(period), assisted=True)
    return [
        _route("Supported internships", _counted(internships, "learners")),
        _route("Assisted apprenticeships", chain(_counted(assisted, "learners"), _counted(apprentices, "positions"))),
    ]


def hidden(route: Route, *, below: int) -> set[str]:
    """The stages and outcomes of a route that are not told outside the team, because few young people are behind them.

    Where a stage is hidden no outcome is told: together they would say what it is. (counting.md, rule 8.)
    """
    stages = {stage: route.stages[stage] for stage in _STARTED}
    found = set(stages) | {"all"} if 0 < route.started < below else hide(stages, below=below)
    found |= {"did_not_attend"} if 0 < route.stages["did_not_attend"] < below else set()
    if found & set(stages) or 0 < route.ended < below:
        return found | {"ended", *route.outcomes}
    few = hide(route.outcomes, below=below)
    return found | (few | {"ended"} if few else set())


def _during(period: Period) -> Q:
    return Q(starts_on__gte=period.start, starts_on__lte=period.end)


def _counted(rows: QuerySet, amount: str):
    told = rows.filter(status__in=(*_STARTED, "did_not_attend")).order_by()
    return told.values_list("status", "outcome").annotate(total=Sum(F(amount)))


def _route(label: str, rows) -> Route:
    stages, outcomes = (
        Counter(dict.fromkeys((*_STARTED, "did_not_attend"), 0)),
        Counter(dict.fromkeys((*Outcome.values, NOT_KNOWN), 0)),
    )
    for status, outcome, total in rows:
        stages[status] += total
        if status in ENDED_STATUSES:
            outcomes[outcome] += total
    return Route(label, dict(stages), dict(outcomes))
