"""Rows of a form: as many as somebody needs, added and removed with and without scripts, and none of them lost."""

from typing import Any

from django.forms import BaseForm
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet, formset_factory
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict

MOST_ROWS = 200
#: The button that asks the server for one more row; its value is the formset's prefix.
ADD_ROW = "add_row"


class Rows(BaseFormSet):
    """Rows that may be removed. A row that nobody has filled in is left out."""

    default_error_messages = BaseFormSet.default_error_messages | {
        "too_many_forms": "There is room for %(num)d: remove some, and send them afterwards"
    }

    def add_fields(self, form: BaseForm, index: int | None) -> None:
        """Django's box for removing, in our words; the script makes a button of it."""
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].label = "Remove this row"


def rows_of(form: type[BaseForm], *, most: int = MOST_ROWS) -> Any:
    """A formset of such forms. One empty row is shown to start with; more come with the button."""
    return formset_factory(
        form, formset=Rows, extra=1, can_delete=True, max_num=most, absolute_max=MOST_ROWS, validate_max=True
    )


def without_removed(data: QueryDict, *prefixes: str) -> QueryDict:
    """What was sent, but for the rows that were removed: they are neither judged nor shown again.

    The rows that stay are counted anew, and one row is added where the button for that was pressed.
    """
    kept = data.copy()
    for prefix in prefixes:
        staying = [n for n in range(_total(data, prefix)) if not data.get(f"{prefix}-{n}-{DELETION_FIELD_NAME}")]
        for name in [name for name in kept if name.startswith(f"{prefix}-")]:
            del kept[name]
        for new, old in enumerate(staying):
            _carry(data, kept, f"{prefix}-{old}-", f"{prefix}-{new}-")
        total = len(staying) + (data.get(ADD_ROW) == prefix)
        kept[f"{prefix}-TOTAL_FORMS"] = str(min(max(total, 1), MOST_ROWS))
        kept[f"{prefix}-INITIAL_FORMS"] = "0"
    return kept


def _total(data: QueryDict, prefix: str) -> int:
    try:
        return max(0, min(int(data.get(f"{prefix}-TOTAL_FORMS", "0")), MOST_ROWS))
    except ValueError:
        return 0


def _carry(data: QueryDict, kept: QueryDict, old: str, new: str) -> None:
    for name in data:
        if name.startswith(old):
            kept.setlist(new + name.removeprefix(old), data.getlist(name))


def unjudged(*forms: BaseForm | BaseFormSet) -> None:
    """Show forms again as they were filled in, without judging them: the person is not done yet."""
    for form in forms:
        if isinstance(form, BaseFormSet):
            form._errors, form._non_form_errors = [], ErrorList()  # type: ignore[attr-defined]
            unjudged(*form.forms)
        else:
            form._errors = ErrorDict()  # type: ignore[attr-defined]


def start_in_last_row(formset: BaseFormSet) -> None:
    """Without scripts, the page opens at the row that was just added."""
    first = next(iter(formset.forms[-1].fields.values()))
    first.widget.attrs["autofocus"] = True
