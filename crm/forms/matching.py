"""The boxes beside rows that fit: how many each gets."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

PREFIX = "give_"


class SharesForm(forms.Form):
    """One box for each row; an empty one gives nothing. `rows`: (id, what the row is called)."""

    hide_optional = True

    def __init__(self, *args: Any, rows: Iterable[tuple[UUID, str]], noun: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for pk, name in rows:
            widget = forms.TextInput(
                attrs={
                    "inputmode": "numeric",
                    "class": "govuk-input--width-3",
                    "autocomplete": "off",
                    "data-share": True,
                }
            )
            self.fields[name_of(pk)] = forms.IntegerField(
                label=f"{noun} {name}",
                required=False,
                min_value=1,
                max_value=100_000,
                widget=widget,
                error_messages={
                    "invalid": "Write a whole number, like 5",
                    "min_value": "Give 1 or more, or leave it empty",
                },
            )

    def clean(self) -> dict[str, Any]:
        """Nothing at all is a mistake."""
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise ValidationError("Say beside one or more of the rows how many it gets", code="nothing")
        return cleaned

    @property
    def chosen(self) -> dict[str, int]:
        """The boxes that say something, by name."""
        return {name: number for name, number in self.cleaned_data.items() if number}


def name_of(pk: UUID) -> str:
    """The name of a row's box."""
    return f"{PREFIX}{pk.hex}"


def ids_sent(names: Iterable[str]) -> set[UUID]:
    """The rows that boxes were sent for."""
    found = set[UUID]()
    for name in names:
        if name.startswith(PREFIX):
            with suppress(ValueError):
                found.add(UUID(name.removeprefix(PREFIX)))
    return found
