"""Named constraints, asked of a record in Python: the database stays the last word, but need not be asked each time."""

import operator
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.db.models import F, Q

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, several: value in several,
    "range": lambda value, ends: ends[0] <= value <= ends[1],
    "regex": lambda value, pattern: re.search(pattern, value) is not None,
}


class CannotTell(Exception):
    """The condition has something in it that only the database can work out."""


def broken(record: models.Model, constraint: models.BaseConstraint, *, unique: bool = True) -> bool:
    """Whether a record, whose fields are clean, breaks a constraint. Only uniqueness asks the database (if `unique`)."""
    try:
        if isinstance(constraint, models.CheckConstraint):
            return truth(constraint.condition, record) is False
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            return unique and _taken(record, constraint)
    except CannotTell:
        pass
    try:
        constraint.validate(type(record), record)
    except ValidationError:
        return True
    return False


def truth(condition: Any, record: models.Model) -> bool | None:
    """A condition's value for one record, by SQL's three values: None is unknown, and breaks no check.

    Raises CannotTell for look-ups other than comparisons of the record's own columns.
    """
    if not isinstance(condition, Q) or condition.connector not in (Q.AND, Q.OR):
        raise CannotTell(condition)
    children: list[Any] = condition.children
    values = [truth(child, record) if isinstance(child, Q) else _compare(record, *child) for child in children]
    value = _all(values) if condition.connector == Q.AND else _any(values)
    return value if value is None or not condition.negated else not value


def fields_of(constraint: models.BaseConstraint) -> list[str]:
    """The fields that a constraint looks at, the one that it is about first."""
    named = list(getattr(constraint, "fields", ()))
    condition = getattr(constraint, "condition", None)
    return list(dict.fromkeys(named + list(_names_in(condition or Q())))) or ["__all__"]


def refusal_of(record: models.Model, error: IntegrityError) -> ValidationError | None:
    """What the database refused, as a refusal keyed by field; None where it was no named constraint of ours.

    A constraint of a record's parts is told under the name that the record knows them by.
    """
    for model in apps.get_app_config("guilds").get_models():
        for constraint in model._meta.constraints:
            if _broke(error, model, constraint):
                field = fields_of(constraint)[0] if isinstance(record, model) else _part_name(record, model)
                message = str(constraint.violation_error_message)
                return ValidationError({field: ValidationError(message, code=constraint.name)})
    return None


def _compare(record: models.Model, lookup: str, wanted: Any) -> bool | None:
    name, _, comparison = lookup.partition("__")
    value = _value(record, name)
    if isinstance(wanted, F):
        wanted = _value(record, wanted.name)  # type: ignore[attr-defined]
    elif hasattr(wanted, "resolve_expression"):
        raise CannotTell(lookup)
    if comparison == "isnull":
        return (value is None) == wanted
    if (comparison or "exact") not in _COMPARISONS:
        raise CannotTell(lookup)
    return None if value is None or wanted is None else _COMPARISONS[comparison or "exact"](value, wanted)


def _value(record: models.Model, name: str) -> Any:
    return getattr(record, record._meta.get_field(name).attname)  # type: ignore[union-attr]


def _all(values: Iterable[bool | None]) -> bool | None:
    seen = set(values)
    return False if False in seen else None if None in seen else True


def _any(values: Iterable[bool | None]) -> bool | None:
    seen = set(values)
    return True if True in seen else None if None in seen else False


def _taken(record: models.Model, constraint: models.UniqueConstraint) -> bool:
    """Whether another row has what must be unique. Rows beyond the constraint's condition, or with a gap, are free."""
    if constraint.condition is not None and truth(constraint.condition, record) is not True:
        return False
    values = {name: _value(record, name) for name in constraint.fields}
    if None in values.values():
        return False
    others = type(record)._default_manager.filter(constraint.condition or Q(), **values)
    return others.exclude(pk=record.pk).exists()


def _names_in(condition: Any) -> Iterator[str]:
    for child in getattr(condition, "children", ()):
        if isinstance(child, Q):
            yield from _names_in(child)
        else:
            yield child[0].split("__")[0]


def _broke(error: IntegrityError, model: type[models.Model], constraint: models.BaseConstraint) -> bool:
    """PostgreSQL names what was broken; SQLite names a check or an index, but of a plain unique index the columns."""
    named = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if named:
        return named == constraint.name
    message = str(error)
    if f"'{constraint.name}'" in message or message.endswith(f"failed: {constraint.name}"):
        return True
    if not isinstance(constraint, models.UniqueConstraint) or not constraint.fields:
        return False
    table = model._meta.db_table
    columns = ", ".join(f"{table}.{model._meta.get_field(name).column}" for name in constraint.fields)  # type: ignore[union-attr]
    return message == f"UNIQUE constraint failed: {columns}"


def _part_name(record: models.Model, part: type[models.Model]) -> str:
    names = (
        relation.get_accessor_name() for relation in record._meta.related_objects if relation.related_model is part
    )
    return next((name for name in names if name), "__all__")
