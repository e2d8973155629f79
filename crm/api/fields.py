"""What a body may hold: fields that refuse what no record could keep, and serializers that refuse what they don't know."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

#: Above any real number of people, places or hours; far below what a sum of many could overflow.
MANY = 10_000_000
_EARLIEST, _LATEST = date(1900, 1, 1), date(2100, 12, 31)


def _check_year(day: date) -> None:
    if not _EARLIEST.year <= day.year <= _LATEST.year:
        raise serializers.ValidationError(
            f"Give a day between {_EARLIEST.year} and {_LATEST.year}", code="out_of_range"
        )


class Number(serializers.IntegerField):
    """A whole number of people or things; 0 is a true zero."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": MANY} | kwargs)


class Day(serializers.DateField):
    """A day of a year that records are about."""

    default_validators = [_check_year]


class Moment(serializers.DateTimeField):
    """A time; without an offset it is a time in Kent."""

    default_validators = [_check_year]

    def enforce_timezone(self, value: datetime) -> datetime:
        """Years far off can't be moved between time zones: they are refused first."""
        _check_year(value)
        return super().enforce_timezone(value)


class Text(serializers.CharField):
    """Words of any length that somebody could have written; may be empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "allow_blank": True, "max_length": 10_000} | kwargs)


class StrictSerializer(serializers.Serializer):
    """A body, or a part of one, in which an unknown name is refused instead of passed over.

    `given_back`: names that answers show and bodies may repeat without effect. At the root, the context's `shown`
    is the present answer: what a client read may come back with the change, as long as it is unchanged.
    """

    given_back: frozenset[str] = frozenset()

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Raises ValidationError with all refusals at once, unknown names too."""
        errors = self._unknown(data) if isinstance(data, Mapping) else {}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError(errors | dict(error.detail)) from None  # type: ignore[arg-type]
        if errors:
            raise serializers.ValidationError(errors)
        return value

    def _unknown(self, data: Mapping) -> dict[str, list]:
        others = data.keys() - self.fields.keys() - self.given_back
        if self.parent is not None:
            return {str(name): [_unknown_name()] for name in others}
        shown, all_names = self.context.get("shown") or {}, self.context.get("shape", {})
        changed = [name for name in others if name not in shown or shown[name] != data[name]]
        return {str(name): [_read_only(name) if name in all_names else _unknown_name()] for name in changed}


class ReasonInput(StrictSerializer):
    """Why; the lifecycle says where it must not be empty."""

    reason = Text(default="")


class OnInput(StrictSerializer):
    """The day on which it happened, where it was not today or as planned."""

    on = Day(required=False, allow_null=True)


class ReasonOnInput(ReasonInput, OnInput):
    """Why, and on which day."""


def _unknown_name() -> ErrorDetail:
    return ErrorDetail("There is no such field", code="unknown")


def _read_only(name: str) -> ErrorDetail:
    words = "It moves by verbs, such as POST …/cancel/" if name == "status" else "It can't be set"
    return ErrorDetail(words, code="read_only")


@extend_schema_field({"oneOf": [{"type": "object"}, {"type": "null"}]})
class EmployeesField(serializers.Field):
    """A range of employees as `{"low", "high"}`, or one number."""

    default_error_messages = {"invalid": 'Give a number, or {{"low": 50, "high": 249}} with the lower number first'}

    def to_internal_value(self, data: Any) -> tuple[int | None, int | None]:
        low, high = (data.get("low"), data.get("high")) if isinstance(data, dict) else (data, data)
        both = [number for number in (low, high) if number is not None]
        if not all(type(number) is int and 0 <= number <= MANY for number in both) or sorted(both) != both:
            self.fail("invalid")
        return low, high

    def to_representation(self, value: Any) -> Any:
        return value
