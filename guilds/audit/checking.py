"""Whether a record may be saved: its fields and its named constraints, every refusal under a field's name."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from guilds.audit.constraints import broken, fields_of
from guilds.audit.refusals import Refusals


def check(record: models.Model, *, unchanged: Collection[str] = (), unique: bool = True) -> None:
    """Check fields, uniqueness and constraints.

    Unlike `full_clean`, the database is asked about uniqueness only: related rows exist because its own foreign keys
    hold that, and a broken constraint is told under the field that it is about. What rests on `unchanged` fields
    alone was unique before; `unique=False` where the caller has seen to it.
    Raises ValidationError keyed by field.
    """
    refusals = Refusals()
    relations = [field for field in record._meta.concrete_fields if field.is_relation]
    for field in relations:
        missing = getattr(record, field.attname) is None and not field.null
        refusals.add_when(missing, field.name, "Enter this", "required")
    _clean_fields(record, {field.name for field in relations}, refusals)
    _gather(refusals, record.clean)
    refusals.raise_if_any()
    if unique:
        _gather(refusals, lambda: record.validate_unique(exclude={"id", *unchanged}))
    for constraint in record._meta.constraints:
        fresh = unique and not set(fields_of(constraint)) <= set(unchanged)
        if broken(record, constraint, unique=fresh):
            refusals.add(fields_of(constraint)[0], str(constraint.violation_error_message), constraint.name)
    refusals.raise_if_any()


def unchanged_fields(record: models.Model, before: dict[str, Any]) -> set[str]:
    """The fields that stand as `before` (by column name) has them."""
    return {
        field.name
        for field in record._meta.concrete_fields
        if field.attname in before and before[field.attname] == getattr(record, field.attname)
    }


def _clean_fields(record: models.Model, leave_out: set[str], refusals: Refusals) -> None:
    """Django's own checks of each value, in words that say what would be accepted."""
    try:
        record.clean_fields(exclude=leave_out)
    except ValidationError as error:
        for name, errors in error.error_dict.items():
            for one in errors:
                refusals.add(name, _in_words(record._meta.get_field(name), one), one.code or "invalid")


def _in_words(field: Any, error: ValidationError) -> str:
    if error.code in ("blank", "null"):
        return "Enter this"
    if error.code == "invalid_choice":
        return f"Choose one of: {', '.join(str(value) for value, _ in field.flatchoices)}"
    return " ".join(error.messages)


def _gather(refusals: Refusals, step) -> None:
    try:
        step()
    except ValidationError as error:
        refusals.add_from(error)
