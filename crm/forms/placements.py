"""The form of a placement."""

from datetime import date
from typing import Any

from django import forms

from crm.forms.boxes import NumberOfPeople
from crm.forms.opportunities import count_box
from crm.forms.organisations import OrganisationField
from crm.forms.records import OneRecord
from crm.forms.registry import day_box
from guilds.opportunities.models import Placement, PlacementStatus, Programme
from guilds.pledges.queries import guilds_to_choose
from guilds.reference.models import Guild

_NEW = (PlacementStatus.ARRANGED, PlacementStatus.STARTED, PlacementStatus.COMPLETED)
_SAME = (
    "employer", "workplace", "provider", "programme", "learners", "hours", "arranged_on", "starts_on", "ends_on",
    "suits_send", "suits_reengagement", "reference",
)  # fmt: skip


class PlacementForm(forms.Form):
    """A placement as it is known; its status moves by verbs once it is there."""

    employer = OrganisationField("employer", help_text="Name or company number")
    workplace = OrganisationField(
        required=False, help_text="If it is elsewhere than at the employer: an organisation on our books"
    )
    provider = OrganisationField("provider", label="School or college", required=False, help_text="Name or URN")
    guild = OneRecord(
        label="Lead guild",
        queryset=Guild.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label="County-wide",
    )
    programme = forms.ChoiceField(choices=Programme.choices)
    learners = count_box("How many learners", "A number; names are never kept")
    hours = NumberOfPeople(label="Hours for each learner", help_text="Empty if not known yet")
    arranged_on = day_box("Arranged on")
    starts_on = day_box("First day", required=False, help_text="Planned, or as it was")
    ends_on = day_box("Last day", required=False, help_text="Planned, or as it was")
    suits_send = forms.BooleanField(
        label="Suits young people with special educational needs or disabilities", required=False
    )
    suits_reengagement = forms.BooleanField(
        label="Suits young people who are returning to education or work", required=False
    )
    reference = forms.CharField(required=False, max_length=60, help_text="Your own, if you have one")
    status = forms.ChoiceField(
        label="How it stands",
        choices=[(status.value, status.label) for status in _NEW],
        initial=PlacementStatus.ARRANGED,
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, today: date, placement: Placement | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.placement = placement
        chosen = placement.guild_id if placement else None
        self.fields["guild"].queryset = guilds_to_choose(user, today, chosen)  # type: ignore[attr-defined]
        if placement:
            del self.fields["status"]

    def facts(self) -> dict[str, Any]:
        """What was said; of a placement that is there already, only what differs: the rest follows from nothing new."""
        names = [*_SAME, "guild", *(["status"] if "status" in self.fields else [])]
        said = {name: self.cleaned_data[name] for name in names}
        return {n: v for n, v in said.items() if not self.placement or getattr(self.placement, n) != v}


def facts_of(placement: Placement) -> dict[str, Any]:
    """What a form about a placement starts with."""
    return {name: getattr(placement, name) for name in (*_SAME, "version")} | {"guild": placement.guild_id}
