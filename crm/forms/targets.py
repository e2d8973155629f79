"""What is asked before something is aimed at, moved, ended, or spread over the guilds."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from crm.forms.boxes import NumberOfPeople
from crm.forms.impact import grouped
from crm.forms.opportunities import count_box
from crm.forms.records import OneRecord
from crm.forms.registry import words_box
from guilds.impact import periods
from guilds.impact.measures import MEASURES
from guilds.impact.periods import Period
from guilds.reference.calendars import add_months
from guilds.reference.models import District, Guild

#: What can be aimed at: shares can't, and of the characteristics of young people nobody should have to have enough.
AIMED_AT = [(slug, one.label) for slug, one in MEASURES.items() if one.sort != "ratio" and not one.characteristic]
HOW = [
    ("equal", "The same for every guild"),
    ("last_year", "As the guilds did in the year before"),
    ("members", "By how many members the guilds have"),
]
#: For how many coming years something can be aimed at.
_AHEAD = 3
_WHO_READS = "Everybody who reads targets can read this. Don’t name anybody"


def offered(today: date, earliest: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """The periods of figures, and before them the years of a plan that are to come, with the quarters of the next."""
    ahead = [add_months(today, 12 * years) for years in range(_AHEAD, 0, -1)]
    coming = [of(day) for of in (periods.academic_year, periods.financial_year) for day in ahead]
    quarters = [quarter for year in coming[_AHEAD - 1 :: _AHEAD] for quarter in periods.quarters(year)]
    return grouped([*coming, *quarters, *periods.choices(today, earliest)])


class PeriodBox(forms.Form):
    """A measure and the period in which it is aimed at."""

    hide_optional = True
    measure = forms.ChoiceField(label="Measure", choices=AIMED_AT)
    period = forms.ChoiceField(label="Period")
    value = count_box("Value", "In the measure’s own unit")

    def __init__(self, *args: Any, today: date, earliest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = offered(today, earliest)  # type: ignore[attr-defined]
        self.fields["value"].initial = None

    @property
    def span(self) -> Period:
        """The period that was chosen."""
        return periods.parse(self.cleaned_data["period"])


class TargetForm(PeriodBox):
    """What is aimed at, for whom, in which period."""

    guild = OneRecord(
        Guild.objects.order_by("name"), to_field_name="slug", required=False, label="Guild",
        empty_label="All guilds", help_text="Choose a guild or a district, or leave both for the whole county",
    )  # fmt: skip
    district = OneRecord(
        District.objects.order_by("name"), to_field_name="code", required=False, label="District",
        empty_label="All districts",
    )  # fmt: skip
    reason = words_box(
        "Why", rows=2, required=False, help_text=f"Where it comes from, for example a plan. {_WHO_READS}"
    )
    field_order = ("measure", "guild", "district", "period", "value", "reason")


class MoveForm(forms.Form):
    """Another value, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    value = count_box("New value")
    reason = words_box("Why it moves", help_text=_WHO_READS)


class EndForm(forms.Form):
    """Why nobody aims at it any more."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = words_box("Why it ends", help_text=_WHO_READS)


class SpreadForm(PeriodBox):
    """A value for the county, and how it is spread over the guilds at first."""

    how = forms.ChoiceField(label="Spread it", choices=HOW, widget=forms.RadioSelect, initial="equal")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].label = "Target of the whole county"


class ProposalForm(forms.Form):
    """The county's value and each guild's, to be changed before they are saved; an empty box leaves a guild as it is."""

    hide_optional = True

    def __init__(self, *args: Any, guilds: Iterable[Guild], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guilds = list(guilds)
        self.fields["county"] = _box("Whole county")
        for guild in self.guilds:
            self.fields[guild.slug] = _box(guild.name)
        self.fields["reason"] = words_box(
            "Why", rows=2, required=False, help_text=f"Needed where a target moves that is set already. {_WHO_READS}"
        )

    @property
    def values(self) -> dict[Guild | None, int]:
        """What was written, by guild; the county's under None."""
        boxes: list[tuple[Guild | None, str]] = [(None, "county"), *((guild, guild.slug) for guild in self.guilds)]
        said = {guild: self.cleaned_data.get(name) for guild, name in boxes}
        return {guild: value for guild, value in said.items() if value is not None}


def _box(label: str) -> NumberOfPeople:
    box = NumberOfPeople(label=label, max_value=100_000_000)
    box.error_messages["invalid"] = "Write a whole number, like 40, or leave it empty"
    return box
