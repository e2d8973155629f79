"""An organisation that is not in the registry yet, added beside the picker that did not find it; nothing else is lost."""

from functools import cached_property
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from crm.forms.organisations import NOUNS, OrganisationField, detail_of
from crm.forms.refusals import show_refusal
from crm.forms.rows import unjudged
from guilds.organisations.models import Organisation, OrganisationQuerySet, ProviderKind, Scheme
from guilds.organisations.queries import suggest

#: How many organisations are shown that may be the one meant.
ALIKE = 6
NONE_OF_THESE = "none"
WHICH = "Choose the one that you mean, or none of these"
#: The number that decides an organisation's identity, by its role.
NUMBERS = {"employer": (Scheme.COMPANIES_HOUSE, "Company number"), "provider": (Scheme.URN, "URN")}
#: What the buttons say: open the boxes, add what is in them, put them away. A hidden box says that they are open.
OPEN, ADD, CLOSE, SHOWN = "open", "add", "close", "shown"
PRESSED = (OPEN, ADD, CLOSE)
NARROW = {"class": "govuk-input--width-10", "autocomplete": "off"}


class MissingOrganisationForm(forms.Form):
    """The few facts that tell an organisation from others. `same` asks for look-alikes once there are some."""

    name = forms.CharField(max_length=250, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    provider_kind = forms.ChoiceField(label="Kind", choices=[("", "Choose a kind"), *ProviderKind.choices])
    number = forms.CharField(required=False, max_length=20, widget=forms.TextInput(attrs=NARROW))
    postcode = forms.CharField(required=False, max_length=10, widget=forms.TextInput(attrs=NARROW))
    same = forms.ChoiceField(
        label="Is it one of these?",
        required=False,
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
        error_messages={"invalid_choice": WHICH},
    )

    hide_optional = True

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role = role
        self.fields["number"].label = NUMBERS[role][1]
        self.fields["number"].help_text = "If you know it"
        self.fields["name"].widget.attrs["autofocus"] = True
        if role != "provider":
            del self.fields["provider_kind"]
        self.alike: list[Organisation] = []

    def look_for(self, among: OrganisationQuerySet) -> None:
        """Find what may be meant, by number, name and postcode, and offer it to be chosen from."""
        typed = [str(self[name].value() or "") for name in ("number", "name", "postcode")]
        shorter = " ".join(typed[1].split()[:2])
        found: dict[Any, Organisation] = {}
        for words in filter(str.strip, (*typed[:2], shorter, typed[2])):
            found.update((row.pk, row) for row in suggest(words[:100], among=among, size=ALIKE))
        self.alike = list(found.values())[:ALIKE]
        words_of = [(str(row.pk), f"{row.name} ({detail_of(row)})") for row in self.alike]
        field = self.fields["same"]
        field.choices = [*words_of, (NONE_OF_THESE, "None of these: add it as a new one")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Look-alikes are looked at before another one is added."""
        cleaned = super().clean() or {}
        if self.alike and not cleaned.get("same") and "same" not in self.errors:
            self.add_error("same", ValidationError(WHICH, code="required"))
        return cleaned

    @property
    def chosen(self) -> Organisation | None:
        """The look-alike that was meant all along."""
        return next((row for row in self.alike if str(row.pk) == self.cleaned_data.get("same")), None)

    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        number = self.cleaned_data["number"]
        return {
            "name": self.cleaned_data["name"],
            "postcode": self.cleaned_data["postcode"],
            f"is_{self.role}": True,
            "identifiers": [(NUMBERS[self.role][0], number)] if number else [],
        } | ({"provider_kind": self.cleaned_data["provider_kind"]} if self.role == "provider" else {})

    def show(self, refusal: ValidationError) -> None:
        """Put the action's refusal beside what it is about."""
        show_refusal(self, refusal, names={"identifiers": "number"})


class MissingOrganisation:
    """What stands beside one picker: a button, and once it is pressed the boxes of a MissingOrganisationForm."""

    def __init__(self, row: forms.BaseForm, picker: str) -> None:
        self.row, self.picker = row, picker
        #: What is looked for beside it, which may be any organisation; one that is new then is what the form `adds`.
        self.sought: str = row.fields[picker].role  # type: ignore[attr-defined]
        self.role: str = self.sought or getattr(row, "adds", "employer")
        self.noun, self.article = NOUNS[self.role], "an" if self.role == "employer" else "a"

    @property
    def box(self) -> str:
        """The name of the picker's box."""
        return self.row.add_prefix(self.picker)

    @property
    def name(self) -> str:
        """The name of the buttons; it begins as the row's boxes do, so that it goes with them."""
        return f"{self.box}_new"

    @property
    def asked(self) -> str:
        """Which button was pressed, if one was, or that the boxes are open."""
        said = self.row.data.getlist(self.name) if self.row.is_bound else []  # type: ignore[attr-defined]
        return said[-1] if said and said[-1] in (*PRESSED, SHOWN) else ""

    @property
    def pressed(self) -> bool:
        """Whether one of its buttons was."""
        return self.asked in PRESSED

    @property
    def is_open(self) -> bool:
        """Whether its boxes are shown."""
        return self.asked in (OPEN, ADD, SHOWN)

    @cached_property
    def form(self) -> MissingOrganisationForm:
        """The boxes, as they were filled in; at first with the name that was looked for, or else what it is `called`."""
        if f"{self.name}-name" in self.row.data:
            sent = MissingOrganisationForm(self.row.data, prefix=self.name, role=self.role)
            if self.asked != ADD:
                unjudged(sent)
            return sent
        looked_for = self.row.data.get(f"{self.box}_text") or getattr(self.row, "called", "")
        return MissingOrganisationForm(prefix=self.name, role=self.role, initial={"name": looked_for})

    @property
    def is_refused(self) -> bool:
        """Whether it can't be added as it is."""
        return self.asked == ADD and bool(self.form.errors)

    @property
    def is_waiting(self) -> bool:
        """Whether it has been described and not been added yet."""
        return self.is_open and bool(str(self.form["name"].value() or "").strip())

    def pick(self, organisation: Organisation) -> None:
        """Put an organisation into the picker, and put the boxes away."""
        data = cast(QueryDict, self.row.data).copy()
        for name in [name for name in data if name.startswith(self.name)]:
            del data[name]
        data[self.box], data[f"{self.box}_text"] = str(organisation.pk), organisation.name
        self.row.data = data
        self.go_on_in(self.row)

    def go_on_in(self, row: forms.BaseForm) -> None:
        """The page opens at the picker, in this form or one that was made of it."""
        row.fields[self.picker].widget.attrs["autofocus"] = True

    def ask(self) -> None:
        """Say that what was described here, and is named nowhere, has not been added: it must not be forgotten."""
        named = self.picker in self.row.errors or self.row.cleaned_data.get(self.picker)  # type: ignore[attr-defined]
        if self.is_waiting and not named:
            words = f"Press \u201cAdd it\u201d below for the {self.noun} that is missing, or put it away"
            cast(forms.Form, self.row).add_error(self.picker, ValidationError(words, code="waiting"))


def offer_beside(form: forms.Form) -> list[MissingOrganisation]:
    """What stands beside each picker of a form; crm.forms.markup shows it there.

    A form may say what it `adds`, where its pickers take any organisation, and what the one is `called` that is meant.
    """
    pickers = [name for name, field in form.fields.items() if isinstance(field, OrganisationField)]
    beside = [MissingOrganisation(form, name) for name in pickers]
    for missing in beside:
        form[missing.picker].missing = missing  # type: ignore[attr-defined]
    return beside
