"""The one way in which a record is written: saved, versioned, and told to history, all or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import TypeVar

from django.db import models, transaction
from django.utils import timezone

from guilds.audit import outbox
from guilds.audit.checking import check
from guilds.audit.models import Event, Record, StatusChange
from guilds.audit.refusals import Overtaken

#: The id of the request (or job) that is being served; the doors set it, history keeps it.
current_request_id: ContextVar[str] = ContextVar("current_request_id", default="")

R = TypeVar("R", bound=Record)


def create(record: R, *, by, verb: str, reason: str = "", happened_on: date | None = None, finish=None) -> R:
    """Check and save a new record and write its first event.

    `finish(record)` saves its parts (rows that have no life of their own) before history looks at it.
    Raises ValidationError keyed by field.
    """
    with transaction.atomic():
        check(record)
        record.save(force_insert=True)
        if finish:
            finish(record)
        _tell(record, by=by, verb=verb, before=None, reason=reason)
        if hasattr(record, "status"):
            _step(record, "", by=by, reason=reason, happened_on=happened_on)
    return record


@contextmanager
def changing(
    record: R,
    *,
    by,
    verb: str,
    reason: str = "",
    happened_on: date | None = None,
    expected_version: int | None = None,
) -> Iterator[R]:
    """Lock a record, let the caller change it, then check, save and tell history.

    Yields the record as the database holds it now; the caller's own copy is brought up to date after.
    An unchanged record is not saved, not versioned, and leaves no event.
    Raises Overtaken where `expected_version` is given and the record has another by now, ValidationError keyed by
    field.
    """
    with transaction.atomic():
        now = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
        if expected_version not in (None, now.version):
            raise Overtaken(now, _changes_since(now, expected_version))
        before = now.audit_state()
        yield now
        check(now)
        if now.audit_state() != before:
            now.version += 1
            now.save()
            _tell(now, by=by, verb=verb, before=before, reason=reason)
            if "status" in before and before["status"] != now.status:
                _step(now, before["status"], by=by, reason=reason, happened_on=happened_on)
        _copy(now, record)


def remove(record: Record, *, by, verb: str = "removed", reason: str = "") -> None:
    """Delete a record and keep what it was in history."""
    with transaction.atomic():
        before = record.audit_state()
        Event.objects.create(
            **_subject(record),
            actor=by,
            verb=verb,
            before=before,
            after=None,
            reason=reason,
            request_id=current_request_id.get(),
        )
        outbox.announce()
        record.delete()


def _changes_since(record: Record, version: int) -> list[Event]:
    """Each change is one version and one event, so as many events as versions have been added since."""
    latest = Event.objects.about(record).select_related("actor")[: max(record.version - version, 0)]
    return list(reversed(latest))


def _subject(record: models.Model) -> dict:
    return {"subject_type": record._meta.model_name, "subject_id": record.pk}


def _tell(record: Record, *, by, verb: str, before: dict | None, reason: str) -> None:
    Event.objects.create(
        **_subject(record),
        actor=by,
        verb=verb,
        before=before,
        after=record.audit_state(),
        reason=reason,
        request_id=current_request_id.get(),
    )
    outbox.announce()


def _step(record, from_status: str, *, by, reason: str, happened_on: date | None) -> None:
    StatusChange.objects.create(
        **_subject(record),
        from_status=from_status,
        to_status=record.status,
        actor=by,
        reason=reason,
        happened_on=happened_on or timezone.localdate(),
    )


def _copy(source: Record, target: Record) -> None:
    if source is not target:
        target.__dict__.update(source.__dict__)
