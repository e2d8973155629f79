"""What somebody at a pledge desk fills in, and what the coordinator decides about it."""

from typing import Any

from django import forms

from crm.forms.missing_organisations import offer_beside
from crm.forms.organisations import OrganisationField
from crm.forms.people import LONGEST_NAME
from crm.forms.records import OneRecord
from crm.forms.sign_in import EMAIL_REFUSALS
from guilds.desk.consent import VERSION, WORDINGS
from guilds.desk.models import MOST_OF_ONE_ENTRY
from guilds.organisations.models import Organisation
from guilds.pledges.models import PledgeKind

NOT_IN_THE_LIST = "My organisation is not in this list"
NAMELESS = "Choose your organisation, or write its name"
#: The same for a browser that checks before there is a network.
ALLOWED = "[1-9][0-9]?|[1-4][0-9][0-9]|500"
HOW_MANY = f"Give a number from 1 to {MOST_OF_ONE_ENTRY}"


def _words(autocomplete: str, **attributes: str) -> dict[str, str]:
    return {"autocomplete": autocomplete, "spellcheck": "false", **attributes}


class EntryForm(forms.Form):
    """A promise. `key` and `written_at` come from the phone; `leave_empty` is a box that only machines see."""

    organisation: Any = OneRecord(
        Organisation.objects.none(), label="Your organisation", required=False, empty_label=NOT_IN_THE_LIST
    )
    organisation_name = forms.CharField(
        label="Its name, if it is not in the list",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=_words("organization")),
        error_messages={"max_length": "Write 200 characters or fewer"},
    )
    kind = forms.ChoiceField(
        label="What do you promise?",
        choices=[("", "Choose one"), *PledgeKind.choices],
        error_messages={"required": "Choose what you promise"},
    )
    quantity = forms.IntegerField(
        label="How many?",
        help_text="Places, positions, visits or hours: a number",
        min_value=1,
        max_value=MOST_OF_ONE_ENTRY,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "class": "govuk-input--width-4", "autocomplete": "off", "pattern": ALLOWED}
        ),
        error_messages={
            "required": "Say how many", "invalid": HOW_MANY, "min_value": HOW_MANY, "max_value": HOW_MANY,
        },
    )  # fmt: skip
    name = forms.CharField(
        label="Your name",
        max_length=100,
        widget=forms.TextInput(attrs=_words("name")),
        error_messages=LONGEST_NAME | {"required": "Enter your name", "max_length": "Write 100 characters or fewer"},
    )
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=200,
        widget=forms.EmailInput(attrs=_words("email", autocapitalize="none")),
        error_messages=EMAIL_REFUSALS,
    )
    note = forms.CharField(
        label="When, where, or for whom",
        help_text="For example: only in March, from age 16. No names",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Write 300 characters or fewer"},
    )
    consent = forms.BooleanField(
        label=WORDINGS[VERSION],
        error_messages={"required": "Tick the box if you agree: we can't keep your pledge without"},
    )
    consent_version = forms.CharField(initial=VERSION, max_length=20, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    written_at = forms.DateTimeField(required=False, widget=forms.HiddenInput, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])
    leave_empty = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organisations: Any, staffed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer(organisations)
        for field in self.fields.values():
            said = {
                "data-missing": field.error_messages["required"],
                "data-wrong": field.error_messages.get("invalid", ""),
            }
            field.widget.attrs |= {} if field.widget.is_hidden else said
            field.widget.attrs |= {"autocomplete": "off"} if staffed else {}

    def _offer(self, organisations: Any) -> None:
        """Those that take part; where nobody has noted any, the name is all there is to say."""
        if not organisations.exists():
            del self.fields["organisation"]
            self.fields["organisation_name"].label = "Your organisation"
            self.fields["organisation_name"].required = True
            self.fields["organisation_name"].error_messages["required"] = NAMELESS
            return
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        self.fields["organisation"].label_from_instance = _with_place  # type: ignore[attr-defined]
        self.fields["organisation"].error_messages["invalid_choice"] = "Choose one of the list, or write its name"

    def clean(self) -> dict[str, Any]:
        """One of the two ways to say who they are from."""
        said = self.cleaned_data.get("organisation") or self.cleaned_data.get("organisation_name")
        if not said and not self.errors.keys() & {"organisation", "organisation_name"}:
            self.add_error("organisation_name", NAMELESS)
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """What was said, as the action takes it."""
        machine = ("consent", "leave_empty")
        return {name: value for name, value in self.cleaned_data.items() if name not in machine}


class DecisionForm(forms.Form):
    """Which employer an entry is from: one of the likely ones, or another that is picked. Form of crm.forms.organisations."""

    employer: Any = OneRecord(
        Organisation.objects.none(), required=False, error_messages={"invalid_choice": "Choose one of the list"}
    )
    other = OrganisationField(role="employer", label="Another employer", required=False)

    def __init__(self, *args: Any, among: Any, called: str, may_add: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = among  # type: ignore[attr-defined]
        #: As it was written at the desk.
        self.called = called
        self.beside = offer_beside(self) if may_add else []

    def clean(self) -> dict[str, Any]:
        """One of the two, unless a third is being described."""
        said = self.cleaned_data.get("employer") or self.cleaned_data.get("other")
        if not (self.errors or said or any(missing.is_waiting for missing in self.beside)):
            self.add_error("other", "Choose an employer, write another, or add it as a new one")
        return self.cleaned_data

    @property
    def chosen(self) -> Organisation:
        """What was picked beside the list is meant."""
        return self.cleaned_data.get("other") or self.cleaned_data["employer"]


class RejectForm(forms.Form):
    """Why an entry is no promise."""

    reason = forms.CharField(
        label="Why it is no pledge",
        initial="Not a real pledge",
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Say why", "max_length": "Write 300 characters or fewer"},
    )


def _with_place(organisation: Organisation) -> str:
    """The name, and the district that tells it from another of that name."""
    return f"{organisation.name}, {organisation.district.name}" if organisation.district else organisation.name
