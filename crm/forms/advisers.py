"""The forms about enterprise advisers: signing up, matching, ending."""

from typing import Any

from django import forms

from crm.forms.organisations import OrganisationField
from crm.forms.records import OneRecord
from crm.forms.registry import day_box, words_box
from guilds.organisations.models import Contact
from guilds.pledges.advisers import AdviserPlace
from guilds.pledges.models import Pledge, PledgeKind


class SignUpForm(forms.Form):
    """A school that would like an adviser."""

    organisation = OrganisationField(
        role="provider", label="School or college", error_messages={"required": "Say which school signs up"}
    )
    signed_up_on = day_box("Signed up on")


class MatchForm(forms.Form):
    """Whose adviser it is, and since when. People and pledges are offered once the employer is known."""

    employer = OrganisationField(
        role="employer", label="The adviser’s employer", error_messages={"required": "Say whose adviser it is"}
    )
    contact = OneRecord(
        Contact.objects.none(), required=False, label="The adviser", empty_label="Not known yet",
        help_text="People of employers that have promised an enterprise adviser, by employer",
    )  # fmt: skip
    pledge = OneRecord(Pledge.objects.none(), required=False, label="The promise that this keeps", empty_label="None")
    matched_on = day_box("Matched on")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        promised = Pledge.objects.visible_to(user).open().filter(kind=PledgeKind.ENTERPRISE_ADVISER)
        employers = promised.order_by().values("employer")
        people = Contact.objects.visible_to(user).filter(organisation__in=employers).select_related("organisation")
        pledge, contact = self.fields["pledge"], self.fields["contact"]
        pledge.queryset = promised.select_related("employer").order_by("employer__name")  # type: ignore[attr-defined]
        pledge.label_from_instance = lambda one: f"{one.employer.name}, {one}"  # type: ignore[attr-defined]
        contact.queryset = people.order_by("organisation__name", "name")  # type: ignore[attr-defined]
        contact.label_from_instance = lambda one: f"{one.organisation.name}: {one.name}"  # type: ignore[attr-defined]


class EndPlaceForm(forms.Form):
    """Since when, and why."""

    ended_on = day_box("Since when")
    reason = words_box("Why", help_text="No names of young people")


def initial_of(place: AdviserPlace) -> dict[str, Any]:
    """What the boxes of a match hold at first."""
    return {"version": place.version}
