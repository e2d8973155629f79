"""Every change to pledges, their allocations, and what fulfilled them."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from guilds.audit import recording
from guilds.audit.fields import known_fields, set_fields
from guilds.audit.refusals import Conflict, Refusals, refuse
from guilds.pledges.models import (
    ALLOCATION_LIFECYCLE,
    FULFILLED_BY,
    LIFECYCLE,
    Allocation,
    AllocationStatus,
    Amendment,
    Delivery,
    MadeThrough,
    Pledge,
    PledgeKind,
    PledgeStatus,
)
from guilds.reference.models import ApprenticeshipStandard

#: What callers may set on a pledge; its status moves by verbs, its quantity by amendment once it is verified.
EDITABLE = frozenset({
    "reference", "employer", "guild", "kind", "quantity", "made_on", "valid_until", "year_groups", "level",
    "suits_send", "suits_reengagement", "suits_t_level", "engagement", "contact", "conditions", "notes",
    "programme", "route", "starts_on", "ends_on",
})  # fmt: skip


def record(
    *,
    by,
    made_through: str = MadeThrough.COORDINATOR,
    districts: Iterable = (),
    status: str = PledgeStatus.UNVERIFIED,
    reason: str = "",
    **fields,
) -> Pledge:
    """Record a promise. `quantity`: places, positions, visits or hours of a kind, at least 1.

    Imports give `status` as it was; an open, lapsed or withdrawn pledge of the past counts as verified on the
    day it was made, a rejected one never. Raises ValidationError keyed by field.
    """
    known_fields(fields, EDITABLE, "pledge")
    pledge = Pledge(**fields, made_through=made_through, status=status, status_reason=reason)
    pledge.current_quantity = pledge.quantity or 0
    if status in (PledgeStatus.OPEN, PledgeStatus.LAPSED, PledgeStatus.WITHDRAWN):
        pledge.verified_on = pledge.made_on
    _check(pledge)
    places = list(districts)

    def save_districts(saved: Pledge) -> dict:
        saved.districts.add(*places)
        return {"districts": sorted({district.code for district in places})}

    return recording.create(
        pledge, by=by, verb="recorded", reason=reason, happened_on=pledge.made_on, finish=save_districts
    )


def correct(
    *, by, pledge: Pledge, districts: Iterable | None = None, expected_version: int | None = None, **fields
) -> Pledge:
    """Change a pledge. Once it is verified, what was promised changes by `amend` only.

    Raises ValidationError keyed by field, Overtaken if it has another version than `expected_version` by now.
    """
    known_fields(fields, EDITABLE, "pledge")
    with recording.changing(pledge, by=by, verb="corrected", expected_version=expected_version) as now:
        if now.verified_on and fields.get("quantity", now.quantity) != now.quantity:
            raise refuse("quantity", "It is verified: amend it, with a date and a reason", "verified")
        contact, route = now.contact_id, now.route
        set_fields(now, fields)
        if not now.verified_on:
            now.current_quantity = now.quantity
        _check(now, contact=contact, route=route)
        if districts is not None:
            now.districts.set(districts)
    return pledge


def verify(*, by, pledge: Pledge, on: date | None = None) -> Pledge:
    """The promise is real and from now on counted. Raises Conflict unless it is unverified."""
    on = on or timezone.localdate()
    with recording.changing(pledge, by=by, verb="verify", happened_on=on) as now:
        verify_now(now, on)
    return pledge


def verify_now(pledge: Pledge, on: date) -> None:
    """What verifying changes of a locked pledge; nothing is saved. Raises Conflict, ValidationError."""
    LIFECYCLE.move(pledge, "verify")
    if on < pledge.made_on:
        raise refuse("on", "It can't be verified before it was made", "too_early")
    pledge.verified_on = on


def reject(*, by, pledge: Pledge, reason: str) -> Pledge:
    """It is no real promise. Raises Conflict unless it is unverified, ValidationError without a reason."""
    return _move(pledge, "reject", by=by, reason=reason)


def withdraw(*, by, pledge: Pledge, reason: str) -> Pledge:
    """The employer takes it back. Parts that were agreed are released; a fulfilled one can't be taken back.

    Raises Conflict, ValidationError without a reason.
    """
    with transaction.atomic():
        _move(pledge, "withdraw", by=by, reason=reason)
        _release_all(pledge, by=by, reason=reason)
    return pledge


def lapse(*, by, pledge: Pledge, on: date) -> Pledge:
    """Its validity is over. What is delivered later is still credited to it. Raises Conflict, ValidationError."""
    with recording.changing(pledge, by=by, verb="lapse", happened_on=on) as now:
        _end(now, "lapse")
        if now.valid_until is None or now.valid_until >= on:
            raise refuse("valid_until", "It has not run out yet", "still_valid")
    return pledge


def lapse_overdue(*, by, on: date) -> int:
    """Lapse every open pledge whose validity is over; gives their number. Running it twice changes nothing."""
    overdue = Pledge.objects.with_progress().filter(standing=PledgeStatus.OPEN, valid_until__lt=on)
    pledges = list(overdue)
    for pledge in pledges:
        lapse(by=by, pledge=pledge, on=on)
    return len(pledges)


def extend(*, by, pledge: Pledge, valid_until: date, reason: str) -> Pledge:
    """Let it run longer; a lapsed one is open again. Raises Conflict, ValidationError."""
    with recording.changing(pledge, by=by, verb="extend", reason=reason) as now:
        if now.status == PledgeStatus.LAPSED:
            LIFECYCLE.move(now, "reopen", reason)
        elif now.status != PledgeStatus.OPEN:
            raise _conflict(f"This pledge is {now.status}: only one that is open or lapsed can run longer")
        if now.valid_until and valid_until <= now.valid_until:
            raise refuse("valid_until", f"It runs until {now.valid_until:%-d %B %Y}: give a later day", "not_later")
        now.valid_until = valid_until
    return pledge


@transaction.atomic
def amend(
    *, by, pledge: Pledge, quantity: int, reason: str, on: date | None = None, expected_version: int | None = None
) -> Amendment:
    """The employer changes its mind after verification; the first promise stays on record.

    `on`: the day on which it said so. Raises Conflict unless the pledge is open, ValidationError keyed by field,
    Overtaken.
    """
    on = on or timezone.localdate()
    with recording.changing(pledge, by=by, verb="amend", reason=reason, expected_version=expected_version) as now:
        if now.status != PledgeStatus.OPEN:
            raise _conflict(f"This pledge is {now.status}: only an open one can be amended")
        before, now.current_quantity = now.current_quantity, quantity
        _check_amendment(now, before, quantity, reason, on)
    amendment = Amendment(pledge=pledge, quantity_before=before, quantity_after=quantity, reason=reason, amended_on=on)
    return recording.create(amendment, by=by, verb="amended", reason=reason)


@transaction.atomic
def allocate(
    *, by, pledge: Pledge, provider, quantity: int, status: str = AllocationStatus.AGREED, note: str = "", request=None
) -> Allocation:
    """Give a part of a pledge to a school or college (`agreed`), or ask for one (`requested`).

    The pledge is locked, so that two requests at once can't be given the same places. `request`: what the school or
    college had asked for, which this meets, in whole or in part.
    Raises Conflict when the pledge is not open or fewer remain, ValidationError keyed by field.
    """
    now = _lock(pledge)
    _check_allocation(now, provider, quantity, status)
    if request:
        request = type(request).objects.select_for_update().get(pk=request.pk)
        _check_meets(now, provider, request)
    allocation = Allocation(pledge=now, provider=provider, quantity=quantity, status=status, note=note, request=request)
    return recording.create(allocation, by=by, verb="allocated")


@transaction.atomic
def agree(*, by, allocation: Allocation) -> Allocation:
    """Give what was asked for. Raises Conflict when fewer remain by now."""
    pledge = _lock(allocation.pledge)
    _check_remaining(pledge, allocation.quantity)
    return _move_allocation(allocation, "agree", by=by)


def decline(*, by, allocation: Allocation, reason: str) -> Allocation:
    """Say no to a request. Raises Conflict, ValidationError."""
    return _move_allocation(allocation, "decline", by=by, reason=reason)


def release(*, by, allocation: Allocation, reason: str = "") -> Allocation:
    """Give back the places that are not delivered yet. Raises Conflict once all of them are."""
    with recording.changing(allocation, by=by, verb="release", reason=reason) as now:
        if Allocation.objects.with_progress().get(pk=now.pk).standing == AllocationStatus.DELIVERED:
            raise _conflict("All of this is delivered: there is nothing to give back")
        ALLOCATION_LIFECYCLE.move(now, "release", reason)
    return allocation


@transaction.atomic
def credit(
    *,
    by,
    pledge: Pledge,
    placement=None,
    apprenticeship=None,
    engagement=None,
    quantity: int | None = None,
    allocation: Allocation | None = None,
) -> Delivery:
    """Say what fulfils a pledge. More than was promised is allowed; so is a pledge that has lapsed.

    `quantity` goes with an engagement only: how many of what was promised it delivered.
    Raises Conflict for a pledge that was never verified, ValidationError keyed by field.
    """
    now = _lock(pledge)
    if not now.verified_on:
        raise _conflict("This pledge was never verified: verify it before crediting anything to it")
    delivery = Delivery(
        pledge=now,
        placement=placement,
        apprenticeship=apprenticeship,
        engagement=engagement,
        quantity=quantity,
        allocation=allocation,
    )
    _check_delivery(delivery)
    return recording.create(delivery, by=by, verb="credited")


def uncredit(*, by, delivery: Delivery, reason: str = "") -> None:
    """Take back a credit that was a mistake."""
    recording.remove(delivery, by=by, verb="uncredited", reason=reason)


def _move(pledge: Pledge, verb: str, *, by, reason: str = "", happened_on: date | None = None) -> Pledge:
    with recording.changing(pledge, by=by, verb=verb, reason=reason, happened_on=happened_on) as now:
        _end(now, verb, reason)
    return pledge


def _end(pledge: Pledge, verb: str, reason: str = "") -> None:
    """Raises Conflict for a pledge that is fulfilled: it has ended already, and well."""
    if Pledge.objects.with_progress().get(pk=pledge.pk).standing == PledgeStatus.FULFILLED:
        raise _conflict(f"This pledge is fulfilled: it can't be changed this way ({verb})")
    LIFECYCLE.move(pledge, verb, reason)
    pledge.status_reason = reason


def _move_allocation(allocation: Allocation, verb: str, *, by, reason: str = "") -> Allocation:
    with recording.changing(allocation, by=by, verb=verb, reason=reason) as now:
        ALLOCATION_LIFECYCLE.move(now, verb, reason)
    return allocation


def _release_all(pledge: Pledge, *, by, reason: str) -> None:
    held = pledge.allocations.filter(status__in=(AllocationStatus.REQUESTED, AllocationStatus.AGREED))
    for allocation in held:
        release(by=by, allocation=allocation, reason=reason)


def _lock(pledge: Pledge) -> Pledge:
    return Pledge.objects.select_for_update(of=("self",)).get(pk=pledge.pk)


def _conflict(message: str) -> Conflict:
    return Conflict({"status": Conflict(message, code="lifecycle")})


def _check(pledge: Pledge, contact: UUID | None = None, route: str = "") -> None:
    """What looks at more than the pledge's own columns. `contact`, `route`: what they were before, which may stay."""
    refusals = Refusals()
    refusals.add_when(
        not pledge.employer.is_employer, "employer", f"{pledge.employer} is not an employer: choose one", "not_employer"
    )
    refusals.add_when(
        bool(pledge.made_on) and pledge.made_on > timezone.localdate(),
        "made_on",
        "A promise is not made in the future: give today or a day before",
        "future",
    )
    if pledge.route and pledge.route != route:
        unknown = not ApprenticeshipStandard.objects.filter(route=pledge.route).exists()
        refusals.add_when(unknown, "route", "Give a route of the list of apprenticeship standards", "unknown_route")
    if pledge.contact:
        elsewhere = pledge.contact.organisation_id != pledge.employer_id
        refusals.add_when(elsewhere, "contact", f"Choose somebody who works at {pledge.employer}", "elsewhere")
        refusals.add_when(
            pledge.contact.do_not_contact and pledge.contact_id != contact,
            "contact",
            "This person asked not to be contacted: choose somebody else",
            "do_not_contact",
        )
    refusals.raise_if_any()


