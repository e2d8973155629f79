"""The forms of the registry: an organisation, its people, its memberships, and what was said to it."""

import re
from datetime import date
from typing import Any

from django import forms

from crm.forms.boxes import NumberOfPeople
from crm.forms.records import OneRecord
from crm.forms.widgets import DateParts
from guilds.access.permissions import allowed
from guilds.engagement.follow_ups import InteractionKind
from guilds.organisations.consent import VERSION, WORDINGS
from guilds.organisations.models import (
    ContactSource,
    LawfulBasis,
    LocalKind,
    MemberRole,
    Membership,
    Organisation,
    ProviderKind,
    Scheme,
    SizeBand,
    Status,
)
from guilds.reference.models import Guild

#: What decides an organisation's identity and role: not for its own members to change.
STAFF_ONLY = ("status", "is_employer", "is_provider", "provider_kind", "local_kind", *Scheme.values)
_SAME = (
    "name", "status", "is_employer", "is_provider", "address", "postcode", "website", "phone", "size_band", "headcount",
    "provider_kind", "local_kind", "pupils", "trust",
)  # fmt: skip
_OF_ONE_ROLE = {"is_employer": ("size_band", "headcount"), "is_provider": ("pupils", "trust")}


def day_box(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day in three boxes."""
    invalid = "Enter a real date: day, month and year, such as 14 3 2026"
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=DateParts, error_messages={"invalid": invalid}
    )


def words_box(label: str, *, rows: int = 3, required: bool = True, help_text: str = "") -> forms.CharField:
    """Some lines of text."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, help_text=help_text, widget=widget, max_length=5000)


class OrganisationForm(forms.Form):
    """What is known of an organisation. Members may not change what decides its identity."""

    name = forms.CharField(max_length=250)
    trading_names = words_box("Other names", rows=2, required=False, help_text="One on each line")
    is_employer = forms.BooleanField(label="Employer", required=False)
    is_provider = forms.BooleanField(label="School, college, university or training provider", required=False)
    provider_kind = forms.ChoiceField(
        label="Kind of school or college", required=False, choices=[("", "None, or not known"), *ProviderKind.choices]
    )
    local_kind = forms.ChoiceField(
        label="Local kind", required=False, choices=[("", "None, or not known"), *LocalKind.choices]
    )
    companies_house = forms.CharField(label="Company number", required=False, max_length=20)
    charity = forms.CharField(label="Charity number", required=False, max_length=20)
    urn = forms.CharField(label="URN", required=False, max_length=20)
    ukprn = forms.CharField(label="UKPRN", required=False, max_length=20)
    laestab = forms.CharField(label="LAESTAB", required=False, max_length=20)
    address = words_box("Address", required=False)
    postcode = forms.CharField(
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
        help_text="Its district follows from it",
    )
    website = forms.URLField(required=False, max_length=300, assume_scheme="https")
    phone = forms.CharField(label="Switchboard or office telephone", required=False, max_length=40)
    size_band = forms.ChoiceField(label="Size", required=False, choices=[("", "Not known"), *SizeBand.choices])
    headcount = NumberOfPeople(
        label="Headcount", help_text="Of a public body, for its apprenticeship target. Empty if not known"
    )
    pupils = NumberOfPeople(label="Pupils", help_text="Empty if not known")
    trust = forms.CharField(
        label="Trust", required=False, max_length=200, help_text="The academy trust that the school belongs to, if any"
    )
    status = forms.ChoiceField(choices=Status.choices, initial=Status.ACTIVE)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        for name in [] if user.is_staff_member else self._not_for_members():
            del self.fields[name]
        if organisation is None:
            del self.fields["status"]

    def _not_for_members(self) -> list[str]:
        of_others = [n for role, names in _OF_ONE_ROLE.items() if not getattr(self.organisation, role) for n in names]
        return [*STAFF_ONLY, *of_others]

    def clean_companies_house(self) -> str:
        """Eight characters: zeros that a spreadsheet has eaten are put back."""
        number = re.sub(r"\s+", "", self.cleaned_data["companies_house"]).upper()
        return number.zfill(8) if number.isdigit() else number

    def facts(self) -> dict[str, Any]:
        """What was said, as the actions take it."""
        facts = {name: self.cleaned_data[name] for name in _SAME if name in self.fields}
        facts["trading_names"] = [
            line.strip() for line in self.cleaned_data["trading_names"].splitlines() if line.strip()
        ]
        if "urn" in self.fields:
            facts["identifiers"] = [(s, self.cleaned_data[s]) for s in Scheme.values if self.cleaned_data[s]]
        if self.organisation and facts["postcode"] == self.organisation.postcode:
            del facts["postcode"]  # its district may have been set by hand
        return facts


def facts_of(organisation: Organisation) -> dict[str, Any]:
    """What a form about an organisation starts with."""
    numbers = {identifier.scheme: identifier.value for identifier in organisation.identifiers.all()}
    same = {name: getattr(organisation, name) for name in (*_SAME, "version")}
    return same | numbers | {"trading_names": "\n".join(organisation.trading_names)}


class InteractionForm(forms.Form):
    """A call, meeting or message, in one line."""

    kind = forms.ChoiceField(label="What it was", choices=InteractionKind.choices)
    happened_on = forms.DateField(
        label="On",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a real date"},
    )
    summary = forms.CharField(
        label="What was said",
        max_length=2000,
        help_text="For the team only. No names of young people",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    hide_optional = True


class CorrectInteractionForm(InteractionForm):
    """The same over what was noted, with the version that it shows."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ContactForm(forms.Form):
    """A person at an organisation."""

    name = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    role = forms.CharField(label="Job title", required=False, max_length=100)
    email = forms.EmailField(
        label="E-mail address",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid": "Enter an e-mail address in the correct format, like name@example.com"},
    )
    phone = forms.CharField(label="Telephone", required=False, max_length=40)
    source = forms.ChoiceField(
        label="Where these details come from",
        choices=[("", "Choose one"), *ContactSource.choices],
        error_messages={"required": "Say where these details come from: they may ask"},
    )
    source_on = day_box("When they came", required=False, help_text="Empty if nobody knows any more")
    lawful_basis = forms.ChoiceField(
        label="Lawful basis for keeping these details", choices=LawfulBasis.choices, initial=LawfulBasis.PUBLIC_TASK
    )
    consent_version = forms.ChoiceField(
        label="What they agreed to, if it is consent",
        required=False,
        choices=[("", "Today’s words"), *((version, f"Words {version}") for version in WORDINGS)],
        help_text=f"Today’s words are: “{WORDINGS[VERSION]}”",
    )
    do_not_contact = forms.BooleanField(
        label="Has asked not to be contacted", required=False, help_text="Nobody is offered the address any more"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, agreed: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if agreed and agreed not in WORDINGS:
            self.fields["consent_version"].choices += [(agreed, f"Words {agreed}")]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What was said, as the actions take it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class MembershipForm(forms.Form):
    """An organisation joins a guild."""

    guild = OneRecord(Guild.objects.none(), to_field_name="slug", empty_label="Choose a guild")
    role = forms.ChoiceField(label="As", choices=MemberRole.choices, initial=MemberRole.MEMBER)
    joined_on = day_box("Joined on")

    def __init__(self, *args: Any, today: date, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        led = [
            guild.pk
            for guild in Guild.objects.active(today)
            if allowed(user, "membership.change", Membership(guild=guild))
        ]
        self.fields["guild"].queryset = Guild.objects.filter(pk__in=led)  # type: ignore[attr-defined]


class LeavingForm(forms.Form):
    """An organisation leaves a guild."""

    left_on = day_box("Left on", help_text="The first day on which it is no member any more")
