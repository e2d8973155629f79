"""The form for uploading a file."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

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
        help_text=f"CSV or XLSX, at most {LARGEST // 1_000_000} MB. Nothing is loaded before you have seen what it would do",
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
            raise forms.ValidationError(f"It is larger than {LARGEST // 1_000_000} MB: split it", code="too_large")
        return file
