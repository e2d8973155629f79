"""History for many new records at once: the same events and first steps as `recording.create` writes for one."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from guilds.audit import outbox
from guilds.audit.models import Event, Record, StatusChange
from guilds.audit.recording import current_request_id

_BATCH = 500


def tell_created(
    records: Sequence[Record], states: Sequence[dict], *, by, verb: str, happened_on: Sequence[date | None]
) -> None:
    """Write the first event of each record, and the first step of its life. Call it in the records' transaction."""
    kind = (records[0]._meta.model_name or "") if records else ""
    request_id, today = current_request_id.get(), timezone.localdate()
    Event.objects.bulk_create(
        [
            Event(actor=by, request_id=request_id, verb=verb, subject_type=kind, subject_id=record.pk, after=state)
            for record, state in zip(records, states, strict=True)
        ],
        batch_size=_BATCH,
    )
    StatusChange.objects.bulk_create(
        [
            StatusChange(
                actor=by, subject_type=kind, subject_id=record.pk, to_status=state["status"], happened_on=day or today
            )
            for record, state, day in zip(records, states, happened_on, strict=True)
        ],
        batch_size=_BATCH,
    )
    outbox.announce()
