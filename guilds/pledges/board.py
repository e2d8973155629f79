"""Pledges by how far they have come: the columns of the board, counted and with the first of each."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Q, QuerySet, Sum

from guilds.pledges.models import Allocation, AllocationStatus, Delivery, Pledge, PledgeStatus

#: How many cards a column shows; the whole is a link away.
SHOWN = 10
_SUMS = {"promised": "current_quantity", "agreed": "allocated", "delivered": "delivered", "remaining": "remaining"}


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
_OPEN = Q(standing="open")
_PROGRESS = {
    Stage.UNMATCHED: _OPEN & Q(allocated=0, delivered=0),
    Stage.MATCHED: _OPEN & Q(allocated__gt=0, delivered=0),
    Stage.PARTLY: _OPEN & Q(delivered__gt=0),
    Stage.FULFILLED: Q(standing="fulfilled"),
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
    """Those that have come so far, with their progress."""
    return _narrowed(pledges, Stage(stage)).filter(_PROGRESS.get(Stage(stage), Q()))


def lanes(pledges: Any) -> list[Lane]:
    """All columns; two queries for each at most, however many pledges there are."""
    found = {stage: _sums(at_stage(pledges, stage)) for stage in _STATUSES} | _open(pledges)
    return [_lane(pledges, stage, found[stage]) for stage in Stage]


def _narrowed(pledges: Any, stage: Stage) -> Any:
    rows = pledges if "standing" in pledges.query.annotations else pledges.with_progress()
    return rows.filter(status__in=_STATUSES.get(stage, [PledgeStatus.OPEN]))


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
    totals = _touched(rows).aggregate(**sums)
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
    totals = rows.order_by().aggregate(**{f"all_{name}": total for name, total in _aggregates().items()})
    return {name.removeprefix("all_"): total or 0 for name, total in totals.items()}


def _lane(pledges: Any, stage: Stage, numbers: dict[str, int]) -> Lane:
    return Lane(stage, cards=list(_cards(pledges, stage)) if numbers["number"] else [], **numbers)


def _cards(pledges: Any, stage: Stage) -> QuerySet[Pledge]:
    among = pledges if stage in _STATUSES or stage == Stage.UNMATCHED else _touched(pledges)
    rows = at_stage(among, stage).select_related("employer", "guild")
    return rows.order_by(*_ORDER.get(stage, ("-made_on", "-id")))[:SHOWN]


#: What presses comes first where something is to be done; the latest elsewhere.
_ORDER = {Stage.VERIFY: ("made_on", "id"), Stage.UNMATCHED: ("made_on", "id")}
