"""What an action says when it will not do as it was asked."""

from typing import Any

from django.core.exceptions import ValidationError


class Conflict(ValidationError):
    """The record has moved on, or its lifecycle forbids the change: right form, wrong moment (HTTP 409)."""


class Overtaken(Conflict):
    """Somebody else changed the record after the caller had read it (HTTP 412).

    `current` is the record as it is now; `changes` are its events since, first to last.
    """

    def __init__(self, current: Any, changes: list) -> None:
        super().__init__({"version": Conflict("Somebody else has changed this since you opened it", code="overtaken")})
        self.current, self.changes = current, changes

    @property
    def changed_fields(self) -> list[str]:
        """The fields that differ now from what the caller had read."""
        if not self.changes:
            return []
        before, after = self.changes[0].before or {}, self.changes[-1].after or {}
        return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def refuse(field: str, message: str, code: str = "invalid") -> ValidationError:
    """A refusal keyed by one field; the caller raises it."""
    return ValidationError({field: ValidationError(message, code=code)})


class RowRefusal(ValidationError):
    """A refusal of one of several rows: `row` is its index among those sent, `part` the field in it (may be empty)."""

    def __init__(self, message: str, code: str, *, row: int, part: str = "") -> None:
        super().__init__(message, code=code)
        self.row, self.part = row, part


class Refusals:
    """Gathers every refusal of one request, so that a person mends all of them at once."""

    def __init__(self) -> None:
        self.errors: dict[str, list[ValidationError]] = {}

    def add(self, field: str, message: str, code: str = "invalid") -> None:
        """Remember one refusal and go on checking."""
        self.errors.setdefault(field, []).append(ValidationError(message, code=code))

    def add_when(self, condition: bool, field: str, message: str, code: str = "invalid") -> None:
        """Remember a refusal if `condition` holds."""
        if condition:
            self.add(field, message, code)

    def add_row(self, field: str, message: str, code: str = "invalid", *, row: int, part: str = "") -> None:
        """Remember a refusal of one row, so that it can be shown there."""
        self.errors.setdefault(field, []).append(RowRefusal(message, code, row=row, part=part))

    def add_from(self, error: ValidationError) -> None:
        """Take over the refusals of a deeper check."""
        for field, errors in error.error_dict.items():
            self.errors.setdefault(field, []).extend(errors)

    def raise_if_any(self) -> None:
        """Raise all that was gathered as one `ValidationError` keyed by field."""
        if self.errors:
            raise ValidationError(self.errors)
