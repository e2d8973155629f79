"""Every change to engagements and who came to them."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from guilds.audit import recording
from guilds.audit.checking import check
from guilds.audit.fields import known_fields, set_fields
from guilds.audit.refusals import Conflict, Refusals
from guilds.engagement import parts
from guilds.engagement.models import LIFECYCLE, Answer, Attendance, Engagement, Status
from guilds.engagement.parts import Rows
from guilds.reference.calendars import local_day

#: What callers may set on an engagement; its status moves by verbs only.
EDITABLE = frozenset({
    "reference", "kind", "title", "guild", "starts_at", "ends_at", "venue", "venue_address", "district", "delivery",
    "lead_coordinator", "purpose", "gatsby_benchmarks", "notes",
})  # fmt: skip


def log(
    *,
    by,
    attendances: Rows = (),
    participations: Rows = (),
    supporting_guilds: Iterable = (),
    status: str = Status.PLANNED,
    reason: str = "",
    series: UUID | None = None,
    **fields,
) -> Engagement:
    """Log an engagement, in whatever state it is: planned for later, or delivered already.

    `attendances`: dicts with `provider`, and optionally `year_group` and the numbers of parts.ATTENDANCE_FIELDS
    (None: not known yet). `participations`: dicts with `employer` and optionally parts.PARTICIPATION_FIELDS.
    An engagement that is logged as cancelled or postponed needs `reason`. `series`: see series.log_series.
    Raises ValidationError keyed by field.
    """
    known_fields(fields, EDITABLE, "engagement")
    attendances, participations, supporters = list(attendances), list(participations), list(supporting_guilds)
    engagement = Engagement(**fields, status=status, status_reason=reason, series=series)
    _derive(engagement)
    _check(engagement, attendances, participations, supporters)

    def save_parts(saved: Engagement) -> dict:
        saved.supporting_guilds.add(*supporters)
        came = parts.save_attendances(saved, attendances, new=True)
        brought = parts.save_participations(saved, participations, new=True)
        return Engagement.parts_state((guild.slug for guild in supporters), came, brought)

    day = engagement.starts_on if status == Status.DELIVERED else None
    return recording.create(engagement, by=by, verb="logged", reason=reason, finish=save_parts, happened_on=day)


def correct(
    *,
    by,
    engagement: Engagement,
    attendances: Rows | None = None,
    participations: Rows | None = None,
    supporting_guilds: Iterable | None = None,
    reason: str = "",
    expected_version: int | None = None,
    **fields,
) -> Engagement:
    """Change an engagement, closed or not; history keeps before and after.

    Rows that are given replace all rows of their sort. A school's answer stays with a claim that did not change,
    and is asked for again where it did. Raises ValidationError keyed by field, Overtaken if it has another version
    than `expected_version` by now.
    """
    known_fields(fields, EDITABLE, "engagement")
    with recording.changing(
        engagement, by=by, verb="corrected", reason=reason, expected_version=expected_version
    ) as now:
        set_fields(now, fields)
        _derive(now)
        if supporting_guilds is not None:
            now.supporting_guilds.set(supporting_guilds)
        _save_rows(now, attendances, participations)
    return engagement


def confirm(*, by, engagement: Engagement) -> Engagement:
    """It is going to happen. Raises Conflict unless it is planned."""
    return _move(engagement, "confirm", by=by)


def deliver(
    *,
    by,
    engagement: Engagement,
    attendances: Rows | None = None,
    participations: Rows | None = None,
    expected_version: int | None = None,
) -> Engagement:
    """Close as delivered, with the numbers where they are known by now.

    Raises Conflict unless it is planned or confirmed, ValidationError if it lies in the future, Overtaken.
    """
    with recording.changing(
        engagement, by=by, verb="deliver", happened_on=lambda now: now.starts_on, expected_version=expected_version
    ) as now:
        LIFECYCLE.move(now, "deliver")
        _save_rows(now, attendances, participations)
    return engagement


def cancel(*, by, engagement: Engagement, reason: str) -> Engagement:
    """It will not happen. Raises Conflict once it is closed, ValidationError without a reason."""
    return _move(engagement, "cancel", by=by, reason=reason)


def postpone(*, by, engagement: Engagement, reason: str) -> Engagement:
    """It will not happen on its day. Raises Conflict once it is closed, ValidationError without a reason."""
    return _move(engagement, "postpone", by=by, reason=reason)


@transaction.atomic
def answer(*, by, attendance: Attendance, answer: str, learners: int | None = None, note: str = "") -> Attendance:
    """The school's or college's own word on the number claimed for it. The claim itself stays as it is.

    Raises Conflict before the engagement is delivered, ValidationError keyed by field.
    """
    with recording.changing(attendance.engagement, by=by, verb="answered") as engagement:
        now = Attendance.objects.select_for_update().get(pk=attendance.pk)
        _check_answer(engagement, now, answer, learners)
        now.answer, now.answer_note = answer, note
        now.answered_learners = now.learners if answer == Answer.CONFIRMED else learners
        now.answered_by, now.answered_at, now.no_answer_on = by, timezone.now(), None
        check(now)
        now.save()
        attendance.__dict__.update(now.__dict__)
    return attendance


def _check_answer(engagement: Engagement, attendance: Attendance, answer: str, learners: int | None) -> None:
    refusals = Refusals()
    if engagement.status != Status.DELIVERED:
        raise Conflict({"status": Conflict("Numbers are answered once the engagement is delivered", code="lifecycle")})
    refusals.add_when(
        not engagement.has_learners,
        "answer",
        "No learners come to events for staff: there is no number to answer",
        "staff_only",
    )
    accepted = (Answer.CONFIRMED, Answer.DISPUTED)
    refusals.add_when(answer not in accepted, "answer", "Answer confirmed or disputed", "invalid_choice")
    refusals.add_when(
        answer == Answer.CONFIRMED and attendance.learners is None,
        "answer",
        "No number has been claimed yet: dispute it with your own number",
        "nothing_claimed",
    )
    refusals.add_when(answer == Answer.DISPUTED and learners is None, "learners", "Give your own number", "required")
    refusals.raise_if_any()


def _move(engagement: Engagement, verb: str, *, by, reason: str = "", happened_on: date | None = None) -> Engagement:
    with recording.changing(engagement, by=by, verb=verb, reason=reason, happened_on=happened_on) as now:
        LIFECYCLE.move(now, verb, reason)
        now.status_reason = reason
    return engagement


def _derive(engagement: Engagement) -> None:
    """The day that counts, and the venue's district where nobody gave one."""
    if engagement.starts_at:
        engagement.starts_on = local_day(engagement.starts_at)
    if engagement.venue and not engagement.district_id:
        engagement.district_id = engagement.venue.district_id


