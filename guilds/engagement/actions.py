"""Every change to engagements and who came to them."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from guilds.audit import recording
from guilds.audit.checking import check
from guilds.audit.refusals import Conflict, Refusals
from guilds.engagement.models import (
    LIFECYCLE,
    STAFF_KINDS,
    Answer,
    Attendance,
    Engagement,
    Participation,
    Status,
)
from guilds.reference.calendars import local_day

#: What callers may set on an engagement; its status moves by verbs only.
EDITABLE = frozenset({
    "reference", "kind", "title", "guild", "starts_at", "ends_at", "venue", "venue_address", "district", "delivery",
    "lead_coordinator", "purpose", "gatsby_benchmarks", "notes",
})  # fmt: skip
ATTENDANCE_FIELDS = ("learners", "send", "fsm", "looked_after", "staff")
PARTICIPATION_FIELDS = ("role", "volunteers", "hours", "job_offers")

Rows = Iterable[dict]


@transaction.atomic
def log(
    *,
    by,
    attendances: Rows = (),
    participations: Rows = (),
    supporting_guilds: Iterable = (),
    status: str = Status.PLANNED,
    reason: str = "",
    **fields,
) -> Engagement:
    """Log an engagement, in whatever state it is: planned for later, or delivered already.

    `attendances`: dicts with `provider`, and optionally `year_group` and the numbers of ATTENDANCE_FIELDS
    (None: not known yet). `participations`: dicts with `employer` and optionally PARTICIPATION_FIELDS.
    Raises ValidationError keyed by field.
    """
    _known(fields)
    attendances, participations = list(attendances), list(participations)
    engagement = Engagement(**fields, status=status, status_reason=reason)
    _derive(engagement)
    _check(engagement, attendances, participations)

    def save_parts(saved: Engagement) -> None:
        saved.supporting_guilds.set(supporting_guilds)
        _save_attendances(saved, attendances)
        _save_participations(saved, participations)

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
    _known(fields)
    with recording.changing(
        engagement, by=by, verb="corrected", reason=reason, expected_version=expected_version
    ) as now:
        for name, value in fields.items():
            setattr(now, name, value)
        _derive(now)
        _save_rows(now, attendances, participations)
        if supporting_guilds is not None:
            now.supporting_guilds.set(supporting_guilds)
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
        engagement, by=by, verb="deliver", happened_on=engagement.starts_on, expected_version=expected_version
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
        now.answered_by, now.answered_at = by, timezone.now()
        check(now)
        now.save()
        attendance.__dict__.update(now.__dict__)
    return attendance


def _check_answer(engagement: Engagement, attendance: Attendance, answer: str, learners: int | None) -> None:
    refusals = Refusals()
    if engagement.status != Status.DELIVERED:
        raise Conflict({"status": Conflict("Numbers are answered once the engagement is delivered", code="lifecycle")})
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


def _known(fields: dict) -> None:
    unknown = fields.keys() - EDITABLE
    if unknown:
        raise TypeError(f"An engagement has no {', '.join(sorted(unknown))}")


def _derive(engagement: Engagement) -> None:
    """The day that counts, and the venue's district where nobody gave one."""
    if engagement.starts_at:
        engagement.starts_on = local_day(engagement.starts_at)
    if engagement.venue and not engagement.district_id:
        engagement.district_id = engagement.venue.district_id


def _save_rows(engagement: Engagement, attendances: Rows | None, participations: Rows | None) -> None:
    rows = None if attendances is None else list(attendances)
    brought = None if participations is None else list(participations)
    _check(engagement, _attendances_of(engagement) if rows is None else rows, brought or [])
    if rows is not None:
        _save_attendances(engagement, rows)
    if brought is not None:
        _save_participations(engagement, brought)


def _attendances_of(engagement: Engagement) -> list[dict]:
    fields = ("year_group", *ATTENDANCE_FIELDS)
    rows = Attendance.objects.filter(engagement=engagement).select_related("provider")
    return [{"provider": row.provider} | {name: getattr(row, name) for name in fields} for row in rows]


