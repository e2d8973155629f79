"""Every change to placements and apprenticeships."""

from datetime import date

from django.utils import timezone

from guilds.audit import recording
from guilds.audit.lifecycle import Lifecycle
from guilds.audit.refusals import Refusals
from guilds.opportunities.models import (
    APPRENTICESHIP_LIFECYCLE,
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
    _known(fields, PLACEMENT_FIELDS)
    placement = Placement(**fields, status=status, status_reason=reason, cancelled_by=cancelled_by)
    placement.arranged_on = placement.arranged_on or timezone.localdate()
    _derive(placement)
    _check(placement)
    return recording.create(placement, by=by, verb="arranged", reason=reason, happened_on=placement.arranged_on)


def correct_placement(*, by, placement: Placement, expected_version: int | None = None, **fields) -> Placement:
    """Change a placement's facts; its status moves by verbs. Raises ValidationError keyed by field, Overtaken."""
    _known(fields, PLACEMENT_FIELDS)
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
    _known(fields, APPRENTICESHIP_FIELDS)
    apprenticeship = Apprenticeship(**fields, status=status, status_reason=reason)
    apprenticeship.opened_on = apprenticeship.opened_on or timezone.localdate()
    _copy_standard(apprenticeship)
    _derive(apprenticeship)
    _check(apprenticeship)
    return recording.create(apprenticeship, by=by, verb="opened", reason=reason, happened_on=apprenticeship.opened_on)


def correct_apprenticeship(
    *, by, apprenticeship: Apprenticeship, expected_version: int | None = None, **fields
) -> Apprenticeship:
    """Change an apprenticeship's facts; its status moves by verbs. Raises ValidationError keyed by field, Overtaken."""
    _known(fields, APPRENTICESHIP_FIELDS)
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
    with recording.changing(record, by=by, verb=verb, reason=reason, happened_on=on) as now:
        lifecycle.move(now, verb, reason)
        now.status_reason = reason
        for name, value in fields.items():
            setattr(now, name, value)
        if day:
            setattr(now, day, on or getattr(now, day) or timezone.localdate())
        _check(now)
    return record


def _correct(record, *, by, expected_version: int | None, **fields):
    with recording.changing(record, by=by, verb="corrected", expected_version=expected_version) as now:
        for name, value in fields.items():
            setattr(now, name, value)
        if {"employer", "workplace"} & fields.keys() and "district" not in fields:
            now.district_id = None
        if fields.get("standard"):
            _copy_standard(now)
        _derive(now)
        _check(now)
    return record


def _known(fields: dict, editable: frozenset) -> None:
    unknown = fields.keys() - editable
    if unknown:
        raise TypeError(f"There is no {', '.join(sorted(unknown))}")


def _derive(record) -> None:
    """counting.md: the district is the workplace's."""
    place = record.workplace or record.employer
    if not record.district_id:
        record.district_id = place.district_id


def _copy_standard(apprenticeship: Apprenticeship) -> None:
    if apprenticeship.standard:
        apprenticeship.standard_title = apprenticeship.standard_title or apprenticeship.standard.title
        apprenticeship.level = apprenticeship.level or apprenticeship.standard.level


def _check(record) -> None:
    """What looks at more than one record: who may be what, and no start in the future."""
    refusals = Refusals()
    refusals.add_when(
        not record.employer.is_employer, "employer", f"{record.employer} is not an employer", "not_employer"
    )
    provider = getattr(record, "provider", None) or getattr(record, "training_provider", None)
    field = "provider" if isinstance(record, Placement) else "training_provider"
    refusals.add_when(
        bool(provider) and not provider.is_provider, field, f"{provider} is not a school or college", "not_provider"
    )
    happened = record.status in STARTED_STATUSES
    refusals.add_when(
        bool(happened and record.starts_on and record.starts_on > timezone.localdate()),
        "starts_on",
        "It lies in the future: only what has happened has started",
        "future",
    )
    refusals.add_when(
        record.status == PlacementStatus.CANCELLED and not record.status_reason, "reason", "Say why", "required"
    )
    refusals.raise_if_any()
