"""Organisations in forms: picked from suggestions, or typed as a name or number and found when the form is sent."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseForm

from crm.forms.widgets import OrganisationPicker, Picked
from guilds.organisations.models import Organisation, Status
from guilds.organisations.queries import Words, pickable, resolve, suggest

#: How many candidates an error names.
NAMED = 6
NOUNS = {"employer": "employer", "provider": "school or college"}


class OrganisationField(forms.Field):
    """An organisation of a role. Its form must call `find_organisations`, which turns what was typed into the record."""

    def __init__(self, role: str = "", **kwargs: Any) -> None:
        super().__init__(widget=OrganisationPicker(role), **kwargs)
        self.role = role


def find_organisations(forms_: Iterable[BaseForm], user: Any) -> None:
    """Put the organisations that were meant into the cleaned data of some forms; two queries for each role in them.

    What can't be found, or fits several, becomes an error of its box that says what would be accepted.
    """
    boxes = [(form, name, field) for form in forms_ for name, field in _pickers(form)]
    for role in {field.role for _, _, field in boxes}:
        _find([(form, name) for form, name, field in boxes if field.role == role], role, user)


def _pickers(form: BaseForm) -> list[tuple[str, OrganisationField]]:
    cleaned = getattr(form, "cleaned_data", {})
    return [
        (name, field)
        for name, field in form.fields.items()
        if isinstance(field, OrganisationField) and isinstance(cleaned.get(name), Picked)
    ]


def _find(boxes: list[tuple[BaseForm, str]], role: str, user: Any) -> None:
    among = pickable(user, role)
    meant = resolve({_words(form, name) for form, name in boxes}, among=among)
    for form, name in boxes:
        words = _words(form, name)
        if len(meant[words]) == 1:
            form.cleaned_data[name] = meant[words][0]
        else:
            candidates = meant[words] or suggest(words.text, among=among, size=NAMED)
            form.add_error(name, ValidationError(_refusal(words.text, role, meant[words], candidates), code="unknown"))


def _words(form: BaseForm, name: str) -> Words:
    picked = cast(Picked, form.cleaned_data[name])
    return Words(picked.id, picked.text)


def _refusal(text: str, role: str, meant: list[Organisation], candidates: list[Organisation]) -> str:
    noun = NOUNS.get(role, "organisation")
    listed = "; ".join(f"{row.name} ({detail_of(row)})" for row in candidates[:NAMED])
    if meant:
        return f"\u201c{text}\u201d fits {len(meant)}. Enter the number of the one that you mean: {listed}"
    if listed:
        return f"There is no {noun} called \u201c{text}\u201d. Enter its full name or its number. Perhaps: {listed}"
    numbers = {"employer": "company number", "provider": "URN"}.get(role, "number")
    return f"There is no {noun} \u201c{text}\u201d. Check the spelling, or enter its {numbers}"


def detail_of(organisation: Organisation) -> str:
    """What tells an organisation from its namesakes: a number, what it is, and where."""
    numbers = [f"{number.get_scheme_display()} {number.value}" for number in organisation.identifiers.all()][:1]
    kind = organisation.get_provider_kind_display() if organisation.is_provider else "Employer"
    place = organisation.postcode or (organisation.district.name if organisation.district else "")
    closed = organisation.get_status_display() if organisation.status != Status.ACTIVE else ""
    return ", ".join(filter(None, [*numbers, kind or "School or college", place, closed]))
