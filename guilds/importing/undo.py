"""Taking an import back: what it created goes, what it changed is as before. History keeps both."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from guilds.access.permissions import allowed
from guilds.audit import recording
from guilds.audit.models import Event, Record
from guilds.audit.refusals import Conflict
from guilds.importing.models import Import, ImportRow, ImportStatus, Outcome
from guilds.reference.bulk import restore_postcodes
from guilds.undoing.restoring import as_before, restore_parts

VERB = "import undone"
Subject = tuple[str, UUID]


@dataclass
class Undone:
    """What an undo did. `kept` names the records that had moved on since, or that others rely on, and why."""

    removed: int = 0
    restored: int = 0
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def undo(*, batch: Import, by=None) -> Undone:
    """Take back what an import created and what it changed.

    Records that somebody changed after the import are left alone and told. Raises Conflict unless the import is done
    (or stopped part-way), PermissionDenied where `by` may not import.
    """
    if by is not None and not allowed(by, "import.run"):
        raise PermissionDenied(f"{by.email} may not undo imports")
    batch = Import.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.status == ImportStatus.UNDONE:
        raise Conflict({"status": Conflict("This import has been undone already", code="lifecycle")})
    if batch.status in (ImportStatus.RECEIVED, ImportStatus.UNNAMED, ImportStatus.PLANNED, ImportStatus.FAILED):
        raise Conflict({"status": Conflict("Nothing of this file has been loaded", code="lifecycle")})
    undone = Undone()
    befores = _first_befores(batch)
    overtaken = _overtaken(batch, befores)
    for subject in reversed(befores):
        _undo_one(subject, befores[subject], subject in overtaken, by, undone)
    for before in batch.befores.order_by("-id"):
        restore_postcodes(before.states)
        undone.removed += sum(state is None for state in before.states.values())
        undone.restored += sum(state is not None for state in before.states.values())
    batch.status, batch.undone_at, batch.undone_by = ImportStatus.UNDONE, timezone.now(), by
    batch.save()
    _tell(batch, undone)
    return undone


def _tell(batch: Import, undone: Undone) -> None:
    """What was kept stays on the import, for whoever looks at it later."""
    ImportRow.objects.bulk_create(
        (ImportRow(batch=batch, row=0, outcome=Outcome.KEPT, message=why) for why in undone.kept), batch_size=500
    )


def _events(batch: Import):
    """The import's own events. Ids are ordered by time, so none of them is older than the import."""
    return Event.objects.filter(request_id=batch.tag, id__gte=batch.pk).order_by("id")


def _first_befores(batch: Import) -> dict[Subject, dict | None]:
    """How each record stood before the import first touched it, in the order of touching; None: it was not there."""
    befores: dict[Subject, dict | None] = {}
    for event in _events(batch).iterator():
        befores.setdefault((event.subject_type, event.subject_id), event.before)
    return befores


def _overtaken(batch: Import, subjects: Iterable[Subject]) -> set[Subject]:
    """The records that were changed after the import by somebody else."""
    last = _events(batch).last()
    if last is None:
        return set()
    later = Event.objects.filter(id__gt=last.pk).exclude(request_id=batch.tag)
    return set(later.values_list("subject_type", "subject_id")) & set(subjects)


def _undo_one(subject: Subject, before: dict | None, overtaken: bool, by: Any, undone: Undone) -> None:
    model = apps.get_model("guilds", subject[0])
    record = model._default_manager.filter(pk=subject[1]).first()
    if overtaken:
        undone.kept.append(f"{subject[0]} {record or subject[1]}: it was changed after the import")
        return
    try:
        with transaction.atomic():
            _take_back(model, subject[1], record, before, by, undone)
    except ProtectedError:
        undone.kept.append(f"{subject[0]} {record}: other records rely on it")
    except ValidationError as error:
        undone.kept.append(f"{subject[0]} {record}: {' '.join(error.messages)}")


def _take_back(model: type[Record], pk: UUID, record: Record | None, before: dict | None, by, undone: Undone) -> None:
    if before is None:
        if record is not None:
            recording.remove(record, by=by, verb=VERB)
            undone.removed += 1
        return
    if record is None:
        recording.create(
            as_before(model(id=pk), before), by=by, verb=VERB, finish=lambda saved: restore_parts(saved, before)
        )
    else:
        with recording.changing(record, by=by, verb=VERB) as now:
            as_before(now, before)
            restore_parts(now, before)
    undone.restored += 1
