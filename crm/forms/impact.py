"""Which figures: a period to pick or to write, and the measure by which guilds are compared."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from guilds.impact import periods
from guilds.impact.measures import MEASURES
from guilds.impact.periods import Period

WRITTEN = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y"]
#: How a picker names the sorts of period, by what their slugs look like.
_GROUPS = ("Academic years", "Financial years", "Quarters", "Months", "Other")


class PeriodForm(forms.Form):
    """A period from the list, or the first and last day of another, which then takes its place."""

    hide_optional = True
    period = forms.CharField(required=False, label="Period", widget=forms.Select)

    def __init__(self, data: Any, *, today: date, earliest: date) -> None:
        super().__init__(data)
        self.default = periods.academic_year(today)
        self.chosen: Period | None = None
        self.fields["period"].initial = self.default.slug
        for name, label, example in (("from", "From", "1/9/2016"), ("to", "To", "31/8/2017")):
            self.fields[name] = _day(label, example)
        self._offered = periods.choices(today, earliest)
        self._offer(self._offered)

    def clean(self) -> dict[str, Any]:
        """Find the period that is meant; `chosen` stays empty where there is none."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self.chosen = self._meant(cleaned)
        except ValidationError as refusal:
            for name, errors in refusal.error_dict.items():
                self.add_error(name, errors)
        else:
            self._offer([*self._offered, self.chosen])
            self.data = {**self.data.dict(), "period": self.chosen.slug}  # type: ignore[attr-defined]
        return cleaned

    def _meant(self, cleaned: dict[str, Any]) -> Period:
        start, end = cleaned.get("from"), cleaned.get("to")
        if start and end:
            return periods.between(start, end)
        if start or end:
            name, words = ("to", "Say also where it ends") if start else ("from", "Say also where it begins")
            raise ValidationError({name: ValidationError(words, code="required")})
        return periods.parse(cleaned["period"]) if cleaned.get("period") else self.default

    def _offer(self, offered: Iterable[Period]) -> None:
        self.fields["period"].widget.choices = grouped(offered)  # type: ignore[attr-defined]


class ComparisonForm(PeriodForm):
    """A period, and the measure by which guilds are compared; empty: the first that has targets."""

    measure = forms.ChoiceField(
        required=False,
        label="Compare guilds by",
        choices=[("", "Their targets, or encounters"), *((slug, measure.label) for slug, measure in MEASURES.items())],
    )


def grouped(offered: Iterable[Period]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Periods as a select box offers them: by sort, each by its slug."""
    groups: dict[str, dict[str, str]] = {name: {} for name in _GROUPS}
    for period in offered:
        groups[_group(period)][period.slug] = period.label
    return [(name, list(found.items())) for name, found in groups.items() if found]


def _day(label: str, example: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=WRITTEN,
        help_text=f"For example {example}",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
        error_messages={"invalid": f"Write a real date, like {example}"},
    )


def _group(period: Period) -> str:
    if not period.is_standard:
        return "Other"
    if "Q" in period.slug:
        return "Quarters"
    if period.length == 1:
        return "Months"
    return "Financial years" if period.slug.startswith("FY") else "Academic years"
