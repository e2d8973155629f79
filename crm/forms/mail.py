"""The form of mail that somebody wants."""

from typing import Any

from django import forms
from django.forms import BoundField

from guilds.mailing.kinds import DigestPart, MailKind, kinds_for, parts_for


class MailChoices(forms.Form):
    """A box for each kind that the person may get and do without, and for each part of their daily reminder."""

    hide_optional = True

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kinds, self._parts = kinds_for(role), parts_for(role)
        choices: list[MailKind | DigestPart] = [*self._kinds, *self._parts]
        for choice in choices:
            self.fields[choice.slug] = forms.BooleanField(label=choice.label, required=False, help_text=choice.hint)

    def kinds(self) -> list[BoundField]:
        """The boxes of kinds."""
        return self._boxes(self._kinds)

    def parts(self) -> list[BoundField]:
        """The boxes of what the daily reminder tells."""
        return self._boxes(self._parts)

    def wanted(self) -> dict[str, bool]:
        """Each kind or part that was asked about, and whether it is wanted."""
        return dict(self.cleaned_data)

    def _boxes(self, choices: list[MailKind] | list[DigestPart]) -> list[BoundField]:
        return [self[choice.slug] for choice in choices]
