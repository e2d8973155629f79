"""Many records changed in one go: locked at once, changed one by one by their actions, saved and told to history at once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar, cast

from django.db import transaction
from django.db.models import prefetch_related_objects

from guilds.audit.bulk import Told, tell_many
from guilds.audit.models import Record

R = TypeVar("R", bound=Record)
_BATCH = 500


@dataclass
class Together:
    """The records as the database holds them, by kind and id, and what has been changed of them so far."""

    rows: dict[Any, Record]
    #: In the order in which it happened: by whom, the verb, the reason; and what.
    told: list[tuple[tuple[Any, str, str], Told]] = field(default_factory=list)

    def take(self, record: R) -> R | None:
        """A copy to be changed, which is thrown away if the change is refused; None for a record of somewhere else."""
        found = self.rows.get(_key(record))
        return cast(R, copy(found)) if found else None

    def keep(self, now: Record, told: Told, *, by: Any, verb: str, reason: str) -> None:
        """It is changed: remember it for the end."""
        self.rows[_key(now)] = now
        self.told.append(((by, verb, reason), told))

    def save(self) -> None:
        """Write what was changed, and its history."""
        _write(list({told.record.pk: self.rows[_key(told.record)] for _, told in self.told}.values()))
        for (by, verb, reason), steps in groupby(self.told, key=itemgetter(0)):
            tell_many([told for _, told in steps], by=by, verb=verb, reason=reason)
        for _, told in self.told:
            told.record.keep_index(told.before)


#: What is changed together at this moment, if anything is.
_now: ContextVar[Together | None] = ContextVar("together", default=None)


def held() -> Together | None:
    """What is changed together at this moment, if anything is."""
    return _now.get()


@contextmanager
def together(records: Sequence[Record]) -> Iterator[None]:
    """What the actions in this block change of these records, all of one kind, is saved when the block ends.

    An action that refuses one of them changes nothing of it and holds up no other. An error that leaves the block
    leaves all of them as they were.
    """
    with transaction.atomic():
        batch = Together(_locked(records))
        token = _now.set(batch)
        try:
            yield
        finally:
            _now.reset(token)
        batch.save()


def _key(record: Record) -> tuple[type, Any]:
    return type(record), record.pk


def _locked(records: Sequence[Record]) -> dict[Any, Record]:
    """In the order of their ids, so that two who lock the same ones wait instead of holding each other up."""
    if not records:
        return {}
    model = type(records[0])
    rows = model._default_manager.select_for_update(of=("self",)).filter(pk__in=[record.pk for record in records])
    found = list(rows.order_by("pk"))
    prefetch_related_objects(found, *(column.name for column in model._meta.concrete_fields if column.is_relation))
    return {_key(row): row for row in found}


def _write(changed: list[Any]) -> None:
    """An upsert, because it is many times faster than an update with a case for each; each of them is there."""
    if not changed:
        return
    model = type(changed[0])
    columns = [c.name for c in model._meta.concrete_fields if not (c.primary_key or c.generated)]
    columns.remove("created_at")
    model._default_manager.bulk_create(
        changed, batch_size=_BATCH, update_conflicts=True, unique_fields=["id"], update_fields=columns
    )
