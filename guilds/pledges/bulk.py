"""One decision on many pledges: the same rules and the same history as one by one, in a few queries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from guilds.audit.bulk import Told, tell_many
from guilds.audit.checking import check, unchanged_fields
from guilds.audit.models import Record
from guilds.audit.refusals import Refusals
from guilds.engagement import follow_up_actions
from guilds.pledges import actions
from guilds.pledges.models import LIFECYCLE, Pledge

_BATCH = 500
_DECIDED = ("status", "status_reason", "verified_on", "version", "updated_at")


@dataclass(frozen=True)
class Outcome:
    """How many were changed, and what was refused, in words: one refusal holds up no other."""

    changed: int
    refused: list[str] = field(default_factory=list)


def verify_many(*, by, pledges: Sequence[Pledge], on: date | None = None) -> Outcome:
    """Verify each that can be. As `actions.verify` does."""
    day = on or timezone.localdate()
    return _decide(by, pledges, "verify", lambda now: actions.verify_now(now, day), on=day)


def reject_many(*, by, pledges: Sequence[Pledge], reason: str) -> Outcome:
    """Reject each that can be. Raises ValidationError without a reason."""
    refusals = Refusals()
    refusals.add_when(not reason.strip(), "reason", "Say why", "required")
    refusals.raise_if_any()
    return _decide(by, pledges, "reject", lambda now: _reject_now(now, reason), reason=reason)


@transaction.atomic
def follow_up_many(*, by, pledges: Sequence[Pledge], what: str, due_on: date, assigned_to) -> Outcome:
    """Give somebody something to do about each pledge. Raises ValidationError keyed by field."""
    for pledge in pledges:
        follow_up_actions.add_follow_up(
            by=by, what=what, due_on=due_on, assigned_to=assigned_to, organisation=pledge.employer, pledge=pledge
        )
    return Outcome(len(pledges))


def _reject_now(pledge: Pledge, reason: str) -> None:
    LIFECYCLE.move(pledge, "reject", reason)
    pledge.status_reason = reason


@transaction.atomic
def _decide(
    by: Any, pledges: Sequence[Pledge], verb: str, act: Callable, *, on: date | None = None, reason: str = ""
) -> Outcome:
    """Lock all of them in the order of their ids, change each that lets itself be changed, and save those at once."""
    ids = [pledge.pk for pledge in pledges]
    rows = Pledge.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    told, refused = list[Told](), list[str]()
    for now in rows.select_related("employer").prefetch_related("districts"):
        try:
            told.append(_decided(now, act, on))
        except ValidationError as refusal:
            refused.append(f"{now}, {now.employer}: {' '.join(refusal.messages)}")
    changed: Any = [one.record for one in told]
    # An upsert, because it is many times faster than an update with a case for each; each of them is there.
    Pledge.objects.bulk_create(
        changed, batch_size=_BATCH, update_conflicts=True, unique_fields=["id"], update_fields=_DECIDED
    )
    tell_many(told, by=by, verb=verb, reason=reason)
    return Outcome(len(changed), refused)


def _decided(now: Pledge, act: Callable, on: date | None) -> Told:
    before = _state(now)
    act(now)
    check(now, unchanged=unchanged_fields(now, before), unique=False)
    now.version += 1
    now.updated_at = timezone.now()
    return Told(now, before, _state(now), on)


def _state(pledge: Pledge) -> dict:
    """What `Pledge.audit_state` gives, without asking the database for each."""
    return Record.audit_state(pledge) | {"districts": sorted(district.code for district in pledge.districts.all())}
