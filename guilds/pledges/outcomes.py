"""What became of an employer's promises, and what is asked of it now."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from guilds.audit.models import StatusChange
from guilds.pledges.claims import ClaimStatus, DeliveryClaim
from guilds.pledges.models import Allocation, AllocationStatus, Delivery, Pledge, PledgeStatus

#: What matters of a part to the employer: it was asked for, or it is to be kept, or it was.
_HELD = (AllocationStatus.REQUESTED, AllocationStatus.AGREED)


@dataclass(frozen=True)
class Outcome:
    """A pledge with whom it was matched, what was delivered when, and what the employer says of it."""

    pledge: Any
    parts: Sequence[Any]
    deliveries: Sequence[Any]
    claims: Sequence[DeliveryClaim]

    @property
    def may_be_told(self) -> bool:
        """Whether the employer can say that it did it."""
        return self.pledge.verified_on is not None and self.pledge.status != PledgeStatus.WITHDRAWN

    @property
    def is_open(self) -> bool:
        """Whether it can be changed."""
        return self.pledge.standing == PledgeStatus.OPEN


def outcomes_of(pledges: Sequence[Pledge], user) -> list[Outcome]:
    """What became of pledges that were read with their progress, in three queries."""
    held = Allocation.objects.visible_to(user).filter(pledge__in=pledges, status__in=_HELD).with_progress()
    linked = ("placement__provider", "apprenticeship", "engagement")
    done = Delivery.objects.visible_to(user).filter(pledge__in=pledges).happened().with_quantity()
    told = DeliveryClaim.objects.visible_to(user).filter(
        pledge__in=pledges, status__in=(ClaimStatus.WAITING, ClaimStatus.DECLINED)
    )
    parts, deliveries, claims = (
        _by_pledge(held.annotate(since=_since()).select_related("provider")),
        _by_pledge(done.select_related(*linked).order_by("done_on", "id")),
        _by_pledge(told),
    )
    return [Outcome(one, parts[one.pk], deliveries[one.pk], claims[one.pk]) for one in pledges]


def parts_to_keep(user) -> QuerySet[Allocation]:
    """What an employer has agreed to and not delivered yet, the oldest first."""
    agreed = Allocation.objects.visible_to(user).filter(status=AllocationStatus.AGREED).with_progress()
    return agreed.filter(outstanding__gt=0).select_related("pledge", "provider").order_by("created_at", "id")


def asked_for(user) -> QuerySet[Allocation]:
    """What schools and colleges have asked for and the coordinator has not answered yet."""
    asked = Allocation.objects.visible_to(user).filter(
        status=AllocationStatus.REQUESTED, pledge__status=PledgeStatus.OPEN
    )
    return asked.select_related("pledge", "provider").order_by("created_at", "id")


def about_to_lapse(user, today: date) -> QuerySet[Pledge]:
    """An employer's pledges whose time is nearly over."""
    return Pledge.objects.visible_to(user).about_to_lapse(today).order_by("valid_until", "id")


def _since() -> Subquery:
    """The day on which a part became what it is."""
    steps = StatusChange.objects.filter(
        subject_type="allocation", subject_id=OuterRef("pk"), to_status=OuterRef("status")
    )
    return Subquery(steps.order_by("-at").values("happened_on")[:1])


def _by_pledge(rows: Iterable) -> defaultdict[Any, list]:
    found: defaultdict[Any, list] = defaultdict(list)
    for row in rows:
        found[row.pledge_id].append(row)
    return found
