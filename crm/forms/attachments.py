"""The form for a file beside an engagement."""

from django import forms
from django.conf import settings

from guilds.engagement.content import CONTENT_TYPES


class AttachmentForm(forms.Form):
    """One file. What it may be is decided by its content, when it is kept."""

    file = forms.FileField(label="File", widget=forms.FileInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        kinds = ", ".join(kind.upper() for kind in CONTENT_TYPES)
        self.fields[
            "file"
        ].help_text = f"{kinds}; {settings.ATTACHMENT_LARGEST / 1e6:.0f} MB at most. No names of young people, please"
        self.fields["file"].widget.attrs["accept"] = ",".join(f".{kind}" for kind in CONTENT_TYPES)
        self.fields["file"].error_messages["empty"] = "The file is empty: choose another"
