"""What a pledge says about its places, for schools and colleges that look for some."""

from typing import Any

from django import forms

from crm.forms.registry import day_box
from guilds.opportunities.models import Programme
from guilds.reference.models import ApprenticeshipStandard

PLACES = ("programme", "route", "starts_on", "ends_on")


class PlacesBoxes(forms.Form):
    """Boxes of the form of a pledge that most people leave empty; the form says where they stand."""

    programme = forms.ChoiceField(
        label="Programme",
        help_text="Of work placements",
        required=False,
        choices=[("", "Any, or not a work placement"), *Programme.choices],
    )
    route = forms.ChoiceField(label="Technical qualification area", required=False)
    starts_on = day_box("Places from", required=False, help_text="The first day on which learners can come, if fixed")
    ends_on = day_box("Places until", required=False, help_text="The last day of the places, if fixed")

    def offer_routes(self, chosen: str = "") -> None:
        """The areas of the official list of standards, and the one that was `chosen` before."""
        known = ApprenticeshipStandard.objects.routes()
        also = [chosen] if chosen and chosen not in known else []
        box: Any = self.fields["route"]
        box.choices = [("", "Any"), *((route, route) for route in [*known, *also])]
