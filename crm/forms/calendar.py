"""What of the calendar somebody wants to see."""

from typing import Any

from django import forms

from crm.forms.records import OneRecord
from guilds.calendar.entries import KINDS
from guilds.reference.models import Guild


class CalendarFilters(forms.Form):
    """Guild, kind, and whose; the view and the day stay as they are."""

    hide_optional = True
    guild = OneRecord(Guild.objects.none(), to_field_name="slug", required=False, empty_label="All")
    kind = forms.ChoiceField(choices=[("", "All"), *KINDS.items()], required=False)
    whose = forms.ChoiceField(choices=[("mine", "Mine"), ("all", "Everybody's")], required=False)
    view = forms.ChoiceField(
        choices=[("month", "Month"), ("week", "Week"), ("list", "List")], required=False, widget=forms.HiddenInput
    )
    day = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["guild"].queryset = Guild.objects.visible_to(user)  # type: ignore[attr-defined]
        if not user.is_staff_member:
            del self.fields["whose"]

    def clean_day(self) -> Any:
        """Years of four digits that have neighbours."""
        day = self.cleaned_data["day"]
        if day and not 1900 <= day.year <= 2200:
            raise forms.ValidationError("Choose a year from 1900 to 2200", code="far")
        return day
