"""The same event on several dates: each is an engagement of its own, and they know that they belong together."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from guilds.audit.models import new_id
from guilds.audit.refusals import Refusals
from guilds.engagement.actions import log
from guilds.engagement.models import Engagement, Status
from guilds.engagement.parts import Rows
from guilds.reference.calendars import LONDON, local_day

#: How many more dates one press of a button may bring.
MOST_DATES = 20


@transaction.atomic
def log_series(
    *,
    by,
    also_on: Sequence[date] = (),
    starts_at: datetime,
    ends_at: datetime | None = None,
    status: str = Status.PLANNED,
    attendances: Rows = (),
    participations: Rows = (),
    **fields: Any,
) -> list[Engagement]:
    """Log an engagement, and the same again on other dates; all of them or none. The first is the one that was described.

    The others have everything of it but the numbers, and the same times of day. One that lies in the future is planned,
    whatever the first is. Without other dates it is no series. Raises ValidationError keyed by field.
    """
    _check_dates(also_on, local_day(starts_at))
    attendances, participations = list(attendances), list(participations)
    common = fields | {"by": by, "series": new_id() if also_on else None}
    rows: dict[str, Any] = {"attendances": attendances, "participations": participations}
    first = log(**common, **rows, starts_at=starts_at, ends_at=ends_at, status=status)
    repeated = common | {"attendances": _who(attendances, "provider", "year_group")}
    repeated["participations"] = _who(participations, "employer", "role")
    others = [_on(day, repeated, starts_at, ends_at, status) for day in sorted(also_on)]
    return [first, *others]


def _check_dates(also_on: Sequence[date], first: date) -> None:
    refusals = Refusals()
    refusals.add_when(
        len(also_on) > MOST_DATES, "also_on", f"Give {MOST_DATES} more dates at the most, then log the rest", "too_many"
    )
    for row, day in enumerate(also_on):
        if day == first or day in also_on[:row]:
            refusals.add_row("also_on", "It is on this date already: choose another", "duplicate", row=row, part="date")
    refusals.raise_if_any()


def _on(day: date, common: dict, starts_at: datetime, ends_at: datetime | None, status: str) -> Engagement:
    """The same on another day: the times of day stay, in summer as in winter."""
    later = day - local_day(starts_at)
    moved: dict[str, Any] = {
        "starts_at": _moved(starts_at, later),
        "ends_at": _moved(ends_at, later) if ends_at else None,
    }
    to_come = status == Status.DELIVERED and day > timezone.localdate()
    return log(**common, **moved, status=Status.PLANNED if to_come else status)


def _moved(moment: datetime, by: timedelta) -> datetime:
    local = moment.astimezone(LONDON)
    return datetime.combine(local.date() + by, local.time(), tzinfo=LONDON)


def _who(rows: Rows, *names: str) -> list[dict[str, Any]]:
    return [{name: row[name] for name in names if name in row} for row in rows]
