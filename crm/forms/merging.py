"""Forms about records that may be one organisation."""

from typing import Any

from django import forms

from crm.forms.organisations import OrganisationField, detail_of
from guilds.organisations.models import Organisation


class OtherForm(forms.Form):
    """Which other record is the same organisation."""

    other = OrganisationField(label="The other record", help_text="Its name, or its company number or URN")


class MergeForm(forms.Form):
    """Which of two records stays."""

    winner = forms.ChoiceField(
        label="Which record stays?",
        help_text="It takes over everything of the other, and keeps its own name and details",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="Why they are one organisation", required=False, max_length=1000)

    def __init__(self, *args: Any, pair: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["winner"].choices = [(str(one.pk), f"{one.name} ({detail_of(one)})") for one in pair]  # type: ignore[attr-defined]
