"""The forms about indicators: a new one, its words, a value, its end."""

from decimal import Decimal
from typing import Any

from django import forms

from crm.forms.records import OneRecord
from crm.forms.registry import day_box, words_box
from guilds.impact.indicators import Better, Progress, Travel
from guilds.impact.measures import MEASURES
from guilds.reference.models import District


def _line(label: str, longest: int, *, required: bool = False, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=required, help_text=help_text)


class WordingForm(forms.Form):
    """What it is called, says and aims at, from a day on."""

    code = _line("Code", 20, required=True, help_text="As the strategy numbers it, such as KPI 20")
    statement = words_box("What it says", rows=3)
    unit = _line("Unit", 60, help_text="Such as % or schools")
    better = forms.ChoiceField(label="Which way is better", required=False, choices=[("", "Not said"), *Better.choices])
    target = _line("Target", 200, help_text="Such as “at least 50% by 2018”")
    measure = forms.ChoiceField(
        label="Measure of this system", required=False,
        choices=[("", "None: values are entered with their source"),
                 *((slug, measure.label) for slug, measure in MEASURES.items() if not measure.characteristic)],
        help_text="Where the system holds the figure, the grid shows it by itself",
    )  # fmt: skip
    valid_from = day_box(
        "It says so from",
        required=False,
        help_text="Empty: always. Other words from a later day on leave the former ones as they were",
    )
    reason = _line("Why it changed", 250)

    def facts(self) -> dict[str, Any]:
        """What was said, as the actions take it."""
        return dict(self.cleaned_data)


class NewIndicatorForm(WordingForm):
    """A new indicator."""

    field_order = ("code", "reference", "statement")
    reference = forms.SlugField(
        label="Reference", max_length=60, required=False,
        help_text="Only where two indicators have the same code: letters, digits and hyphens, such as kpi-8-send",
    )  # fmt: skip
    note = words_box("What is odd about it", required=False)


class ValueForm(forms.Form):
    """What it was in a period."""

    period = _line(
        "Period", 20, required=True, help_text="A year such as 2016, or 2016-17, FY2016-17, 2016-17-Q1, 2017-03"
    )
    district = OneRecord(
        District.objects.local(), to_field_name="code", required=False, empty_label="The whole county", label="Where"
    )
    value = forms.DecimalField(
        label="Value", required=False, max_digits=14, decimal_places=2, help_text="Empty: no number is known",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "decimal"}),
    )  # fmt: skip
    judged = forms.ChoiceField(label="Status", required=False, choices=[("", "Not said"), *Progress.choices])
    travel = forms.ChoiceField(label="Direction of travel", required=False, choices=[("", "Not said"), *Travel.choices])
    source = _line("Source", 250, required=True, help_text="Where it can be read: a publication and its page")
    note = words_box("Note", required=False)

    def facts(self) -> dict[str, Any]:
        """What was said, as the action takes it."""
        value: Decimal | None = self.cleaned_data["value"]
        return {name: said for name, said in self.cleaned_data.items() if name != "value"} | {"value": value}


class EndForm(forms.Form):
    """Since when it is not followed, and why."""

    ended_on = day_box("It is not followed from")
    ended_because = _line("Why", 250, required=True)
