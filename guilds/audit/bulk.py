"""History for many records at once: the same events and steps as `recording` writes for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from guilds.audit import outbox
from guilds.audit.context import current_request_id
from guilds.audit.models import Event, Record, StatusChange

_BATCH = 500


@dataclass(frozen=True)
class Told:
    """What happened to one record: how it stood before (None: it is new) and after, and the day of a new status."""

    record: Record
    before: dict | None
    after: dict
    happened_on: date | None = None

    @property
    def old_status(self) -> str:
        """The status before, empty for a new record and for what has none."""
        return self.before.get("status", "") if self.before else ""

    @property
    def new_status(self) -> str:
        """The status after."""
        return self.after.get("status", "")


def tell_many(told: Sequence[Told], *, by, verb: str, reason: str = "") -> None:
    """Write an event for each record, and a step where its status is new. Call it in the records' transaction."""
    kind = (told[0].record._meta.model_name or "") if told else ""
    subject = {"actor": by, "subject_type": kind, "reason": reason}
    request_id, today = current_request_id.get(), timezone.localdate()
    Event.objects.bulk_create(
        [
            Event(
                **subject,
                subject_id=one.record.pk,
                verb=verb,
                before=one.before,
                after=one.after,
                request_id=request_id,
            )
            for one in told
        ],
        batch_size=_BATCH,
    )
    StatusChange.objects.bulk_create(
        [
            StatusChange(
                **subject,
                subject_id=one.record.pk,
                from_status=one.old_status,
                to_status=one.new_status,
                happened_on=one.happened_on or today,
            )
            for one in told
            if one.old_status != one.new_status
        ],
        batch_size=_BATCH,
    )
    outbox.announce()
