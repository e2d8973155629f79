"""The one way in which a record is written: saved, versioned, and told to history, all or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from guilds.audit import outbox
from guilds.audit.bulk import Told
from guilds.audit.checking import check, unchanged_fields
from guilds.audit.constraints import refusal_of
from guilds.audit.context import current_request_id
from guilds.audit.models import Event, Record, StatusChange
from guilds.audit.refusals import Overtaken
from guilds.audit.together import held

R = TypeVar("R", bound=Record)


def create(
    record: R,
    *,
    by,
    verb: str,
    reason: str = "",
    happened_on: date | None = None,
    finish: Callable[[R], dict | None] | None = None,
) -> R:
    """Check and save a new record and write its first event.

    `finish(record)` saves its parts (rows that have no life of their own) before history looks at it; where it gives
    them as `audit_state` does, they need not be read back.
    Raises ValidationError keyed by field.
    """
    check(record)
    with _saving(record):
        record.save(force_insert=True)
        record.keep_index(None)
        parts = finish(record) if finish else None
        after = record.audit_state() if parts is None else Record.audit_state(record) | parts
        _tell(record, by=by, verb=verb, before=None, after=after, reason=reason)
        if "status" in after:
            _step(record, "", after["status"], by=by, reason=reason, happened_on=happened_on)
    return record


@contextmanager
def changing(
    record: R,
    *,
    by,
    verb: str,
    reason: str = "",
    happened_on: date | Callable[[R], date | None] | None = None,
    expected_version: int | None = None,
    checked: bool = True,
) -> Iterator[R]:
    """Lock a record, let the caller change it, then check, save and tell history.

    Yields the record as the database holds it now; the caller's own copy is brought up to date after.
    An unchanged record is not saved, not versioned, and leaves no event. `happened_on`: the day of a new status, or
    how to read it from the changed record; today otherwise. `checked=False` where words are only taken out: whatever
    rules the record broke before, that must not be refused.
    Raises Overtaken where `expected_version` is given and the record has another by now, ValidationError keyed by
    field.
    """
    batch = held()
    taken = batch.take(record) if batch else None
    with _saving(record) if taken is None else nullcontext():
        now = taken or type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
        if expected_version not in (None, now.version):
            raise Overtaken(now, _changes_since(now, expected_version))
        before = now.audit_state()
        yield now
        if checked:
            check(now, unchanged=unchanged_fields(now, before))
        after = now.audit_state()
        if after != before:
            now.version += 1
            day = happened_on(now) if callable(happened_on) else happened_on
            told = Told(now, before, after, day)
            if batch and taken is not None:
                batch.keep(now, told, by=by, verb=verb, reason=reason)
            else:
                _save(told, by=by, verb=verb, reason=reason)
        _copy(now, record)


def _save(told: Told, *, by, verb: str, reason: str) -> None:
    now, before, after = told.record, told.before or {}, told.after
    now.save(force_update=True)
    now.keep_index(before)
    _tell(now, by=by, verb=verb, before=before, after=after, reason=reason)
    if before.get("status") != after.get("status"):
        _step(now, before["status"], after["status"], by=by, reason=reason, happened_on=told.happened_on)


def note(record: R, *, by, verb: str, reason: str = "") -> R:
    """Tell history of something that leaves no trace in what it keeps of a record."""
    state = record.audit_state()
    _tell(record, by=by, verb=verb, before=state, after=state, reason=reason)
    return record


def remove(record: Record, *, by, verb: str = "removed", reason: str = "") -> None:
    """Delete a record and keep what it was in history."""
    with transaction.atomic():
        _tell(record, by=by, verb=verb, before=record.audit_state(), after=None, reason=reason)
        record.delete()


@contextmanager
def _saving(record: Record) -> Iterator[None]:
    """All or nothing; what only the database saw (somebody else was quicker) is refused like any other mistake."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        refusal = refusal_of(record, error)
        if refusal is None:
            raise
        raise refusal from error


def _changes_since(record: Record, version: int) -> list[Event]:
    """Each change is one version and one event, so as many events as versions have been added since."""
    latest = Event.objects.about(record).select_related("actor")[: max(record.version - version, 0)]
    return list(reversed(latest))


def _subject(record: models.Model) -> dict:
    return {"subject_type": record._meta.model_name, "subject_id": record.pk}


def _tell(record: Record, *, by, verb: str, before: dict | None, after: dict | None, reason: str) -> None:
    Event.objects.create(
        **_subject(record),
        actor=by,
        verb=verb,
        before=before,
        after=after,
        reason=reason,
        request_id=current_request_id.get(),
    )
    outbox.announce()


def _step(record: Record, from_status: str, to_status: str, *, by, reason: str, happened_on: date | None) -> None:
    StatusChange.objects.create(
        **_subject(record),
        from_status=from_status,
        to_status=to_status,
        actor=by,
        reason=reason,
        happened_on=happened_on or timezone.localdate(),
    )


def _copy(source: Record, target: Record) -> None:
    """Bring the caller's own copy up to date; parts that it had read before are forgotten."""
    if source is not target:
        target.__dict__.pop("_prefetched_objects_cache", None)
        target.__dict__.update(source.__dict__)
