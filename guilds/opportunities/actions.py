"""Every change to placements and apprenticeships."""

from datetime import date

from django.utils import timezone

from guilds.audit import recording
from guilds.audit.fields import known_fields, set_fields
from guilds.audit.lifecycle import Lifecycle
from guilds.audit.refusals import Refusals
from guilds.opportunities.models import (
    APPRENTICESHIP_LIFECYCLE,
    ENDED_STATUSES,
    PLACEMENT_LIFECYCLE,
    STARTED_STATUSES,
    Apprenticeship,
    ApprenticeshipStatus,
    Placement,
    PlacementStatus,
)

PLACEMENT_FIELDS = frozenset({
    "reference", "employer", "workplace", "district", "provider", "guild", "programme", "learners", "hours",
    "arranged_on", "starts_on", "ends_on", "suits_send", "suits_reengagement",
})  # fmt: skip
APPRENTICESHIP_FIELDS = frozenset({
    "reference", "employer", "workplace", "district", "guild", "standard", "standard_title", "level", "positions",
    "intake", "assisted", "training_provider", "opened_on", "starts_on", "ends_on",
})  # fmt: skip


def arrange_placement(
    *, by, status: str = PlacementStatus.ARRANGED, reason: str = "", cancelled_by: str = "", **fields
) -> Placement:
    """Record a placement that an employer and a school or college agreed, in whatever state it is by now.

    `learners` is a number; names are never kept. Raises ValidationError keyed by field.
    """
    known_fields(fields, PLACEMENT_FIELDS, "placement")
    placement = Placement(**fields, status=status, status_reason=reason, cancelled_by=cancelled_by)
    placement.arranged_on = placement.arranged_on or timezone.localdate()
    _derive(placement)
    check_facts(placement)
    return recording.create(placement, by=by, verb="arranged", reason=reason, happened_on=placement.arranged_on)


def correct_placement(*, by, placement: Placement, expected_version: int | None = None, **fields) -> Placement:
    """Change a placement's facts; its status moves by verbs. Raises ValidationError keyed by field, Overtaken."""
    known_fields(fields, PLACEMENT_FIELDS, "placement")
    return _correct(placement, by=by, expected_version=expected_version, **fields)


def start_placement(*, by, placement: Placement, on: date | None = None) -> Placement:
    """The learners came. `on`: the first day, where it differs from the plan. Raises Conflict, ValidationError."""
    return _move(PLACEMENT_LIFECYCLE, placement, "start", by=by, on=on, day="starts_on")


def complete_placement(*, by, placement: Placement, on: date | None = None) -> Placement:
    """The learners stayed to the end. `on`: the last day. Raises Conflict, ValidationError."""
    return _move(PLACEMENT_LIFECYCLE, placement, "complete", by=by, on=on, day="ends_on")


def cancel_placement(*, by, placement: Placement, reason: str, cancelled_by: str = "") -> Placement:
    """It will not take place. Raises Conflict, ValidationError."""
    return _move(PLACEMENT_LIFECYCLE, placement, "cancel", by=by, reason=reason, cancelled_by=cancelled_by)


def withdraw_placement(*, by, placement: Placement, reason: str, on: date | None = None) -> Placement:
    """The learners left early. Raises Conflict, ValidationError."""
    return _move(PLACEMENT_LIFECYCLE, placement, "withdraw", by=by, reason=reason, on=on, day="ends_on")


def mark_did_not_attend(*, by, placement: Placement, reason: str = "") -> Placement:
    """The learners never came. Raises Conflict, ValidationError."""
    return _move(PLACEMENT_LIFECYCLE, placement, "did_not_attend", by=by, reason=reason)


def open_apprenticeship(*, by, status: str = ApprenticeshipStatus.OPEN, reason: str = "", **fields) -> Apprenticeship:
    """Record positions that an employer opened, in whatever state they are by now.

    Title and level are copied from the standard where they are not given. Raises ValidationError keyed by field.
    """
    known_fields(fields, APPRENTICESHIP_FIELDS, "apprenticeship")
    apprenticeship = Apprenticeship(**fields, status=status, status_reason=reason)
    apprenticeship.opened_on = apprenticeship.opened_on or timezone.localdate()
    _copy_standard(apprenticeship)
    _derive(apprenticeship)
    check_facts(apprenticeship)
    return recording.create(apprenticeship, by=by, verb="opened", reason=reason, happened_on=apprenticeship.opened_on)


def correct_apprenticeship(
    *, by, apprenticeship: Apprenticeship, expected_version: int | None = None, **fields
) -> Apprenticeship:
    """Change an apprenticeship's facts; its status moves by verbs. Raises ValidationError keyed by field, Overtaken."""
    known_fields(fields, APPRENTICESHIP_FIELDS, "apprenticeship")
    return _correct(apprenticeship, by=by, expected_version=expected_version, **fields)


