"""Every change to what schools and colleges ask for."""

from django.db import transaction

from guilds.audit import recording
from guilds.audit.fields import known_fields, set_fields
from guilds.audit.refusals import Conflict, Refusals
from guilds.pledges import actions
from guilds.pledges.models import AllocationStatus
from guilds.pledges.requests import REQUEST_LIFECYCLE, Request, RequestStatus

#: What callers may set; whose request it is never changes, and its status moves by verbs.
EDITABLE = frozenset({
    "kind", "quantity", "guild", "year_groups", "level", "for_send", "for_reengagement", "for_t_level", "wanted_from",
    "wanted_until", "note",
})  # fmt: skip


def make_request(*, by, provider, **fields) -> Request:
    """Ask for something. `quantity`: places, positions or visits of a kind, at least 1. Raises ValidationError."""
    known_fields(fields, EDITABLE, "request")
    request = Request(provider=provider, **fields)
    refusals = Refusals()
    refusals.add_when(
        not provider.is_provider, "provider", f"{provider} is not a school or college: choose one", "not_provider"
    )
    refusals.raise_if_any()
    return recording.create(request, by=by, verb="asked")


def correct_request(*, by, request: Request, expected_version: int | None = None, **fields) -> Request:
    """Change what is asked for, while it is open. Raises ValidationError keyed by field, Conflict, Overtaken."""
    known_fields(fields, EDITABLE, "request")
    with recording.changing(request, by=by, verb="corrected", expected_version=expected_version) as now:
        if now.status != RequestStatus.OPEN:
            raise _conflict(f"This request is {now.status}: open it again to change it")
        set_fields(now, fields)
    return request


@transaction.atomic
def move_request(*, by, request: Request, verb: str, reason: str) -> Request:
    """Withdraw (the school or college), close (the team) or reopen. What was offered and not agreed yet is released.

    Raises Conflict where its life forbids it, ValidationError without a reason.
    """
    with recording.changing(request, by=by, verb=verb, reason=reason) as now:
        REQUEST_LIFECYCLE.move(now, verb, reason)
        now.status_reason = "" if now.status == RequestStatus.OPEN else reason
    if request.status != RequestStatus.OPEN:
        for waiting in request.allocations.filter(status=AllocationStatus.REQUESTED):
            actions.release(by=by, allocation=waiting, reason=reason)
    return request


def _conflict(words: str) -> Conflict:
    return Conflict({"status": Conflict(words, code="lifecycle")})
