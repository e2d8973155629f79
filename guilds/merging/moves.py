"""What a merge did, one thing at a time, and how one thing is put back."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps
from django.db import models

from guilds.audit import recording
from guilds.audit.models import Record

#: What history calls it.
MERGED, UNDONE = "merged", "merge undone"


@dataclass(frozen=True)
class Move:
    """A field of a row that had one value before and has another after; without `field`, a row that was removed.

    `version`: the record's after the merge. `whole`: the record whose part the row is; then `state` is the whole row
    (of a removed one, before; else after).
    """

    model: str
    pk: str
    field: str
    before: Any = None
    after: Any = None
    version: int | None = None
    whole: str = ""
    state: dict[str, Any] | None = None

    @classmethod
    def read(cls, kept: Iterable[dict]) -> list["Move"]:
        """The moves of a merge, in the order in which they were made."""
        return [cls(**move) for move in kept]

    def kept(self) -> dict[str, Any]:
        """As a merge keeps it."""
        return asdict(self)

    @property
    def of(self) -> type[models.Model]:
        """The model of its row."""
        return apps.get_model("guilds", self.model)

    def value(self, value: Any) -> Any:
        """A kept value as the field has it."""
        return self.of._meta.get_field(self.field).to_python(value)  # type: ignore[union-attr]

    def put_back(self, row: models.Model) -> None:
        """Give the field its value from before."""
        setattr(row, self.of._meta.get_field(self.field).attname, self.value(self.before))  # type: ignore[union-attr]


def name_of(model: type[models.Model]) -> str:
    """What a move calls a model."""
    return str(model._meta.model_name)


def state_of(row: models.Model) -> dict[str, Any]:
    """All columns of a row, as history writes them down."""
    return {field.attname: field.value_to_string(row) if field.value_from_object(row) is not None else None
            for field in row._meta.concrete_fields}  # fmt: skip


def from_state(model: type[models.Model], state: dict[str, Any]) -> models.Model:
    """A row as it was, with the id that it had."""
    return model(
        **{f.attname: f.to_python(state[f.attname]) for f in model._meta.concrete_fields if f.attname in state}
    )


def change(record: Record, values: dict[str, Any], *, by) -> list[Move]:
    """Give fields (by column) of a record other values, and tell what was there."""
    before = {name: getattr(record, name) for name in values}
    with recording.changing(record, by=by, verb=MERGED) as now:
        for name, value in values.items():
            setattr(now, name, value)
    return [
        Move(name_of(type(record)), str(record.pk), _field(record, name), before[name], value, record.version)
        for name, value in values.items()
    ]


def remove(record: Record, *, by) -> Move:
    """Take a record out that another stands for now."""
    move = Move(name_of(type(record)), str(record.pk), "", state=state_of(record))
    recording.remove(record, by=by, verb=MERGED)
    return move


def _field(record: models.Model, column: str) -> str:
    return next(field.name for field in record._meta.concrete_fields if field.attname == column)
