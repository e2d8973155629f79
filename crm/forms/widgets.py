"""Boxes that Django does not have: an organisation picked by name or number, and a date in three parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms

PICK_ADDRESS = "/organisations/pick/"


@dataclass(frozen=True)
class Picked:
    """What came out of a picker: the words in the box, and the id that a suggestion put beside them.

    Without scripts the id may belong to an organisation whose name has been typed over since. So believe the id only if
    the organisation's name is ``text``; otherwise resolve ``text``, which may be a name, a URN or a company number.
    """

    id: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


class OrganisationPicker(forms.Widget):
    """A text box named ``<field>_text`` and, hidden, the chosen id named ``<field>``.

    ``role`` (``employer`` or ``provider``) narrows the suggestions. The value is a :class:`Picked` or None; to fill the box
    give a Picked or anything with ``pk`` and ``name``.
    """

    template_name = "django/forms/widgets/organisation_picker.html"

    def __init__(self, role: str = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.role = role

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        picked = _as_picked(value)
        query = f"?{urlencode({'role': self.role})}" if self.role else ""
        context["widget"] |= {
            "text_name": f"{name}_text",
            "text": picked.text,
            "chosen_id": picked.id,
            "source": f"{PICK_ADDRESS}{query}",
        }
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Picked | None:
        text = " ".join(str(data.get(f"{name}_text") or "").split())
        return Picked(id=str(data.get(name) or ""), text=text) if text else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}_text" not in data


def _as_picked(value: Any) -> Picked:
    if isinstance(value, Picked):
        return value
    if value is None or value == "":
        return Picked()
    return Picked(id=str(value.pk), text=value.name) if hasattr(value, "pk") else Picked(text=str(value))


class DateParts(forms.MultiWidget):
    """Day, month and year in three boxes; the field, a DateField, gets ``2017-3-14``, or what was typed if it is no date."""

    template_name = "django/forms/widgets/date_parts.html"
    use_fieldset = True
    PARTS = (("Day", 2), ("Month", 2), ("Year", 4))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"day": forms.TextInput(), "month": forms.TextInput(), "year": forms.TextInput()}, attrs)

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, date):
            return [value.day, value.month, value.year]
        parts = str(value or "").split("-")
        return list(reversed(parts)) if len(parts) == len(self.PARTS) else [None, None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, (label, width) in zip(context["widget"]["subwidgets"], self.PARTS, strict=True):
            part |= {"label": label, "width": width}
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        day, month, year = (str(part or "").strip() for part in super().value_from_datadict(data, files, name))
        return f"{year}-{month}-{day}" if day or month or year else ""
