"""Boxes that many forms have: numbers of people, times of day."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class NumberOfPeople(forms.IntegerField):
    """A whole number from 0; empty means that nobody knows it yet, which is not 0."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4", "autocomplete": "off"})
        usual: dict[str, Any] = {"required": False, "min_value": 0, "max_value": 1_000_000, "widget": widget}
        super().__init__(**usual | kwargs)
        self.error_messages["invalid"] = "Enter a whole number, such as 24, or leave it empty if it is not known yet"

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No min and max: they are for number boxes, and this is a text box with a keypad."""
        return {}


def number_or_unknown(number: int | None, unknown: bool, whose: str = "") -> ValidationError | None:
    """What is wrong where a number and "not known yet" stand side by side: one of the two is said, never both."""
    if number is None and not unknown:
        return ValidationError(f"Enter how many learners came{whose}, or say that it is not known yet", code="required")
    if number is not None and unknown:
        return ValidationError("Either enter the number or tick \u201cNot known yet\u201d, not both", code="both")
    return None


def time_of_day(**kwargs: Any) -> forms.TimeField:
    """Hours and minutes, never required."""
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "govuk-input--width-5"})
    return forms.TimeField(
        required=False, widget=widget, error_messages={"invalid": "Enter a time, such as 09:30"}, **kwargs
    )