def _check_amendment(pledge: Pledge, before: int, quantity: int, reason: str, on: date) -> None:
    progress = Pledge.objects.with_progress().get(pk=pledge.pk)
    taken = progress.allocated + progress.delivered
    refusals = Refusals()
    refusals.add_when(
        quantity < 1, "quantity", "Promise 1 or more; to promise nothing, withdraw the pledge", "min_value"
    )
    refusals.add_when(
        quantity == before, "quantity", f"{before} is what is promised already: give another number", "unchanged"
    )
    refusals.add_when(
        bool(progress.allocated) and quantity < taken,
        "quantity",
        f"{taken} are agreed with schools or colleges, or delivered: give {taken} or more, or release some first",
        "agreed",
    )
    refusals.add_when(not reason.strip(), "reason", "Say why", "required")
    refusals.add_when(
        not pledge.made_on <= on <= timezone.localdate(), "on", "Give a day between the promise and today", "invalid"
    )
    refusals.raise_if_any()


def _check_allocation(pledge: Pledge, provider, quantity: int, status: str) -> None:
    refusals = Refusals()
    refusals.add_when(
        not provider.is_provider, "provider", f"{provider} is not a school or college: choose one", "not_provider"
    )
    refusals.add_when(quantity < 1, "quantity", "Ask for 1 or more", "min_value")
    refusals.add_when(
        status not in (AllocationStatus.REQUESTED, AllocationStatus.AGREED),
        "status",
        "A part of a pledge begins as requested or agreed",
        "invalid_choice",
    )
    refusals.raise_if_any()
    if pledge.status != PledgeStatus.OPEN:
        raise _conflict(f"This pledge is {pledge.status}: only an open one can be given out")
    _check_remaining(pledge, quantity)


