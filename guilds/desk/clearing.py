"""The coordinator's decisions on what was written at a desk: whose promise it is, or that it is none."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from guilds.audit import recording
from guilds.audit.models import Event
from guilds.audit.refusals import Conflict
from guilds.desk.actions import make_pledge
from guilds.desk.candidates import certain
from guilds.desk.models import ENTRY_LIFECYCLE, Desk, DeskEntry
from guilds.organisations import actions as registry
from guilds.organisations.models import Contact, ContactSource, LawfulBasis, Organisation
from guilds.pledges import actions as pledges
from guilds.pledges.models import Pledge, PledgeStatus
from guilds.undoing.actions import undo as undo_change

#: So many at one press; pressing again goes on.
AT_ONCE = 200


@transaction.atomic
def clear(*, by, entry: DeskEntry, employer: Organisation) -> DeskEntry:
    """It is a real promise of this employer: from now on the pledge counts, and the person is one of its contacts.

    A pledge that was verified or rejected elsewhere meanwhile stays as it is. Raises Conflict unless the entry waits,
    ValidationError keyed by field.
    """
    with recording.changing(entry, by=by, verb="cleared") as now:
        ENTRY_LIFECYCLE.move(now, "clear")
        if now.pledge is None:
            now.pledge = make_pledge(by, now, employer, _person(by, now, employer))
        if now.pledge.status == PledgeStatus.UNVERIFIED:
            _settle(by, now, now.pledge, employer)
    return entry


@transaction.atomic
def clear_as_new(*, by, entry: DeskEntry) -> DeskEntry:
    """The same for an employer that nobody knows yet: it is added under the name that they wrote.

    Raises Conflict, ValidationError.
    """
    employer = registry.register(by=by, name=entry.called, is_employer=True)
    return clear(by=by, entry=entry, employer=employer)


@transaction.atomic
def reject(*, by, entry: DeskEntry, reason: str) -> DeskEntry:
    """It is no promise. Raises Conflict unless it waits, ValidationError without a reason."""
    with recording.changing(entry, by=by, verb="rejected", reason=reason) as now:
        ENTRY_LIFECYCLE.move(now, "reject", reason)
        now.status_reason = reason
        if now.pledge and now.pledge.status == PledgeStatus.UNVERIFIED:
            pledges.reject(by=by, pledge=now.pledge, reason=reason)
    return entry


@transaction.atomic
def reopen(*, by, entry: DeskEntry) -> DeskEntry:
    """Take the decision back: the entry waits again, its pledge is unverified again.

    Raises Conflict where nothing is decided, or something rests on the pledge by now.
    """
    with recording.changing(entry, by=by, verb="reopened") as now:
        ENTRY_LIFECYCLE.move(now, "reopen")
        now.status_reason = ""
        if now.pledge:
            _undecide(by, now.pledge)
    return entry


def clear_certain(*, by, desk: Desk) -> tuple[int, int]:
    """Clear what needs no thought: how many, and how many of those were refused. One refusal holds up no other."""
    waiting = list(desk.entries.to_clear().select_related("organisation", "desk__engagement__guild", "pledge"))
    meant = dict(list(certain(waiting).items())[:AT_ONCE])
    employers = Organisation.objects.in_bulk(set(meant.values()))
    refused = 0
    for entry in (entry for entry in waiting if entry.pk in meant):
        try:
            clear(by=by, entry=entry, employer=employers[meant[entry.pk]])
        except ValidationError:
            refused += 1
    return len(meant) - refused, refused


def _settle(by: Any, entry: DeskEntry, pledge: Pledge, employer: Organisation) -> None:
    """Whose pledge it is, whom to ask about it, and that it is real."""
    if pledge.employer_id != employer.pk or pledge.contact is None:
        pledges.correct(by=by, pledge=pledge, employer=employer, contact=_person(by, entry, employer))
    pledges.verify(by=by, pledge=pledge)


def _person(by: Any, entry: DeskEntry, employer: Organisation) -> Contact | None:
    """The one who wrote it, as a contact of the employer; None for somebody who asked not to be contacted."""
    if not entry.email:
        return None
    known = employer.contacts.filter(email__iexact=entry.email).order_by("do_not_contact", "id").first()
    if known:
        return None if known.do_not_contact else known
    return registry.add_contact(
        by=by,
        organisation=employer,
        name=entry.name,
        email=entry.email,
        lawful_basis=LawfulBasis.CONSENT,
        consent_version=f"desk {entry.consent_version}",
        source=ContactSource.PERSON,
        source_on=timezone.localdate(entry.created_at),
    )


def _undecide(by: Any, pledge: Pledge) -> None:
    if pledge.status == PledgeStatus.UNVERIFIED:
        return
    latest = Event.objects.about(pledge).first()
    if latest is None or latest.verb not in ("verify", "reject"):
        raise Conflict(
            {"status": Conflict("The pledge has been changed since: change it on its own page", code="not_undoable")}
        )
    undo_change(by=by, record=pledge, event=latest)