def _check(engagement: Engagement, attendances: list[dict], participations: list[dict]) -> None:
    """The rules that look at an engagement and its rows together."""
    refusals = Refusals()
    today = timezone.localdate()
    refusals.add_when(
        engagement.status == Status.DELIVERED and engagement.starts_at is not None and engagement.starts_on > today,
        "status",
        "It lies in the future: only what has happened is delivered",
        "future",
    )
    refusals.add_when(
        any(n not in range(1, 9) for n in engagement.gatsby_benchmarks),
        "gatsby_benchmarks",
        "Gatsby benchmarks are numbered 1 to 8",
    )
    for index, row in enumerate(attendances):
        _check_attendance(engagement, index, row, refusals)
    _refuse_twice(
        refusals,
        "attendances",
        [(r["provider"].pk, r.get("year_group") or "") for r in attendances],
        "Each school or college is there once for each year group",
        part="provider",
    )
    for index, row in enumerate(participations):
        if not row["employer"].is_employer:
            message = f"{row['employer']} is not an employer"
            refusals.add_row("participations", message, "not_employer", row=index, part="employer")
    employers = [r["employer"].pk for r in participations]
    _refuse_twice(refusals, "participations", employers, "Each employer is there once", part="employer")
    refusals.raise_if_any()


def _check_attendance(engagement: Engagement, index: int, row: dict, refusals: Refusals) -> None:
    if not row["provider"].is_provider:
        message = f"{row['provider']} is not a school or college"
        refusals.add_row("attendances", message, "not_provider", row=index, part="provider")
    if engagement.kind in STAFF_KINDS and row.get("learners") is not None:
        message = "No learners come to events for staff: leave their number empty"
        refusals.add_row("attendances", message, "staff_only", row=index, part="learners")


def _refuse_twice(refusals: Refusals, field: str, keys: list, message: str, *, part: str) -> None:
    """Refuse the second row that means the same; once, however many there are."""
    again = next((index for index, key in enumerate(keys) if key in keys[:index]), None)
    if again is not None:
        refusals.add_row(field, message, "duplicate", row=again, part=part)


def _save_attendances(engagement: Engagement, rows: list[dict]) -> None:
    known = {(a.provider_id, a.year_group): a for a in Attendance.objects.filter(engagement=engagement)}
    for index, row in enumerate(rows):
        key = (row["provider"].pk, row.get("year_group") or "")
        attendance = known.pop(key, None) or Attendance(
            engagement=engagement, provider=row["provider"], year_group=key[1]
        )
        claim = attendance.learners
        for name in ATTENDANCE_FIELDS:
            setattr(attendance, name, row.get(name))
        if attendance.learners != claim:
            _ask_again(attendance)
        _save_part(attendance, "attendances", index)
    Attendance.objects.filter(pk__in=[a.pk for a in known.values()]).delete()


def _ask_again(attendance: Attendance) -> None:
    attendance.answer, attendance.answered_learners, attendance.answer_note = Answer.UNANSWERED, None, ""
    attendance.answered_by = attendance.answered_at = None


def _save_participations(engagement: Engagement, rows: list[dict]) -> None:
    known = {p.employer_id: p for p in Participation.objects.filter(engagement=engagement)}
    for index, row in enumerate(rows):
        participation = known.pop(row["employer"].pk, None) or Participation(
            engagement=engagement, employer=row["employer"]
        )
        for name in PARTICIPATION_FIELDS:
            if name in row:
                setattr(participation, name, row[name])
        _save_part(participation, "participations", index)
    Participation.objects.filter(pk__in=[p.pk for p in known.values()]).delete()


def _save_part(part, field: str, index: int) -> None:
    """Save a row of an engagement; its refusals come under the name that callers know the rows by, with its index."""
    refusals = Refusals()
    try:
        check(part)
    except ValidationError as error:
        for name, errors in error.error_dict.items():
            for message in ValidationError(errors).messages:
                refusals.add_row(field, message, errors[0].code or "invalid", row=index, part=name)
    refusals.raise_if_any()
    part.save()
