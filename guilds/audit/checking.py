"""Whether a record may be saved: its fields and its named constraints, every refusal under a field's name."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from guilds.audit.refusals import Refusals


def check(record: models.Model) -> None:
    """Check fields, uniqueness and constraints.

    Unlike `full_clean`, the database is not asked again whether related rows exist (its own foreign keys hold
    that), and a broken constraint is told under the field that it is about.
    Raises ValidationError keyed by field.
    """
    refusals = Refusals()
    relations = {field.name for field in record._meta.concrete_fields if field.is_relation}
    for name in relations:
        _require(record, record._meta.get_field(name), refusals)
    _gather(refusals, lambda: record.clean_fields(exclude=relations))
    _gather(refusals, record.clean)
    refusals.raise_if_any()
    _gather(refusals, lambda: record.validate_unique(exclude={"id"}))
    for constraint in record._meta.constraints:
        _check_constraint(record, constraint, refusals)
    refusals.raise_if_any()


def _require(record: models.Model, field: models.Field, refusals: Refusals) -> None:
    missing = getattr(record, field.attname) is None and not field.null
    refusals.add_when(missing, field.name, "Enter this", "required")


def _gather(refusals: Refusals, step) -> None:
    try:
        step()
    except ValidationError as error:
        refusals.add_from(error)


def _check_constraint(record: models.Model, constraint, refusals: Refusals) -> None:
    try:
        constraint.validate(type(record), record)
    except ValidationError as error:
        for message in error.messages:
            refusals.add(field_of(constraint), message, constraint.name)


def field_of(constraint) -> str:
    """The field that a constraint is about: the first it names."""
    if isinstance(constraint, models.UniqueConstraint):
        return next(iter(constraint.fields), "__all__")
    return next(_fields_in(constraint.condition)).split("__")[0]


def _fields_in(condition: Q) -> Iterator[str]:
    for child in condition.children:
        if isinstance(child, Q):
            yield from _fields_in(child)
        else:
            yield child[0]
