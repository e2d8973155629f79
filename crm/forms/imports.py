"""The form for uploading a file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from guilds.importing.models import Import, Kind
from guilds.importing.naming import COLUMNS, NEEDED, guess
from guilds.importing.uploads import LARGEST, kinds_for

ENCODINGS = [
    ("", "Recognise it"),
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows (Western European)"),
    ("utf-16", "UTF-16"),
    ("cp850", "DOS (Western European)"),
]


class UploadForm(forms.Form):
    """A file and what it holds. Only kinds of file that this person may load."""

    kind = forms.ChoiceField(label="What the file holds")
    file = forms.FileField(
        help_text=f"CSV or XLSX (outlines of districts: GeoJSON), at most {LARGEST // 1_000_000} MB. "
        "Nothing is loaded before you have seen what it would do",
        max_length=250,
        error_messages={"empty": "The file is empty"},
    )
    encoding = forms.ChoiceField(
        label="How a CSV file is written",
        choices=ENCODINGS,
        required=False,
        help_text="Choose one only if names with accents came out wrong",
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, kind.label) for kind in kinds_for(user)]
        self.fields["kind"].choices = [("", "Choose what it holds"), *kinds]  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile:
        """Its size; what is in it is looked at when it is kept."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(f"It is larger than {LARGEST // 1_000_000} MB: split it", code="too_large")
        return file


class ColumnsForm(forms.Form):
    """Which of a file's titles is which of our columns; what is like one is offered."""

    hide_optional = True

    def __init__(self, *args: Any, batch: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = Kind(batch.kind)
        choices = [("", "Not in the file"), *((title, title) for title in dict.fromkeys(batch.titles))]
        for column in COLUMNS.get(kind, ()):
            needed = column in NEEDED[kind]
            self.fields[column] = forms.ChoiceField(
                label=column.replace("_", " ").capitalize() + (" (needed)" if needed else ""),
                choices=choices,
                required=needed,
                initial=guess(column, batch.titles),
                error_messages={"required": f"Choose which column holds the {column.replace('_', ' ')}"},
            )

    def clean(self) -> dict[str, Any]:
        """One title can't be two of our columns."""
        cleaned = super().clean() or {}
        chosen = list(cleaned.values())
        for column, title in list(cleaned.items()):
            if title and chosen.count(title) > 1:
                self.add_error(column, ValidationError(f"\u201c{title}\u201d is chosen twice", code="twice"))
        return cleaned

    def columns(self) -> dict[str, str]:
        """The file's title → our column."""
        return {title: column for column, title in self.cleaned_data.items() if title}
