"""The forms about pledges: recording and correcting one, and what each verb asks for."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from crm.forms.learners import LearnerBoxes
from crm.forms.offers import PLACES, PlacesBoxes
from crm.forms.organisations import OrganisationField
from crm.forms.records import OneRecord, SomeRecords
from crm.forms.widgets import DateParts
from guilds.pledges import queries
from guilds.pledges.models import Pledge, PledgeKind
from guilds.reference.models import District

#: Boxes that most people leave as they are; the page keeps them folded away.
FOLDED = (
    "districts", "year_groups", "level", "engagement", "suits_send", "suits_reengagement", "suits_t_level", *PLACES,
    "contact", "conditions", "notes",
)  # fmt: skip
#: An employer writes these, on a phone in a minute; where it is, and all else, is folded away or filled in already.
SHORT = ("kind", "quantity", "starts_on", "ends_on", "conditions")
#: Filled in without being asked: no reason to open the folded part.
FILLED_IN = ("made_on", "guild")
SUITS = (
    ("suits_send", "Suits young people with special educational needs or disabilities"),
    ("suits_reengagement", "Suits young people who are returning to education or work"),
    ("suits_t_level", "Suits T-level students"),
)


def _few_lines() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3})


def _how_many(label: str = "How many", help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=1,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5", "autocomplete": "off"}),
        error_messages={"required": "Say how many", "invalid": "Write a whole number, like 20"},
    )


class PledgeForm(PlacesBoxes, LearnerBoxes):
    """What an employer promises. The employer of an employer member is its own; staff pick one."""

    employer = OrganisationField(
        role="employer", label="Employer", error_messages={"required": "Say which employer makes the pledge"}
    )
    kind = forms.ChoiceField(
        label="What is promised",
        choices=[("", "Choose one"), *PledgeKind.choices],
        error_messages={"required": "Choose what is promised"},
    )
    quantity = _how_many(help_text="Places, positions, visits or sessions: a number")
    guild: Any = OneRecord(
        label="Guild", queryset=None, to_field_name="slug", required=False, empty_label="No guild yet"
    )
    made_on = forms.DateField(
        label="When the promise was made",
        widget=DateParts,
        error_messages={"required": "Say when the promise was made", "invalid": "Write a real date, like 14 3 2026"},
    )
    valid_until = forms.DateField(
        label="Valid until",
        help_text="Empty: until it is fulfilled or withdrawn",
        required=False,
        widget=DateParts,
        error_messages={"invalid": "Write a real date, like 31 8 2026"},
    )
    verified = forms.BooleanField(
        label="I have checked that this promise is real",
        help_text="It counts from now on. Left empty, it waits to be verified.",
        required=False,
    )
    districts = SomeRecords(
        label="Districts it is for",
        help_text="None ticked: anywhere in Kent and Medway",
        queryset=District.objects.local(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )
    engagement: Any = OneRecord(
        label="Made at", queryset=None, required=False, empty_label="No engagement", help_text="The event, if any"
    )
    contact: Any = OneRecord(
        label="Whom to ask about it", queryset=None, required=False, empty_label="Nobody in particular"
    )
    suits_send = forms.BooleanField(label=SUITS[0][1], required=False)
    suits_reengagement = forms.BooleanField(label=SUITS[1][1], required=False)
    suits_t_level = forms.BooleanField(label=SUITS[2][1], required=False)
    conditions = forms.CharField(
        label="Conditions", help_text="For example: from age 16, or only in March", required=False, widget=_few_lines()
    )
    notes = forms.CharField(label="Notes", help_text="No names of young people", required=False, widget=_few_lines())

    def __init__(self, *args: Any, user: Any, today: date, pledge: Pledge | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guild, engagement = (pledge.guild_id, pledge.engagement_id) if pledge else (None, None)
        self.fields["guild"].queryset = queries.guilds_to_choose(user, today, guild)  # type: ignore[attr-defined]
        places = self.fields["engagement"]
        places.queryset = queries.places_of_making(user, today, engagement)  # type: ignore[attr-defined]
        places.label_from_instance = lambda place: f"{place.starts_on:%-d %B %Y}: {place.title}"  # type: ignore[attr-defined]
        self.offer_routes(pledge.route if pledge else "")
        self.keep_unusual_years(pledge.year_groups if pledge else [])
        self._offer_people(user, pledge)
        self._drop(user, pledge)
        self.short = bool(user.is_employer_member)
        if self.short:
            self._word_shortly()

    def _word_shortly(self) -> None:
        """As somebody reads it who is asked for nothing else."""
        self.fields["starts_on"].label, self.fields["starts_on"].help_text = (
            "From when",
            "The first day, if you know it",
        )
        self.fields["ends_on"].label, self.fields["ends_on"].help_text = "Until when", "The last day, if you know it"

    def _offer_people(self, user: Any, pledge: Pledge | None) -> None:
        """The employer's people, once it is known who that is; until then there is nobody to choose."""
        sent = self.data.get(self.add_prefix("employer")) or getattr(self.initial.get("employer"), "pk", None)
        employer = user.organisation_id or sent or getattr(pledge, "employer_id", None)
        people = queries.people_to_ask(user, employer)
        if people is None:
            del self.fields["contact"]
            return
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]
        self.fields["contact"].label_from_instance = _person  # type: ignore[attr-defined]

    def _drop(self, user: Any, pledge: Pledge | None) -> None:
        """Leave out what this person can't say, or can't say any more."""
        dropped = {"employer": not user.is_staff_member, "verified": not user.is_staff_member or pledge is not None}
        dropped["quantity"] = pledge is not None and pledge.verified_on is not None
        for name in [name for name, gone in dropped.items() if gone]:
            del self.fields[name]

    @property
    def shown(self) -> list[forms.BoundField]:
        """The boxes that everybody needs."""
        if self.short:
            return [self[name] for name in SHORT if name in self.fields]
        return [field for field in self.visible_fields() if field.name not in FOLDED]

    @property
    def folded(self) -> list[forms.BoundField]:
        """The boxes for those who want to say more."""
        if self.short:
            return [field for field in self.visible_fields() if field.name not in (*SHORT, "districts")]
        return [self[name] for name in FOLDED if name in self.fields and name != "contact"]

    @property
    def where(self) -> forms.BoundField | None:
        """Which districts it is for, where that is folded away on its own."""
        return self["districts"] if self.short else None

    @property
    def open(self) -> bool:
        """Whether something in the folded part has to be seen at once."""
        fields = [*self.folded, *([self["contact"]] if "contact" in self.fields else [])]
        said = any(field.errors or (field.name not in FILLED_IN and field.value()) for field in fields)
        return said or "people" in self.data

    def facts(self) -> dict[str, Any]:
        """What was said, as the actions take it."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("verified", "version")}


class CorrectionForm(PledgeForm):
    """A pledge as it is; remembers which version its reader had seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def facts_of(pledge: Pledge) -> dict[str, Any]:
    """What a form about a pledge starts with."""
    names = (
        "employer", "kind", "quantity", "made_on", "valid_until", "year_groups", "level", "conditions", "notes", "version",
    )  # fmt: skip
    flags = [name for name, _ in SUITS]
    return {name: getattr(pledge, name) for name in (*names, *flags, *PLACES)} | {
        "guild": pledge.guild_id,
        "engagement": pledge.engagement_id,
        "contact": pledge.contact_id,
        "districts": [district.code for district in pledge.districts.all()],
    }


