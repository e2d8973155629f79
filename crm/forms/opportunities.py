"""What the verbs of placements and apprenticeships ask for, and the boxes that both have."""

from typing import Any

from django import forms
from django.utils import timezone

from crm.forms.registry import day_box, words_box
from guilds.opportunities.models import Canceller


def count_box(label: str, help_text: str = "") -> forms.IntegerField:
    """A whole number from 1."""
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=1,
        max_value=100_000,
        initial=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5", "autocomplete": "off"}),
        error_messages={"invalid": "Write a whole number, like 20", "min_value": "Enter 1 or more"},
    )


class VerbForm(forms.Form):
    """A verb that asks for nothing. `start` gives what its boxes begin with."""

    @staticmethod
    def start(record: Any) -> dict[str, Any]:
        """Nothing is known beforehand."""
        return {}


class StartForm(VerbForm):
    """The first day."""

    on = day_box("First day")

    @staticmethod
    def start(record: Any) -> dict[str, Any]:
        """The day that was planned, if it has come; else today."""
        today = timezone.localdate()
        return {"on": min(record.starts_on or today, today)}


class EndForm(VerbForm):
    """The last day."""

    on = day_box("Last day")

    @staticmethod
    def start(record: Any) -> dict[str, Any]:
        """The day that was planned, if it has come; else today."""
        today = timezone.localdate()
        return {"on": min(record.ends_on or today, today)}


class ReasonForm(VerbForm):
    """Why."""

    reason = words_box("Why", help_text="No names of young people")


class MaybeReasonForm(VerbForm):
    """Why, if it is known."""

    reason = words_box("Why", required=False, help_text="No names of young people")


class CancelPlacementForm(ReasonForm):
    """Who cancelled, and why."""

    cancelled_by = forms.ChoiceField(
        label="Who cancelled it",
        choices=Canceller.choices,
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
    )
    field_order = ("cancelled_by", "reason")


class LeaveForm(EndForm, ReasonForm):
    """When they left, and why."""

    field_order = ("on", "reason")
