"""Pledges by how far they have come: the columns of the board, counted and with the first of each."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, F, Q, QuerySet, Sum, prefetch_related_objects

from guilds.pledges.models import REMAINING, Allocation, AllocationStatus, Delivery, Pledge, PledgeStatus

#: How many cards a column shows; the whole is a link away.
SHOWN = 10
#: A limit that nothing reaches: with it the database works out what was given once for each pledge, and not once more
#: wherever a sum needs it.
_EVERY = 10**9
_SUMS: dict[str, Any] = {
    "promised": "current_quantity",
    "agreed": "allocated",
    "delivered": "delivered",
    "remaining": REMAINING,
}


class Stage(models.TextChoices):
    """How far a pledge has come. It follows from its status, what was agreed and what was delivered."""

    VERIFY = "verify", "To verify"
    UNMATCHED = "unmatched", "Open, matched with nobody"
    MATCHED = "matched", "Matched"
    PARTLY = "partly", "Partly delivered"
    FULFILLED = "fulfilled", "Fulfilled"
    ENDED = "ended", "Lapsed or withdrawn"


_STATUSES = {
    Stage.VERIFY: [PledgeStatus.UNVERIFIED],
    Stage.ENDED: [PledgeStatus.LAPSED, PledgeStatus.WITHDRAWN],
}
#: Of open pledges; of these `standing` is "fulfilled" where everything is delivered.
_PROGRESS = {
    Stage.UNMATCHED: Q(allocated=0, delivered=0),
    Stage.MATCHED: Q(allocated__gt=0, delivered=0),
    Stage.PARTLY: Q(delivered__gt=0, delivered__lt=F("current_quantity")),
    Stage.FULFILLED: Q(delivered__gte=F("current_quantity")),
}


@dataclass(frozen=True)
class Lane:
    """A column: its pledges' number and sums, and the first of them."""

    stage: Stage
    number: int
    promised: int
    agreed: int
    delivered: int
    remaining: int
    cards: list[Any]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.number - len(self.cards)


def at_stage(pledges: Any, stage: str) -> QuerySet[Pledge]:
    """Those that have come so far, with what was given of them."""
    return _narrowed(pledges, Stage(stage)).filter(_PROGRESS.get(Stage(stage), Q()))


def lanes(pledges: Any) -> list[Lane]:
    """All columns; at most eleven queries, however many pledges there are."""
    found = {stage: _sums(at_stage(pledges, stage)) for stage in _STATUSES} | _open(pledges)
    made = [_lane(pledges, stage, found[stage]) for stage in Stage]
    # Not joined: a database that takes few to be unmatched would look through all employers for each.
    prefetch_related_objects([card for lane in made for card in lane.cards], "employer")
    return made


def _narrowed(pledges: Any, stage: Stage) -> Any:
    return pledges.with_given().filter(status__in=_STATUSES.get(stage, [PledgeStatus.OPEN]))


def _open(pledges: Any) -> dict[Stage, dict[str, int]]:
    """The numbers of the open stages. What became of a pledge is looked up only for those of which something was given:
    the others, mostly by far the most, are unmatched as they stand."""
    rows = _narrowed(pledges, Stage.UNMATCHED).order_by()
    every = rows.aggregate(number=Count("pk"), promised=Sum("current_quantity"))
    given = [stage for stage in _PROGRESS if stage != Stage.UNMATCHED]
    sums = {
        f"{stage.value}_{name}": total
        for stage in given
        for name, total in _aggregates(filter=_PROGRESS[stage]).items()
    }
    totals = _touched(rows)[:_EVERY].aggregate(**sums)
    found = {stage: {name: totals[f"{stage.value}_{name}"] or 0 for name in _aggregates()} for stage in given}
    left = {name: (whole or 0) - sum(each[name] for each in found.values()) for name, whole in every.items()}
    return found | {Stage.UNMATCHED: left | {"agreed": 0, "delivered": 0, "remaining": left["promised"]}}


def _touched(pledges: Any) -> Any:
    """Those of which something was agreed, or linked to something that was to fulfil them."""
    agreed = Allocation.objects.filter(status=AllocationStatus.AGREED).order_by().values("pledge")
    return pledges.filter(pk__in=agreed.union(Delivery.objects.order_by().values("pledge")))


def _aggregates(**only: Any) -> dict[str, Any]:
    return {"number": Count("pk", **only)} | {name: Sum(field, **only) for name, field in _SUMS.items()}


def _sums(rows: QuerySet[Pledge]) -> dict[str, int]:
    totals = rows.order_by()[:_EVERY].aggregate(**{f"all_{name}": total for name, total in _aggregates().items()})
    return {name.removeprefix("all_"): total or 0 for name, total in totals.items()}


def _lane(pledges: Any, stage: Stage, numbers: dict[str, int]) -> Lane:
    return Lane(stage, cards=list(_cards(pledges, stage)) if numbers["number"] else [], **numbers)


def _cards(pledges: Any, stage: Stage) -> QuerySet[Pledge]:
    among = pledges if stage in _STATUSES or stage == Stage.UNMATCHED else _touched(pledges)
    return at_stage(among, stage).order_by(*_ORDER.get(stage, ("-made_on", "-id")))[:SHOWN]


#: What presses comes first where something is to be done; the latest elsewhere.
_ORDER = {Stage.VERIFY: ("made_on", "id"), Stage.UNMATCHED: ("made_on", "id")}
