"""Which figures: a period to pick or to write, and the measure by which guilds are compared."""

from collections.abc import Callable, Iterable
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
        written = self.written(cleaned)
        if written:
            return written
        return periods.parse(cleaned["period"]) if cleaned.get("period") else self.default

    def written(self, cleaned: dict[str, Any], prefix: str = "") -> Period | None:
        """The period from a first to a last day. Raises ValidationError keyed by their boxes."""
        names = {"from": f"{prefix}from", "to": f"{prefix}to"}
        start, end = (cleaned.get(name) for name in names.values())
        if start and end:
            return _said_of(names, lambda: periods.between(start, end))
        if start or end:
            name, words = ("to", "Say also where it ends") if start else ("from", "Say also where it begins")
            raise ValidationError({names[name]: ValidationError(words, code="required")})
        return None

    def _offer(self, offered: Iterable[Period]) -> None:
        self.fields["period"].widget.choices = grouped(offered)  # type: ignore[attr-defined]


class ComparisonForm(PeriodForm):
    """A period, the measure of the charts (empty: the first that has targets), and the period it is held against.

    `other` stays None where none is named: then it is the same months a year before.
    """

    measure = forms.ChoiceField(
        required=False,
        label="Compare by",
        choices=[("", "Targets, or encounters"), *((slug, measure.label) for slug, measure in MEASURES.items())],
    )
    against = forms.CharField(required=False, label="Compare with", widget=forms.Select)

    def __init__(self, data: Any, *, today: date, earliest: date) -> None:
        self.other: Period | None = None
        super().__init__(data, today=today, earliest=earliest)
        for name, label, example in (
            ("against_from", "First day to compare with", "1/9/2015"),
            ("against_to", "Last day to compare with", "31/8/2016"),
        ):
            self.fields[name] = _day(label, example)

    def clean(self) -> dict[str, Any]:
        """Find also the period that is compared with."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            self.other = self.written(cleaned, "against_") or self._named(cleaned.get("against") or "")
        except ValidationError as refusal:
            for name, errors in refusal.error_dict.items():
                self.add_error("against" if name == "period" else name, errors)
        else:
            self._offer([*self._offered, *filter(None, (self.chosen, self.other))])
            self.data = {**self.data, "against": self.other.slug if self.other else ""}
        return cleaned

    def _named(self, slug: str) -> Period | None:
        return periods.parse(slug) if slug else None

    def _offer(self, offered: Iterable[Period]) -> None:
        super()._offer(offered)
        if "against" in self.fields:
            choices = [("", "The same months a year before"), *grouped(offered)]
            self.fields["against"].widget.choices = choices  # type: ignore[attr-defined]


def _said_of(names: dict[str, str], find: Callable[[], Period]) -> Period:
    """What is wrong with a day is said beside its own box."""
    try:
        return find()
    except ValidationError as refusal:
        raise ValidationError(
            {names.get(name, name): errors for name, errors in refusal.error_dict.items()}
        ) from refusal


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