def promised_again(pledge: Pledge, today: date) -> dict[str, Any]:
    """What a form starts with that repeats a pledge: promised today, its days moved on by whole years until they come."""
    left_out = ("version", "made_on", "notes", "engagement")
    facts = {name: value for name, value in facts_of(pledge).items() if name not in left_out}
    facts |= {"quantity": pledge.current_quantity, "made_on": today}
    days = {name: facts[name] for name in ("starts_on", "ends_on", "valid_until") if facts[name]}
    years = next((n for n in range(200) if all(_years_on(day, n) >= today for day in days.values())), 0)
    return facts | {name: _years_on(day, years) for name, day in days.items()}


def _years_on(day: date, years: int) -> date:
    """The same day of a later year; the 28th for a 29th of February that year does not have."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _person(contact: Any) -> str:
    """Name and job, and whether they asked to be left alone."""
    words = f"{contact.name}, {contact.role}" if contact.role else contact.name
    return f"{words} (asked not to be contacted)" if contact.do_not_contact else words


class VerbForm(forms.Form):
    """A verb that asks for nothing. `start` gives what its boxes begin with."""

    @staticmethod
    def start(pledge: Pledge) -> Mapping[str, Any]:
        """Nothing is known beforehand."""
        return {}


class ReasonForm(VerbForm):
    """A verb that has to be explained."""

    reason = forms.CharField(label="Why", widget=_few_lines(), error_messages={"required": "Say why"})


class ReleaseForm(VerbForm):
    """A verb that may be explained."""

    reason = forms.CharField(label="Why", required=False, widget=_few_lines())


class ExtendForm(ReasonForm):
    """Until when it is to run."""

    valid_until = forms.DateField(
        label="Valid until",
        widget=DateParts,
        error_messages={"required": "Say until when", "invalid": "Write a real date, like 31 8 2026"},
    )
    field_order = ("valid_until", "reason")

    @staticmethod
    def start(pledge: Pledge) -> Mapping[str, Any]:
        """The day that holds now."""
        return {"valid_until": pledge.valid_until}

    def clean_valid_until(self) -> date:
        """What is over by then would lapse at once."""
        day: date = self.cleaned_data["valid_until"]
        if day < timezone.localdate():
            raise forms.ValidationError("Give today or a later day", code="past")
        return day


class AmendForm(ReasonForm):
    """How much it is to be, and the version that its reader had seen."""

    quantity = _how_many("How many it is now")
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("quantity", "reason", "version")

    @staticmethod
    def start(pledge: Pledge) -> Mapping[str, Any]:
        """The quantity that holds now."""
        return {"quantity": pledge.current_quantity, "version": pledge.version}


class AskForm(VerbForm):
    """How many a school or college would like."""

    quantity = _how_many()
    note = forms.CharField(label="What for", required=False, widget=_few_lines(), help_text="No names of young people")


class AllocateForm(AskForm):
    """Who gets how many."""

    provider = OrganisationField(
        role="provider", label="School or college", error_messages={"required": "Say which school or college"}
    )
    field_order = ("provider", "quantity", "note")
