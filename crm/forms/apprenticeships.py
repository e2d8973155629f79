"""The form of an apprenticeship."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from crm.forms.opportunities import count_box
from crm.forms.organisations import OrganisationField
from crm.forms.records import OneRecord
from crm.forms.registry import day_box
from guilds.opportunities.models import Apprenticeship, ApprenticeshipStatus, Intake
from guilds.pledges.queries import guilds_to_choose
from guilds.reference.models import ApprenticeshipStandard, Guild

_NEW = (
    ApprenticeshipStatus.OPEN, ApprenticeshipStatus.FILLED, ApprenticeshipStatus.STARTED, ApprenticeshipStatus.COMPLETED
)  # fmt: skip
_SAME = (
    "employer", "workplace", "training_provider", "level", "positions", "intake", "assisted", "opened_on", "starts_on",
    "ends_on", "reference",
)  # fmt: skip
_LEVELS = [("", "As the standard says"), *((level, f"Level {level}") for level in range(2, 9))]


class ApprenticeshipForm(forms.Form):
    """Positions on one standard; their status moves by verbs once they are there."""

    employer = OrganisationField("employer", help_text="Name or company number")
    workplace = OrganisationField(
        required=False, help_text="If it is elsewhere than at the employer: an organisation on our books"
    )
    standard = forms.CharField(
        required=False, max_length=250, help_text="Its title, or its reference, such as ST0228. Empty if not known yet"
    )
    level = forms.TypedChoiceField(choices=_LEVELS, coerce=int, empty_value=None, required=False)
    positions = count_box("How many positions")
    guild = OneRecord(
        label="Lead guild",
        queryset=Guild.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label="County-wide",
    )
    training_provider = OrganisationField("provider", label="Training provider", required=False)
    intake = forms.ChoiceField(choices=[("", "Any time"), *Intake.choices], required=False)
    assisted = forms.BooleanField(label="Assisted apprenticeship", required=False)
    opened_on = day_box("Opened on")
    starts_on = day_box("First day", required=False, help_text="Planned, or as it was")
    ends_on = day_box("Last day", required=False, help_text="Planned, or as it was")
    reference = forms.CharField(required=False, max_length=60, help_text="Your own, if you have one")
    status = forms.ChoiceField(
        label="How it stands",
        choices=[(status.value, status.label) for status in _NEW],
        initial=ApprenticeshipStatus.OPEN,
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, user: Any, today: date, apprenticeship: Apprenticeship | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.apprenticeship = apprenticeship
        chosen = apprenticeship.guild_id if apprenticeship else None
        self.fields["guild"].queryset = guilds_to_choose(user, today, chosen)  # type: ignore[attr-defined]
        if apprenticeship:
            del self.fields["status"]

    def facts(self) -> dict[str, Any]:
        """What was said; of positions that are there already, only what differs."""
        names = [*_SAME, "guild", *(["status"] if "status" in self.fields else [])]
        said = {name: self.cleaned_data[name] for name in names} | self._standard()
        known = self.apprenticeship
        return {name: value for name, value in said.items() if not known or getattr(known, name) != value}

    def _standard(self) -> dict[str, Any]:
        """The standard of the official list that was meant; words that are none of its titles are kept as words."""
        words = " ".join(self.cleaned_data["standard"].split())
        meant = Q(reference__iexact=words) | Q(title__iexact=words)
        found = list(ApprenticeshipStandard.objects.filter(meant)[:2]) if words else []
        if len(found) == 1:
            return {"standard": found[0], "standard_title": found[0].title}
        return {"standard": None, "standard_title": words}


def facts_of(apprenticeship: Apprenticeship) -> dict[str, Any]:
    """What a form about an apprenticeship starts with."""
    same = {name: getattr(apprenticeship, name) for name in (*_SAME, "version")}
    return same | {"guild": apprenticeship.guild_id, "standard": apprenticeship.standard_title}
