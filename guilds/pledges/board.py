"""Pledges by how far they have come: the columns of the board, counted and with the first of each."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Q, QuerySet, Sum

from guilds.pledges.models import Pledge, PledgeStatus

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
    """All columns; two queries for each, however many pledges there are."""
    return [_lane(at_stage(pledges, stage), stage) for stage in Stage]


def _narrowed(pledges: Any, stage: Stage) -> Any:
    rows = pledges if "standing" in pledges.query.annotations else pledges.with_progress()
    return rows.filter(status__in=_STATUSES.get(stage, [PledgeStatus.OPEN]))


def _lane(rows: QuerySet[Pledge], stage: Stage) -> Lane:
    sums = {f"all_{name}": Sum(field) for name, field in _SUMS.items()}
    totals = rows.order_by().aggregate(all_number=Count("pk"), **sums)
    cards = rows.select_related("employer", "guild").order_by(*_ORDER.get(stage, ("-made_on", "-id")))
    found = list(cards[:SHOWN]) if totals["all_number"] else []
    return Lane(stage, cards=found, **{name.removeprefix("all_"): total or 0 for name, total in totals.items()})


#: What presses comes first where something is to be done; the latest elsewhere.
_ORDER = {Stage.VERIFY: ("made_on", "id"), Stage.UNMATCHED: ("made_on", "id")}