def fill_apprenticeship(*, by, apprenticeship: Apprenticeship) -> Apprenticeship:
    """Somebody was found for the positions. Raises Conflict."""
    return _move(APPRENTICESHIP_LIFECYCLE, apprenticeship, "fill", by=by)


def start_apprenticeship(*, by, apprenticeship: Apprenticeship, on: date | None = None) -> Apprenticeship:
    """The apprentices started. Raises Conflict, ValidationError."""
    return _move(APPRENTICESHIP_LIFECYCLE, apprenticeship, "start", by=by, on=on, day="starts_on")


def complete_apprenticeship(*, by, apprenticeship: Apprenticeship, on: date | None = None) -> Apprenticeship:
    """The apprentices completed. Raises Conflict, ValidationError."""
    return _move(APPRENTICESHIP_LIFECYCLE, apprenticeship, "complete", by=by, on=on, day="ends_on")


def close_apprenticeship_unfilled(*, by, apprenticeship: Apprenticeship, reason: str = "") -> Apprenticeship:
    """Nobody was found for the positions. Raises Conflict."""
    return _move(APPRENTICESHIP_LIFECYCLE, apprenticeship, "close_unfilled", by=by, reason=reason)


def cancel_apprenticeship(*, by, apprenticeship: Apprenticeship, reason: str) -> Apprenticeship:
    """The employer took the positions back. Raises Conflict, ValidationError."""
    return _move(APPRENTICESHIP_LIFECYCLE, apprenticeship, "cancel", by=by, reason=reason)


def withdraw_apprenticeship(
    *, by, apprenticeship: Apprenticeship, reason: str, on: date | None = None
) -> Apprenticeship:
    """The apprentices left early. Raises Conflict, ValidationError."""
    return _move(APPRENTICESHIP_LIFECYCLE, apprenticeship, "withdraw", by=by, reason=reason, on=on, day="ends_on")


def _move(
    lifecycle: Lifecycle, record, verb: str, *, by, reason: str = "", on: date | None = None, day: str = "", **fields
):
    with recording.changing(
        record, by=by, verb=verb, reason=reason, happened_on=lambda now: getattr(now, day) if day else on
    ) as now:
        lifecycle.move(now, verb, reason)
        now.status_reason = reason
        set_fields(now, fields)
        if day:
            setattr(now, day, on or _day_that_came(now, day))
        check_facts(now)
    return record


def _day_that_came(record, day: str) -> date:
    """The planned day; today if none was planned, or if they left before the day on which it would have ended."""
    today, planned = timezone.localdate(), getattr(record, day)
    return min(planned, today) if planned and day == "ends_on" else planned or today


def _correct(record, *, by, expected_version: int | None, **fields):
    with recording.changing(record, by=by, verb="corrected", expected_version=expected_version) as now:
        set_fields(now, fields)
        if {"employer", "workplace"} & fields.keys() and "district" not in fields:
            now.district_id = None
        if fields.get("standard"):
            _copy_standard(now)
        _derive(now)
        check_facts(now)
    return record


def _derive(record) -> None:
    """counting.md: the district is the workplace's."""
    place = record.workplace or record.employer
    if not record.district_id:
        record.district_id = place.district_id


def _copy_standard(apprenticeship: Apprenticeship) -> None:
    if apprenticeship.standard:
        apprenticeship.standard_title = apprenticeship.standard_title or apprenticeship.standard.title
        apprenticeship.level = apprenticeship.level or apprenticeship.standard.level


def check_facts(record) -> None:
    """What looks at more than the record's own columns: who may be what, and what can't have happened yet."""
    refusals, today = Refusals(), timezone.localdate()
    refusals.add_when(
        not record.employer.is_employer, "employer", f"{record.employer} is not an employer: choose one", "not_employer"
    )
    field, agreed_on = _names(record)
    provider = getattr(record, field)
    if provider and not provider.is_provider:
        refusals.add(field, f"{provider} is not a school or college: choose one", "not_provider")
    for day, happened, words in (
        (agreed_on, True, "It lies in the future: give today or a day before"),
        ("starts_on", record.status in STARTED_STATUSES, "It lies in the future: only what has happened has started"),
        ("ends_on", record.status in ENDED_STATUSES, "It lies in the future: only what has happened has ended"),
    ):
        given = getattr(record, day)
        refusals.add_when(bool(happened and given and given > today), day, words, "future")
    needs_reason = record.status in ("cancelled", "withdrawn") and not record.status_reason.strip()
    refusals.add_when(needs_reason, "reason", "Say why", "required")
    refusals.raise_if_any()


def _names(record) -> tuple[str, str]:
    """What the two sorts call the provider, and the day on which it was agreed."""
    return ("provider", "arranged_on") if isinstance(record, Placement) else ("training_provider", "opened_on")
