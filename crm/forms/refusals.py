"""Where an action's refusal is shown: beside the box that it is about, on the row that it is about, or above the form."""

from collections.abc import Mapping

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet


def show_refusal(
    form: BaseForm,
    refusal: ValidationError,
    *,
    names: Mapping[str, str] | None = None,
    formsets: Mapping[str, BaseFormSet] | None = None,
) -> None:
    """Add every error of a refusal to the form (or formset) that can show it; what was typed stays in the boxes.

    `names`: the action's name of a field → the form's, where they differ. `formsets`: the action's name of a list of
    rows → the formset it came from; an error that carries `row` (an index into the rows that were sent) is shown on
    that row, and under its `part` where the row has such a box.
    """
    for name, errors in _by_field(refusal).items():
        formset = (formsets or {}).get(name)
        for error in errors:
            if formset is not None:
                _show_on_row(formset, error)
            else:
                _show(form, (names or {}).get(name, name), error)


def _by_field(refusal: ValidationError) -> dict[str, list[ValidationError]]:
    if hasattr(refusal, "error_dict"):
        return refusal.error_dict
    return {NON_FIELD_ERRORS: refusal.error_list}


def _show(form: BaseForm, name: str, error: ValidationError) -> None:
    form.add_error(name if name in form.fields else None, error)


def _show_on_row(formset: BaseFormSet, error: ValidationError) -> None:
    rows = filled_rows(formset)
    index = getattr(error, "row", None)
    if index is not None and index < len(rows):
        _show(rows[index], getattr(error, "part", ""), error)
    else:
        formset.non_form_errors().append(error)


def filled_rows(formset: BaseFormSet) -> list[BaseForm]:
    """The rows that somebody has filled in and not removed, in the order in which an action is given them."""
    return [form for form in formset.forms if not _left_empty(form) and not _removed(form)]


def _left_empty(form: BaseForm) -> bool:
    return form.empty_permitted and not form.has_changed()


def _removed(form: BaseForm) -> bool:
    return bool(getattr(form, "cleaned_data", {}).get(DELETION_FIELD_NAME))