def _check_meets(pledge: Pledge, provider, request) -> None:
    refusals = Refusals()
    refusals.add_when(
        request.provider_id != provider.pk, "request", "Another school or college asks for this", "other_provider"
    )
    refusals.add_when(
        request.kind != pledge.kind, "request", f"They ask for {request.get_kind_display().lower()}", "other_kind"
    )
    refusals.raise_if_any()
    if request.status != "open":
        raise _conflict(f"The request is {request.status}: it needs nothing any more")


def _check_remaining(pledge: Pledge, quantity: int) -> None:
    remaining = Pledge.objects.with_progress().get(pk=pledge.pk).remaining
    if quantity > remaining:
        raise Conflict({"quantity": Conflict(f"Only {remaining} remain of this pledge", code="too_few_remain")})


def _check_delivery(delivery: Delivery) -> None:
    pledge, refusals = delivery.pledge, Refusals()
    expected = FULFILLED_BY.get(PledgeKind(pledge.kind), "engagement")
    for field in ("placement", "apprenticeship", "engagement"):
        what = getattr(delivery, field)
        refusals.add_when(
            bool(what) and field != expected,
            field,
            f"A pledge of {pledge.get_kind_display().lower()} is fulfilled by {expected}s",
            "other_kind",
        )
        refusals.add_when(
            bool(what) and getattr(what, "employer_id", pledge.employer_id) != pledge.employer_id,
            field,
            "It belongs to another employer than the pledge",
            "other_employer",
        )
    if delivery.allocation:
        refusals.add_when(
            delivery.allocation.pledge_id != pledge.pk, "allocation", "It is part of another pledge", "other_pledge"
        )
    refusals.raise_if_any()
