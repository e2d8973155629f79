"""What is asked before something is published, scheduled or revised."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from crm.forms.boxes import time_of_day
from crm.forms.impact import grouped
from crm.forms.opportunities import VerbForm
from crm.forms.records import OneRecord
from crm.forms.registry import day_box, words_box
from guilds.impact import periods
from guilds.impact.measures import MEASURES
from guilds.reference.calendars import LONDON
from guilds.reference.models import District, Guild

_AS = [
    ("provisional", "Provisional: may still be revised as numbers come in"),
    ("final", "Final: all numbers are in"),
]


class PublicationForm(forms.Form):
    """What the figures are to be about."""

    period = forms.ChoiceField(label="Period")
    guild = OneRecord(
        Guild.objects.order_by("name"), to_field_name="slug", required=False, label="Guild",
        empty_label="All guilds", help_text="Choose a guild or a district, or leave both for the whole county",
    )  # fmt: skip
    district = OneRecord(
        District.objects.order_by("name"), to_field_name="code", required=False, label="District",
        empty_label="All districts",
    )  # fmt: skip
    hide_optional = True

    def __init__(self, *args: Any, today: date, earliest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [period for period in periods.choices(today, earliest) if period.start <= today]
        self.fields["period"].choices = grouped(offered)  # type: ignore[attr-defined]


class StatusForm(VerbForm):
    """As what it is published."""

    status = forms.ChoiceField(
        label="Publish as",
        choices=_AS,
        widget=forms.RadioSelect,
        initial="provisional",
        error_messages={"invalid_choice": "Choose provisional or final", "required": "Choose provisional or final"},
    )


class ScheduleForm(StatusForm):
    """As what, and when."""

    day = day_box("Day", help_text="For example 14 7 2026")
    time = time_of_day(label="Time", help_text="For example 09:30; at 9 in the morning unless you say so")

    def clean(self) -> dict[str, Any]:
        """The day and the time as one moment in Kent."""
        cleaned = super().clean() or {}
        day, time = cleaned.pop("day", None), cleaned.pop("time", None)
        if day:
            at = time or datetime.min.time().replace(hour=9)
            cleaned["at"] = datetime.combine(day, at, tzinfo=LONDON)
        return cleaned

    @staticmethod
    def start(record: Any) -> dict[str, Any]:
        """What is arranged by now."""
        if not record.scheduled_for:
            return {}
        at = timezone.localtime(record.scheduled_for)
        return {"status": record.scheduled_as, "day": at.date(), "time": at.time()}


class ReviseForm(VerbForm):
    """Why there is a new version."""

    reason = words_box(
        "Why there is a new version",
        help_text="Everybody who reads the publication can read this. Don’t name anybody",
    )


class MeasureForm(forms.Form):
    """The measure that a publication's tables show."""

    hide_optional = True
    measure = forms.ChoiceField(
        required=False,
        label="Measure",
        choices=[(slug, measure.label) for slug, measure in MEASURES.items()],
    )
