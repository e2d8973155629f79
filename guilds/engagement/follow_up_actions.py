"""Every change to interactions and follow-ups: what was said, and what must be done next."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from guilds.audit import recording
from guilds.audit.fields import known_fields, set_fields
from guilds.audit.refusals import Conflict, Refusals, refuse
from guilds.engagement.follow_ups import FOLLOW_UP_LIFECYCLE, LED, FollowUp, FollowUpStatus, Interaction
from guilds.organisations.models import NEVER, Organisation

INTERACTION_FIELDS = frozenset({"kind", "happened_on", "summary", "contact", "guild"})
#: What a follow-up may be about.
SUBJECTS = ("organisation", *LED)
FOLLOW_UP_FIELDS = frozenset({"what", "due_on", "assigned_to", *SUBJECTS})


def log_interaction(
    *, by, organisation, kind: str, happened_on: date, summary: str, contact=None, guild=None
) -> Interaction:
    """Note a call, meeting or message. Raises ValidationError keyed by field."""
    interaction = Interaction(
        organisation=organisation, kind=kind, happened_on=happened_on, summary=summary, contact=contact, guild=guild
    )
    _check_interaction(interaction)
    with transaction.atomic():
        recording.create(interaction, by=by, verb="logged")
        remember_contact(organisation)
    return interaction


def add_follow_up(*, by, what: str, due_on: date, assigned_to=None, **about) -> FollowUp:
    """Give somebody, or nobody yet, something to do by a day. `about`: any of SUBJECTS. Raises ValidationError."""
    known_fields(about, frozenset(SUBJECTS), "follow-up")
    follow_up = FollowUp(what=what, due_on=due_on, assigned_to=assigned_to, **about)
    follow_up.assigned_by = by if assigned_to else None
    _check_follow_up(follow_up)
    return recording.create(follow_up, by=by, verb="added")


def move_follow_up(*, by, follow_up: FollowUp, verb: str, reason: str = "", outcome: str = "") -> FollowUp:
    """Finish, with what came of it; drop, with why; or reopen. Raises Conflict where the lifecycle forbids it."""
    with recording.changing(follow_up, by=by, verb=verb, reason=reason) as now:
        FOLLOW_UP_LIFECYCLE.move(now, verb, reason)
        now.outcome = outcome.strip()
    return follow_up


def hand_over_follow_up(*, by, follow_up: FollowUp, assigned_to) -> FollowUp:
    """Somebody else does it, or nobody yet. Raises Conflict where it is not open any more, ValidationError."""
    with recording.changing(follow_up, by=by, verb="handed over") as now:
        check_open(now)
        _assign(now, assigned_to, by)
        _check_follow_up(now)
    return follow_up


def correct_interaction(*, by, interaction: Interaction, expected_version: int | None = None, **fields) -> Interaction:
    """Change a note: kind, happened_on, summary, contact or guild. Raises ValidationError keyed by field, Overtaken."""
    known_fields(fields, INTERACTION_FIELDS, "interaction")
    with recording.changing(interaction, by=by, verb="corrected", expected_version=expected_version) as now:
        set_fields(now, fields)
        _check_interaction(now)
    remember_contact(interaction.organisation)
    return interaction


def remember_contact(organisation: Organisation) -> None:
    """Keep the day of the last call, meeting or message with an organisation, by which lists are sorted and filtered.

    It follows from the notes, so it is no change of the organisation, and history does not tell of it.
    """
    with transaction.atomic():
        now = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        last = Interaction.objects.filter(organisation=now).aggregate(day=Max("happened_on"))["day"] or NEVER
        if now.last_contact_on != last:
            now.last_contact_on = last
            now.save(update_fields=["last_contact_on"])
    organisation.last_contact_on = last


def correct_follow_up(*, by, follow_up: FollowUp, expected_version: int | None = None, **fields) -> FollowUp:
    """Change what is to be done, by whom, by when, or what it is about. Raises ValidationError, Overtaken."""
    known_fields(fields, FOLLOW_UP_FIELDS, "follow-up")
    with recording.changing(follow_up, by=by, verb="corrected", expected_version=expected_version) as now:
        if "assigned_to" in fields:
            _assign(now, fields.pop("assigned_to"), by)
        set_fields(now, fields)
        _check_follow_up(now)
    return follow_up


def snooze_follow_up(*, by, follow_up: FollowUp, due_on: date) -> FollowUp:
    """Do it later. Raises Conflict for what is done or dropped already, ValidationError keyed by field."""
    with recording.changing(follow_up, by=by, verb="snoozed") as now:
        check_open(now)
        now.due_on = due_on
    return follow_up


def _check_interaction(interaction: Interaction) -> None:
    refusals, contact = Refusals(), interaction.contact
    refusals.add_when(
        bool(interaction.happened_on) and interaction.happened_on > timezone.localdate(),
        "happened_on",
        "It lies in the future: make it a follow-up",
        "future",
    )
    refusals.add_when(
        contact is not None and contact.organisation_id != interaction.organisation_id,
        "contact",
        f"Choose somebody at {interaction.organisation}",
        "elsewhere",
    )
    refusals.raise_if_any()


def _check_follow_up(follow_up: FollowUp) -> None:
    """Only the team sees follow-ups, so only its members can be given one."""
    somebody = follow_up.assigned_to
    if somebody and not (somebody.is_active and somebody.is_staff_member):
        raise refuse("assigned_to", "Choose a coordinator or an administrator", "not_staff")


def _assign(follow_up: FollowUp, somebody, by) -> None:
    """Whoever has it already keeps it from whom they had it."""
    if follow_up.assigned_to_id != getattr(somebody, "pk", None):
        follow_up.assigned_to, follow_up.assigned_by = somebody, by if somebody else None


def check_open(follow_up: FollowUp) -> None:
    """Raises Conflict for a follow-up that is done or dropped: there is nothing left to put off."""
    if follow_up.status != FollowUpStatus.OPEN:
        words = f"This follow-up is {follow_up.get_status_display().lower()} already"
        raise Conflict({"status": Conflict(words, code="lifecycle")})
