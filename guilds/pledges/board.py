"""Pledges by how far they have come: the columns of the board, counted and with the first of each."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Count, F, Prefetch, Q, QuerySet, prefetch_related_objects

from guilds.organisations.models import Organisation
from guilds.pledges.models import Allocation, AllocationStatus, Delivery, Pledge, PledgeStatus
from guilds.reading import read_at_once

#: How many cards a column shows; the whole is a link away.
SHOWN = 10
#: What is read of a card.
_ON_A_CARD = ("kind", "quantity", "current_quantity", "made_on", "valid_until", "status", "employer", "guild")


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


@dataclass
class Lane:
    """A column: its pledges' number and sums, and the first of them."""

    stage: Stage
    number: int = 0
    promised: int = 0
    agreed: int = 0
    delivered: int = 0
    remaining: int = 0
    cards: list[Any] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.number - len(self.cards)

    def add(self, number: int, promised: int, agreed: int, delivered: int) -> None:
        """So many more, of each of which so much was promised, agreed and delivered."""
        self.number += number
        self.promised += number * promised
        self.agreed += number * agreed
        self.delivered += number * delivered
        self.remaining += number * max(promised - agreed - delivered, 0)


def at_stage(pledges: Any, stage: str) -> QuerySet[Pledge]:
    """Those that have come so far, with what was given of them."""
    come = pledges.with_given().filter(status__in=_STATUSES.get(Stage(stage), [PledgeStatus.OPEN]))
    return come.filter(_PROGRESS.get(Stage(stage), Q()))


def lanes(pledges: Any) -> list[Lane]:
    """All columns; three queries, however many pledges there are."""
    made = {stage: Lane(stage) for stage in Stage}
    for status, number, *numbers in _alike(pledges):
        if stage := _stage_of(status, *numbers):
            made[stage].add(number, *numbers)
    cards = {lane.stage: _cards(pledges, lane.stage) for lane in made.values() if lane.number}
    read_at_once(*cards.values())
    for stage, rows in cards.items():
        made[stage].cards = list(rows)
    # Not joined: a database that takes few to be unmatched would look through all employers for each.
    named = Prefetch("employer", Organisation.objects.only("name"))
    prefetch_related_objects([card for lane in made.values() for card in lane.cards], named)
    return list(made.values())


def _alike(pledges: Any) -> Iterator[tuple[str, int, int, int, int]]:
    """Status, how many have it and so much promised, agreed and delivered. What was given is looked up only for those of
    which something was: the others, mostly by far the most, are counted by what they promise.
    """
    every = pledges.order_by().values_list("status", "current_quantity").annotate(number=Count("*"))
    given = _touched(pledges).with_given().order_by()
    touched = given.values_list("status", "current_quantity", "allocated", "delivered").annotate(number=Count("*"))
    read_at_once(every, touched)
    others = Counter({(status, promised): number for status, promised, number in every})
    for status, *amounts, number in touched:
        others[status, amounts[0]] -= number
        yield status, number, *amounts
    yield from ((status, number, promised, 0, 0) for (status, promised), number in others.items() if number > 0)


def _stage_of(status: str, promised: int, agreed: int, delivered: int) -> Stage | None:
    """Where one stands of which so much was promised, agreed and delivered; `_PROGRESS` says the same to the database."""
    if status != PledgeStatus.OPEN:
        return next((stage for stage, statuses in _STATUSES.items() if status in statuses), None)
    if delivered:
        return Stage.FULFILLED if delivered >= promised else Stage.PARTLY
    return Stage.MATCHED if agreed else Stage.UNMATCHED


def _touched(pledges: Any) -> Any:
    """Those of which something was agreed, or linked to something that was to fulfil them."""
    agreed = Allocation.objects.filter(status=AllocationStatus.AGREED).order_by().values("pledge")
    return pledges.filter(pk__in=agreed.union(Delivery.objects.order_by().values("pledge")))


def _cards(pledges: Any, stage: Stage) -> QuerySet[Pledge]:
    among = pledges if stage in _STATUSES or stage == Stage.UNMATCHED else _touched(pledges)
    return at_stage(among, stage).order_by(*_ORDER.get(stage, ("-made_on", "-id"))).only(*_ON_A_CARD)[:SHOWN]


#: What presses comes first where something is to be done; the latest elsewhere.
_ORDER = {Stage.VERIFY: ("made_on", "id"), Stage.UNMATCHED: ("made_on", "id")}
