"""Taking back the latest change: as a change of its own, which history tells like any other."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone

from guilds.access.permissions import allowed
from guilds.audit import recording
from guilds.audit.forgetting import as_it_is, forget
from guilds.audit.models import Event, Record
from guilds.audit.refusals import Conflict
from guilds.pledges.models import Allocation
from guilds.undoing.restoring import as_before, restore_parts
from guilds.undoing.topics import TOPICS, Topic

VERB = "undo"


@transaction.atomic
def undo(*, by, record: Record, event: Event) -> Record:
    """Put a record back as it was before `event`, its latest change.

    Raises Conflict in words where it is too late, somebody has changed the record since, or something rests on the
    change; PermissionDenied where `by` may not do what is undone; ValidationError where the rules forbid the old state
    by now.
    """
    if by is not None and not may_undo(by, record, event):
        raise PermissionDenied
    topic = TOPICS[event.subject_type]
    if event.before is None:
        return _take_away(by, record, event)
    with recording.changing(record, by=by, verb=VERB) as now:
        _refuse(hindrance(now, event, at=timezone.now()))
        _refuse(_gone(now, event.before))
        as_before(now, event.before)
        restore_parts(now, event.before)
        topic.check(now)
    topic.after(record)
    if event.subject_type in ("pledge", "request") and event.verb in ("withdraw", "close"):
        _give_back(by, event)
    return record


def _take_away(by: Any, record: Record, event: Event) -> Record:
    """What was made by mistake goes; history keeps that it was there, and nothing that it said of a person."""
    now = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    _refuse(hindrance(now, event, at=timezone.now()))
    pk, personal = now.pk, getattr(now, "personal_fields", ())
    recording.remove(now, by=by, verb=VERB)
    forget(event.subject_type, pk, clean=as_it_is, fields=personal)
    TOPICS[event.subject_type].after(record)
    return record


def may_undo(user, record: Record, event: Event) -> bool:
    """Whether this person may do what is undone, to this record as it is now; what somebody made, they take away."""
    topic = TOPICS.get(event.subject_type)
    permission = topic.permissions.get(event.verb) if topic else None
    if topic is None or permission is None:
        return False
    own = event.before is not None or user.is_administrator or event.actor_id == user.pk
    subject = topic.asked_of(record, event)
    return own and subject is not None and allowed(user, permission, subject)


def undoable(event: Event, *, at: datetime) -> bool:
    """Whether a change is of a sort that can be taken back, and young enough. Whether it is the latest is not asked."""
    topic = TOPICS.get(event.subject_type)
    return _is_known(topic, event) and at - event.at <= timedelta(hours=settings.UNDO_WITHIN_HOURS)


def hindrance(record: Record, event: Event, *, at: datetime) -> str:
    """Why a change can't be taken back now, in words; empty if it can."""
    latest = Event.objects.about(record).select_related("actor").first()
    if latest is not None and latest.pk != event.pk:
        return _overtaken(latest)
    topic = TOPICS.get(event.subject_type)
    if topic is None or not _is_known(topic, event):
        return "This change can't be undone: correct the record instead"
    if not undoable(event, at=at):
        return f"A change can be undone for {settings.UNDO_WITHIN_HOURS} hours: correct the record instead"
    return topic.hindrance(record, event)


def _is_known(topic: Topic | None, event: Event) -> bool:
    made = event.before is not None or (topic is not None and event.verb == topic.made_by)
    return made and topic is not None and event.verb in topic.permissions


def _overtaken(latest: Event) -> str:
    if latest.verb == VERB:
        return "This was undone already"
    if latest.verb == "answered":
        return (
            "A school or college has answered since: what it answered can't be taken from under it. Correct the record"
        )
    return "There has been another change since: only the latest can be undone. Correct the record instead"


def _refuse(words: str) -> None:
    if words:
        raise Conflict({"status": Conflict(words, code="not_undoable")})


def _gone(record: Any, before: dict) -> str:
    """What the record named before may have been removed since."""
    for column in record._meta.concrete_fields:
        value = before.get(column.attname)
        if (
            isinstance(column, models.ForeignKey)
            and value not in (None, "")
            and str(value) != str(getattr(record, column.attname))
        ):
            there = column.related_model._default_manager.filter(**{column.target_field.attname: value})
            if not there.exists():
                return f"The {column.verbose_name} that it had is no longer there: correct the record instead"
    return ""


def _give_back(by: Any, event: Event) -> None:
    """The parts that the end of a pledge, or of a request, released are agreed, or asked for, again."""
    released = Event.objects.filter(
        request_id=event.request_id, verb="release", subject_type="allocation", id__gte=event.pk
    ).exclude(request_id="")
    own = {event.subject_type: event.subject_id, "status": "released", "pledge__status": "open"}
    for one in released:
        allocation = Allocation.objects.filter(pk=one.subject_id, **own).first()
        if allocation is not None:
            with recording.changing(allocation, by=by, verb=VERB) as now:
                as_before(now, one.before or {})