def _save_rows(engagement: Engagement, attendances: Rows | None, participations: Rows | None) -> None:
    came = None if attendances is None else list(attendances)
    brought = None if participations is None else list(participations)
    supporters = engagement.supporting_guilds.all()
    _check(engagement, parts.rows_of(engagement) if came is None else came, brought or [], supporters)
    if came is not None:
        parts.save_attendances(engagement, came)
    if brought is not None:
        parts.save_participations(engagement, brought)


def _check(engagement: Engagement, attendances: Rows, participations: Rows, supporters: Iterable) -> None:
    """The rules that look at more than the engagement's own columns."""
    refusals = Refusals()
    refusals.add_when(
        engagement.status == Status.DELIVERED
        and engagement.starts_at is not None
        and engagement.starts_on > timezone.localdate(),
        "status",
        "It lies in the future: only what has happened is delivered",
        "future",
    )
    refusals.add_when(
        any(number not in range(1, 9) for number in engagement.gatsby_benchmarks),
        "gatsby_benchmarks",
        "Gatsby benchmarks are numbered 1 to 8",
    )
    refusals.add_when(
        engagement.guild_id is not None and engagement.guild_id in {guild.slug for guild in supporters},
        "supporting_guilds",
        "The lead guild does not support itself: leave it out",
        "leads",
    )
    lead = engagement.lead_coordinator
    refusals.add_when(
        lead is not None and not lead.is_staff_member, "lead_coordinator", "Choose a coordinator", "not_coordinator"
    )
    parts.check_rows(engagement, attendances, participations, refusals)
    refusals.raise_if_any()
