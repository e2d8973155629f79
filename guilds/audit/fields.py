"""Setting the fields that an action lets its callers set, and no others."""

from typing import Any

from django.db import models


def known_fields(fields: dict[str, Any], editable: frozenset[str], noun: str) -> None:
    """Raises TypeError for a name that callers may not set: a mistake in the program, not in what somebody typed."""
    unknown = fields.keys() - editable
    if unknown:
        raise TypeError(f"{noun.capitalize()}s have no {', '.join(sorted(unknown))} to set")


def set_fields(record: models.Model, fields: dict[str, Any]) -> None:
    """Take over what the caller gave."""
    for name, value in fields.items():
        setattr(record, name, value)
