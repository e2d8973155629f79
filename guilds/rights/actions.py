"""What people ask about their own data, and what they are answered."""

from datetime import date

from guilds.audit import recording
from guilds.audit.refusals import refuse
from guilds.rights.models import REQUEST_LIFECYCLE, RequestKind, RightsRequest


def ask(*, by, kind: str, wish: str, on: date) -> RightsRequest:
    """Somebody who signs in asks about what is held about them. Raises ValidationError keyed by field."""
    if kind != RequestKind.ACCESS and not wish.strip():
        raise refuse("wish", "Say what is to be changed", "required")
    return _receive(by=by, asked_by=by, about=by.name, kind=kind, wish=wish, on=on)


def note_request(*, by, about: str, kind: str, wish: str, received_on: date) -> RightsRequest:
    """Somebody asked by letter, mail or telephone. Raises ValidationError keyed by field."""
    return _receive(by=by, asked_by=None, about=about, kind=kind, wish=wish, on=received_on)


def answer(*, by, request: RightsRequest, reason: str, expected_version: int | None = None) -> RightsRequest:
    """It is done; `reason` says what. Raises Conflict once it is answered, ValidationError without words, Overtaken."""
    return _close(request, "answer", by=by, reason=reason, expected_version=expected_version)


def refuse_request(*, by, request: RightsRequest, reason: str, expected_version: int | None = None) -> RightsRequest:
    """It is not done, or not all of it; `reason` says why. Raises Conflict, ValidationError, Overtaken."""
    return _close(request, "refuse", by=by, reason=reason, expected_version=expected_version)


def a_month_after(day: date) -> date:
    """The same day of the next month; its last where it is shorter: so long there is to answer."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("Every month has 28 days")


def _receive(*, by, asked_by, about: str, kind: str, wish: str, on: date) -> RightsRequest:
    request = RightsRequest(
        kind=kind, asked_by=asked_by, about=about, wish=wish, received_on=on, due_on=a_month_after(on)
    )
    return recording.create(request, by=by, verb="asked")


def _close(request: RightsRequest, verb: str, *, by, reason: str, expected_version: int | None) -> RightsRequest:
    with recording.changing(request, by=by, verb=verb, reason=reason, expected_version=expected_version) as now:
        REQUEST_LIFECYCLE.move(now, verb, reason)
        now.status_reason = reason
    return request
