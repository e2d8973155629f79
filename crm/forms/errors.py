"""The error summary: every error of a page, each with the id of the box that mends it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    MultiWidget,
    RadioSelect,
)
from django.forms.formsets import BaseFormSet
from django.forms.widgets import ChoiceWidget
from django.utils.translation import gettext as _

REQUIRED = "This field is required."


@dataclass(frozen=True)
class Problem:
    """One line of the summary; ``target`` is an id on the page, or empty when no box is to blame."""

    target: str
    message: str


def summary_of(forms: Iterable[BaseForm | BaseFormSet]) -> list[Problem]:
    """The problems of some forms and formsets in the order in which they stand on the page."""
    return [problem for form in forms for problem in _problems(form)]


def target_of(field: BoundField) -> str:
    """The id of the first control of a field, which for radios, checkboxes and several boxes is not the field's own."""
    widget = field.field.widget
    if field.is_hidden or not field.auto_id:
        return ""
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple | MultiWidget):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


def messages_of(field: BoundField) -> list[str]:
    """A field's errors; where Django only says that it is required, what to do about that."""
    return [_instruction(field) if message == _(REQUIRED) else str(message) for message in field.errors]


def _instruction(field: BoundField) -> str:
    """The design system's wording for an empty box: enter it, choose one, or tick it."""
    label = str(field.label)
    if isinstance(field.field.widget, CheckboxInput):
        return f"Tick \u201c{label}\u201d"
    verb = "Choose" if isinstance(field.field.widget, ChoiceWidget | FileInput) else "Enter"
    acronym = label[:2].isupper()
    return f"{verb} {label if acronym else label[:1].lower() + label[1:]}"


def _problems(form: BaseForm | BaseFormSet) -> Iterator[Problem]:
    if isinstance(form, BaseFormSet):
        yield from _problems_of_formset(form)
    elif form.is_bound:
        yield from (Problem("", str(message)) for message in form.non_field_errors())
        yield from _problems_of_fields(form, "")


def _problems_of_formset(formset: BaseFormSet) -> Iterator[Problem]:
    """A formset's own errors, then its rows', each with the number of the row."""
    if not formset.is_bound:
        return
    yield from (Problem("", str(message)) for message in formset.non_form_errors())
    for number, row in enumerate(formset.forms, start=1):
        yield from (Problem("", f"Row {number}: {message}") for message in row.non_field_errors())
        yield from _problems_of_fields(row, f"Row {number}: ")


def _problems_of_fields(form: BaseForm, prefix: str) -> Iterator[Problem]:
    for field in form:
        yield from (Problem(target_of(field), f"{prefix}{message}") for message in messages_of(field))
