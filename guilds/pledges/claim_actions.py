"""Every change to what employers say that they did."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from guilds.audit import recording
from guilds.audit.refusals import Conflict, Refusals, refuse
from guilds.engagement import actions as engagements
from guilds.engagement.models import EngagementKind, Status
from guilds.opportunities import actions as opportunities
from guilds.opportunities.models import ApprenticeshipStatus, PlacementStatus
from guilds.pledges import actions
from guilds.pledges.claims import CLAIM_LIFECYCLE, DeliveryClaim
from guilds.pledges.crediting import fulfilled_by
from guilds.pledges.models import Allocation, Delivery, Pledge, PledgeKind
from guilds.reference.calendars import midnight

#: What a kept promise of a kind was, where it was an engagement. What an enterprise adviser does is no one event.
ENGAGEMENT_KINDS = {
    PledgeKind.INDUSTRY_VISIT: EngagementKind.INDUSTRY_VISIT,
    PledgeKind.SCHOOL_TALK: EngagementKind.SCHOOL_VISIT,
    PledgeKind.WORKSHOP: EngagementKind.WORKSHOP,
    PledgeKind.MOCK_INTERVIEWS: EngagementKind.MOCK_INTERVIEWS,
    PledgeKind.MENTORING: EngagementKind.MENTORING,
    PledgeKind.CURRICULUM_PROJECT: EngagementKind.CURRICULUM_PROJECT,
    PledgeKind.STAFF_TRAINING: EngagementKind.STAFF_TRAINING,
}
#: Why nothing can be claimed of a pledge.
_NOT_CLAIMED = {
    "unverified": "It waits to be verified first",
    "rejected": "It was rejected",
    "withdrawn": "It was withdrawn",
}


def refuse_claim_of(pledge: Pledge) -> None:
    """Raises Conflict for a pledge of which nothing can be claimed now: one that is not, or not any more, a promise."""
    if pledge.status in _NOT_CLAIMED:
        words = f"{_NOT_CLAIMED[pledge.status]}: only what was done of an open or lapsed pledge can be told here"
        raise Conflict({"status": Conflict(words, code="lifecycle")})


@transaction.atomic
def claim(
    *, by, pledge: Pledge, happened_on: date, quantity: int, allocation: Allocation | None = None, note: str = ""
) -> DeliveryClaim:
    """The employer says that it did it: when, and how many. It counts once a coordinator has accepted it.

    Raises Conflict for a pledge that is not verified or was withdrawn, ValidationError keyed by field.
    """
    now = Pledge.objects.select_for_update(of=("self",)).get(pk=pledge.pk)
    refuse_claim_of(now)
    refusals = Refusals()
    refusals.add_when(quantity < 1, "quantity", "Say 1 or more", "min_value")
    refusals.add_when(
        happened_on > timezone.localdate(), "happened_on", "Tell it once it has happened: give today or a day before", "future"
    )  # fmt: skip
    if allocation:
        refusals.add_when(allocation.pledge_id != now.pk, "allocation", "It is part of another pledge", "other_pledge")
    refusals.raise_if_any()
    told = DeliveryClaim(
        pledge=now, allocation=allocation, happened_on=happened_on, quantity=quantity, note=note, claimed_by=by
    )
    return recording.create(told, by=by, verb="claimed", happened_on=happened_on)


def accept(*, by, claim: DeliveryClaim, quantity: int | None = None, allocation=None, **what) -> Delivery:
    """Credit what the claim is about. `what`: the placement, apprenticeship or engagement that it was; without one, it
    is recorded as the employer tells it. `quantity` goes with an engagement only.

    Raises Conflict for a claim that was seen to already, ValidationError keyed by field.
    """
    with recording.changing(claim, by=by, verb="accept") as now:
        CLAIM_LIFECYCLE.move(now, "accept")
        what = {name: record for name, record in what.items() if record} or record_as_told(by=by, claim=now)
        if "engagement" in what:
            what["quantity"] = quantity or now.quantity
        now.delivery = actions.credit(by=by, pledge=now.pledge, allocation=allocation or now.allocation, **what)
    return now.delivery


def decline(*, by, claim: DeliveryClaim, reason: str) -> DeliveryClaim:
    """It is not credited, and why. Raises Conflict for one that was seen to already, ValidationError without a reason."""
    return _end(claim, "decline", by=by, reason=reason)


def withdraw(*, by, claim: DeliveryClaim) -> DeliveryClaim:
    """The employer takes its word back. Raises Conflict for one that was seen to already."""
    return _end(claim, "withdraw", by=by)


def _end(claim: DeliveryClaim, verb: str, *, by, reason: str = "") -> DeliveryClaim:
    with recording.changing(claim, by=by, verb=verb, reason=reason) as now:
        CLAIM_LIFECYCLE.move(now, verb, reason)
        now.status_reason = reason
    return claim


def can_be_recorded(pledge: Pledge) -> bool:
    """Whether what was done of it can be recorded from the employer's word alone."""
    return fulfilled_by(pledge) != "engagement" or pledge.kind in ENGAGEMENT_KINDS


def record_as_told(*, by, claim: DeliveryClaim) -> dict[str, Any]:
    """A placement, apprenticeship or engagement as the employer tells it, by the name that crediting calls it.

    A placement or apprenticeship has started by then; its school or college says how it ended.
    """
    if not can_be_recorded(claim.pledge):
        raise refuse("what", "Log the engagement first, then choose it here", "not_told")
    field = fulfilled_by(claim.pledge)
    return {field: _TOLD[field](by, claim)}


def _placement(by: Any, claim: DeliveryClaim) -> Any:
    pledge = claim.pledge
    more = {"programme": pledge.programme} if pledge.programme else {}
    return opportunities.arrange_placement(
        by=by, employer=pledge.employer, provider=_provider(claim), guild=pledge.guild, learners=claim.quantity,
        arranged_on=claim.happened_on, starts_on=claim.happened_on, status=PlacementStatus.STARTED,
        suits_send=pledge.suits_send, suits_reengagement=pledge.suits_reengagement, **more,
    )  # fmt: skip


def _apprenticeship(by: Any, claim: DeliveryClaim) -> Any:
    pledge = claim.pledge
    return opportunities.open_apprenticeship(
        by=by, employer=pledge.employer, training_provider=_provider(claim), guild=pledge.guild, level=pledge.level,
        positions=claim.quantity, opened_on=claim.happened_on, starts_on=claim.happened_on,
        status=ApprenticeshipStatus.STARTED,
    )  # fmt: skip


def _engagement(by: Any, claim: DeliveryClaim) -> Any:
    pledge, provider = claim.pledge, _provider(claim)
    return engagements.log(
        by=by, kind=ENGAGEMENT_KINDS[PledgeKind(pledge.kind)], title=f"{pledge.get_kind_display()}: {pledge.employer}",
        guild=pledge.guild, starts_at=midnight(claim.happened_on), status=Status.DELIVERED,
        attendances=[{"provider": provider}] if provider else [], participations=[{"employer": pledge.employer}],
    )  # fmt: skip


def _provider(claim: DeliveryClaim) -> Any:
    return claim.allocation.provider if claim.allocation else None


_TOLD: dict[str, Callable[[Any, DeliveryClaim], Any]] = {
    "placement": _placement, "apprenticeship": _apprenticeship, "engagement": _engagement,
}  # fmt: skip
