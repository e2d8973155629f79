"""Who came to an engagement: rows that are part of it, checked together and saved together."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from guilds.audit.checking import check
from guilds.audit.refusals import Refusals
from guilds.engagement.models import Answer, Attendance, Engagement, EngagementPart, Participation

ATTENDANCE_FIELDS = ("learners", "send", "fsm", "looked_after", "staff")
PARTICIPATION_FIELDS = ("role", "volunteers", "hours", "job_offers")

Rows = Iterable[dict[str, Any]]


def check_rows(engagement: Engagement, attendances: Rows, participations: Rows, refusals: Refusals) -> None:
    """The rules that look at an engagement and its rows together."""
    attendances, participations = list(attendances), list(participations)
    for index, row in enumerate(attendances):
        _check_attendance(engagement, index, row, refusals)
    for index, row in enumerate(participations):
        if not row["employer"].is_employer:
            message = f"{row['employer']} is not an employer: choose one"
            refusals.add_row("participations", message, "not_employer", row=index, part="employer")
    groups = [(row["provider"].pk, row.get("year_group") or "") for row in attendances]
    message = "Each school or college is there once for each year group"
    _refuse_twice(refusals, "attendances", groups, message, part="provider")
    employers = [row["employer"].pk for row in participations]
    _refuse_twice(refusals, "participations", employers, "Each employer is there once", part="employer")


def rows_of(engagement: Engagement) -> list[dict[str, Any]]:
    """The attendances as they are, in the shape in which callers give them."""
    rows = Attendance.objects.filter(engagement=engagement).select_related("provider")
    fields = ("year_group", *ATTENDANCE_FIELDS)
    return [{"provider": row.provider} | {name: getattr(row, name) for name in fields} for row in rows]


def save_attendances(engagement: Engagement, rows: Rows, *, new: bool = False) -> list[Attendance]:
    """Make the attendances what `rows` say; what a row does not say is not known. `new`: there are none yet.

    A school's answer is asked for again where its claimed number changed. Raises ValidationError on "attendances".
    """
    there = [] if new else Attendance.objects.filter(engagement=engagement).select_related("provider")
    known = {(part.provider_id, part.year_group): part for part in there}
    parts = []
    for row in rows:
        key = (row["provider"].pk, row.get("year_group") or "")
        part = known.pop(key, None) or Attendance(engagement=engagement, provider=row["provider"], year_group=key[1])
        claim = part.learners
        for name in ATTENDANCE_FIELDS:
            setattr(part, name, row.get(name))
        if part.learners != claim:
            _ask_again(part)
        parts.append(part)
    _save(parts, "attendances", leaving=known.values())
    return parts


def save_participations(engagement: Engagement, rows: Rows, *, new: bool = False) -> list[Participation]:
    """Make the participations what `rows` say; what a row does not say stays. `new`: there are none yet.

    Raises ValidationError on "participations".
    """
    there = [] if new else Participation.objects.filter(engagement=engagement).select_related("employer")
    known = {part.employer_id: part for part in there}
    parts = []
    for row in rows:
        part = known.pop(row["employer"].pk, None) or Participation(engagement=engagement, employer=row["employer"])
        for name in PARTICIPATION_FIELDS:
            if name in row:
                setattr(part, name, row[name])
        parts.append(part)
    _save(parts, "participations", leaving=known.values())
    return parts


def _check_attendance(engagement: Engagement, index: int, row: dict[str, Any], refusals: Refusals) -> None:
    if not row["provider"].is_provider:
        message = f"{row['provider']} is not a school or college: choose one"
        refusals.add_row("attendances", message, "not_provider", row=index, part="provider")
    if not engagement.has_learners and row.get("learners") is not None:
        message = "No learners come to events for staff: leave their number empty"
        refusals.add_row("attendances", message, "staff_only", row=index, part="learners")


def _refuse_twice(refusals: Refusals, field: str, keys: list, message: str, *, part: str) -> None:
    """Refuse the second row that means the same; once, however many there are."""
    seen: set = set()
    for index, key in enumerate(keys):
        if key in seen:
            refusals.add_row(field, message, "duplicate", row=index, part=part)
            return
        seen.add(key)


def _ask_again(attendance: Attendance) -> None:
    attendance.answer, attendance.answered_learners, attendance.answer_note = Answer.UNANSWERED, None, ""
    attendance.answered_by = attendance.answered_at = attendance.no_answer_on = None
    attendance.asked_on = timezone.localdate()


def _save(parts: list, field: str, *, leaving: Iterable[Any]) -> None:
    """Save the rows; a refusal says of which row it is. That each is there once has been seen to already."""
    refusals = Refusals()
    for index, part in enumerate(parts):
        _check_part(part, field, index, refusals)
    refusals.raise_if_any()
    for part in leaving:
        part.delete()
    fresh = [part for part in parts if part._state.adding]
    known = [part for part in parts if not part._state.adding]
    if fresh:
        type(fresh[0]).objects.bulk_create(fresh)
    for part in known:
        part.save()


def _check_part(part: EngagementPart, field: str, index: int, refusals: Refusals) -> None:
    try:
        check(part, unique=False)
    except ValidationError as error:
        for name, errors in error.error_dict.items():
            for one in errors:
                refusals.add_row(field, " ".join(one.messages), one.code or "invalid", row=index, part=name)
