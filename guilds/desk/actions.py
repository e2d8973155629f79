"""Opening and closing a desk, and receiving what is written at it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from guilds.audit import recording
from guilds.audit.fields import known_fields
from guilds.audit.refusals import Conflict, Refusals
from guilds.desk.consent import WORDINGS
from guilds.desk.models import Desk, DeskEntry
from guilds.desk.queries import takes_part
from guilds.engagement.models import Engagement, Status
from guilds.organisations.names import search_name
from guilds.pledges import actions as pledges
from guilds.pledges.models import MadeThrough, Pledge
from guilds.reference.calendars import local_day

#: How long a desk stays open after the end of its event, and at least from now; people fill in the form on their way home.
AFTERWARDS = timedelta(hours=6)
#: An event whose end nobody gave takes about so long.
USUAL_LENGTH = timedelta(hours=4)
LONGER = timedelta(days=1)
#: What was written while the desk was open, on a phone without a network, is still taken so long after.
LATE_BY = timedelta(hours=24)
#: What somebody at a desk says.
ENTRY_FIELDS = frozenset({"organisation", "organisation_name", "name", "email", "kind", "quantity", "note"})


@transaction.atomic
def open_desk(*, by, engagement: Engagement, **limits: int) -> Desk:
    """Open a desk for an engagement; where one is open already, it is that one. Raises Conflict where it is off."""
    now = timezone.now()
    locked = Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    if locked.status in (Status.CANCELLED, Status.POSTPONED):
        raise _conflict(f"This engagement is {locked.status}: only one that takes place has a pledge desk")
    known = Desk.objects.open_at(now).filter(engagement=locked).first()
    if known:
        return known
    desk = Desk(engagement=locked, opened_by=by, closes_at=usual_end(locked, now), **limits)
    return recording.create(desk, by=by, verb="opened")


def usual_end(engagement: Engagement, now: datetime) -> datetime:
    """Some hours after the event, and never before some hours from now."""
    end = engagement.ends_at or engagement.starts_at + USUAL_LENGTH
    return max(end, now) + AFTERWARDS


def close_desk(*, by, desk: Desk) -> Desk:
    """Close it now. Raises Conflict where it is closed."""
    with recording.changing(desk, by=by, verb="closed") as held:
        if not held.is_open(timezone.now()):
            raise _conflict("This desk is closed already")
        held.closed_at = timezone.now()
    return desk


def extend_desk(*, by, desk: Desk) -> Desk:
    """Keep it open a day longer; a closed one is open again. Raises Conflict where another has been opened since."""
    with recording.changing(desk, by=by, verb="extended") as held:
        now = timezone.now()
        others = Desk.objects.open_at(now).filter(engagement=held.engagement_id).exclude(pk=held.pk)
        if others.exists():
            raise _conflict("Another desk is open for this engagement: use that one")
        held.closes_at = max(held.ends_at, now) + LONGER
        held.closed_at = None
    return desk


def receive(
    *, by, desk: Desk, key: UUID, consent_version: str, written_at: datetime | None = None, **fields: Any
) -> tuple[DeskEntry, bool]:
    """Take an entry, once for each `key`; gives it and whether it had come before.

    One whose organisation was picked is an unverified pledge at once; one that names its organisation waits for a
    coordinator: nothing typed by a stranger makes an organisation. `written_at`: when, by the phone's own clock.
    Raises ValidationError keyed by field, Conflict where the desk is closed or full.
    """
    known_fields(fields, ENTRY_FIELDS, "entry")
    known = find_entry(desk, key)
    if known:
        return known, True
    _check_open(desk, written_at)
    try:
        return _take(by, desk, key, consent_version, fields), False
    except ValidationError:
        known = find_entry(desk, key)  # the same entry came twice at one moment
        if known is None:
            raise
        return known, True


def find_entry(desk: Desk, key: UUID) -> DeskEntry | None:
    """The entry that came under this key."""
    return DeskEntry.objects.filter(desk=desk, key=key).select_related("organisation").first()


@transaction.atomic
def _take(by: Any, desk: Desk, key: UUID, consent_version: str, fields: dict[str, Any]) -> DeskEntry:
    _check(desk, consent_version, fields)
    entry = DeskEntry(
        desk=desk, key=key, consent_version=consent_version, consent_wording=WORDINGS[consent_version], **fields
    )
    entry.search_name = search_name(entry.organisation_name)
    if is_certain(entry):
        entry.pledge = make_pledge(by, entry, entry.organisation)
    return recording.create(entry, by=by, verb="received")


def is_certain(entry: DeskEntry) -> bool:
    """Whether the person picked their organisation, and did not write another name beside it."""
    picked = entry.organisation
    return picked is not None and entry.search_name in ("", picked.search_name)


def make_pledge(by: Any, entry: DeskEntry, employer: Any, contact: Any = None) -> Pledge:
    """The unverified pledge that an entry is, of an employer."""
    engagement = entry.desk.engagement
    return pledges.record(
        by=by,
        made_through=MadeThrough.DESK,
        employer=employer,
        contact=contact,
        guild=engagement.guild,
        engagement=engagement,
        kind=entry.kind,
        quantity=entry.quantity,
        conditions=entry.note,
        made_on=local_day(entry.created_at or timezone.now()),
    )


def _check_open(desk: Desk, written_at: datetime | None) -> None:
    """Also what was written in time and comes late: a hall without a network must lose nobody's promise."""
    now = timezone.now()
    in_time = written_at is not None and written_at <= desk.ends_at and now <= desk.ends_at + LATE_BY
    if not (desk.is_open(now) or in_time):
        raise _conflict("This desk is closed: tell the people who ran the event about your pledge")
    if desk.entries.count() >= desk.entries_at_most:
        raise _conflict("This desk is full: tell the people who run the event")


def _check(desk: Desk, consent_version: str, fields: dict[str, Any]) -> None:
    refusals = Refusals()
    refusals.add_when(
        consent_version not in WORDINGS, "consent", "Open the form again: its wording is out of date", "unknown_wording"
    )
    organisation, typed = fields.get("organisation"), fields.get("organisation_name", "")
    refusals.add_when(
        organisation is None and not search_name(typed), "organisation_name", "Say which organisation", "required"
    )
    refusals.add_when(
        organisation is not None and not takes_part(desk, organisation),
        "organisation",
        "Choose one of the list, or write its name",
        "elsewhere",
    )
    refusals.raise_if_any()


def _conflict(words: str) -> Conflict:
    return Conflict({"status": Conflict(words, code="closed")})
