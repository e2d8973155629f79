"""Pledges: what employers promise, and what becomes of it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from crm.api.allocations import represent as represent_allocation
from crm.api.fields import OnInput, ReasonInput
from crm.api.permissions import require
from crm.api.pledge_shapes import (
    AllocateInput,
    AllocationShape,
    AmendInput,
    CreditInput,
    DeliveryShape,
    ExtendInput,
    PledgeCorrection,
    PledgeInput,
    PledgeShape,
    UncreditInput,
)
from crm.api.resources import Correcting, Creating, day, key, verb
from crm.filtersets.pledges import PledgeFilterSet
from guilds.audit.refusals import refuse
from guilds.pledges import actions
from guilds.pledges.models import AllocationStatus, Delivery, MadeThrough, Pledge, PledgeStatus

#: How employers' own members make a pledge.
_THEIR_WAYS = (MadeThrough.API, MadeThrough.PORTAL)


class Pledges(Creating, Correcting):
    """Promises of placements, apprenticeships, visits and more."""

    model = Pledge
    filterset_class = PledgeFilterSet
    shape = PledgeShape
    input, correction = PledgeInput, PledgeCorrection
    error_names = {"status_reason": "reason", "current_quantity": "quantity"}
    permission_names = {
        "list": "pledge.view",
        "retrieve": "pledge.view",
        "create": "pledge.add",
        "partial_update": "pledge.correct",
        "verify": "pledge.verify",
        "reject": "pledge.verify",
        "withdraw": "pledge.withdraw",
        "lapse": "pledge.match",
        "extend": "pledge.amend",
        "amend": "pledge.amend",
        "allocate": "pledge.ask",
        "credit": "pledge.match",
        "uncredit": "pledge.match",
    }

    def fetched(self, rows):
        return rows.with_given().prefetch_related("districts")

    def represent(self, record: Any) -> dict[str, Any]:
        inside = self.user.is_staff_member or self.user.is_employer_member
        return {
            "reference": record.reference,
            "employer": str(record.employer_id),
            "guild": record.guild_id,
            "kind": record.kind,
            "quantity": record.quantity,
            "current_quantity": record.current_quantity,
            "made_on": day(record.made_on),
            "valid_until": day(record.valid_until),
            "status": record.standing,
            "status_reason": record.status_reason if inside else None,
            "verified_on": day(record.verified_on),
            "engagement": key(record.engagement_id),
            "made_through": record.made_through,
            "districts": sorted(district.code for district in record.districts.all()),
            "year_groups": record.year_groups,
            "level": record.level,
            "suits_send": record.suits_send,
            "suits_reengagement": record.suits_reengagement,
            "suits_t_level": record.suits_t_level,
            "programme": record.programme,
            "route": record.route,
            "starts_on": day(record.starts_on),
            "ends_on": day(record.ends_on),
            "contact": key(record.contact_id) if inside else None,
            "conditions": record.conditions,
            "notes": record.notes if inside else None,
            "allocated": record.allocated,
            "delivered": record.delivered,
            "remaining": record.remaining,
        }

    def add(self, fields: dict[str, Any]) -> Pledge:
        require(self.user, "pledge.add", fields["employer"].pk)
        self._check_ways(fields)
        fields.setdefault("made_through", MadeThrough.API)
        return actions.record(by=self.user, **{"made_on": timezone.localdate()} | fields)

    def correct(self, record: Pledge, fields: dict[str, Any], version: int) -> None:
        actions.correct(by=self.user, pledge=record, expected_version=version, **fields)

    @verb(OnInput)
    def verify(self, record: Pledge, fields: dict[str, Any]) -> None:
        """The promise is real, and counts from now on."""
        actions.verify(by=self.user, pledge=record, **fields)

    @verb(ReasonInput)
    def reject(self, record: Pledge, fields: dict[str, Any]) -> None:
        """It is no real promise."""
        actions.reject(by=self.user, pledge=record, **fields)

    @verb(ReasonInput)
    def withdraw(self, record: Pledge, fields: dict[str, Any]) -> None:
        """The employer takes it back; parts that were agreed are released."""
        actions.withdraw(by=self.user, pledge=record, **fields)

    @verb(OnInput)
    def lapse(self, record: Pledge, fields: dict[str, Any]) -> None:
        """Its validity is over."""
        actions.lapse(by=self.user, pledge=record, on=fields.get("on") or timezone.localdate())

    @verb(ExtendInput)
    def extend(self, record: Pledge, fields: dict[str, Any]) -> None:
        """Let it run longer; a lapsed one is open again."""
        actions.extend(by=self.user, pledge=record, **fields)

    @verb(AmendInput)
    def amend(self, record: Pledge, fields: dict[str, Any]) -> None:
        """The employer changes its mind after verification; the first promise stays on record."""
        actions.amend(by=self.user, pledge=record, **fields)

    @verb(AllocateInput, status=201, answer=AllocationShape)
    def allocate(self, record: Pledge, fields: dict[str, Any]) -> dict[str, Any]:
        """Give a part to a school or college; asked by a school or college, for itself, it is a request."""
        asks = self.user.is_school_member
        if asks and fields["provider"].pk != self.user.organisation_id:
            raise PermissionDenied("You may ask for your own school or college only.")
        status = AllocationStatus.REQUESTED if asks else AllocationStatus.AGREED
        allocation = actions.allocate(by=self.user, pledge=record, status=status, **fields)
        return represent_allocation(self.request, allocation)

    @verb(CreditInput, status=201, answer=DeliveryShape)
    def credit(self, record: Pledge, fields: dict[str, Any]) -> dict[str, Any]:
        """Say what fulfils it: a placement, an apprenticeship, or an engagement with a quantity."""
        return _delivery(actions.credit(by=self.user, pledge=record, **fields))

    @verb(UncreditInput)
    def uncredit(self, record: Pledge, fields: dict[str, Any]) -> None:
        """Take back a credit that was a mistake."""
        if fields["delivery"].pledge_id != record.pk:
            raise refuse("delivery", "It belongs to another pledge", "other_pledge")
        actions.uncredit(by=self.user, **fields)

    def _check_ways(self, fields: dict[str, Any]) -> None:
        """What the team may say of a pledge that employers' members may not."""
        if self.user.is_staff_member:
            return
        if fields.get("status", PledgeStatus.UNVERIFIED) != PledgeStatus.UNVERIFIED:
            raise PermissionDenied("A coordinator verifies it: leave the status out.")
        if fields.get("made_through", MadeThrough.API) not in _THEIR_WAYS:
            raise refuse("made_through", f"Say {' or '.join(_THEIR_WAYS)}", "invalid_choice")


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": str(delivery.pk),
        "pledge": str(delivery.pledge_id),
        "placement": key(delivery.placement_id),
        "apprenticeship": key(delivery.apprenticeship_id),
        "engagement": key(delivery.engagement_id),
        "quantity": delivery.quantity,
        "allocation": key(delivery.allocation_id),
    }
