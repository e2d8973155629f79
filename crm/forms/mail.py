"""The form of mail that somebody wants."""

from typing import Any

from django import forms

from guilds.mailing.kinds import DIGEST_PARTS, KINDS


class MailChoices(forms.Form):
    """A box for each kind that can be switched off; the team also chooses what the daily reminder tells."""

    hide_optional = True
    kinds = forms.MultipleChoiceField(label="Mail", required=False, widget=forms.CheckboxSelectMultiple)
    parts = forms.MultipleChoiceField(
        label="What the daily reminder tells", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = user.is_staff_member
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (kind.slug, kind.label) for kind in KINDS.values() if not kind.required and (staff or not kind.staff_only)
        ]
        self.fields["parts"].choices = [(part.slug, part.label) for part in DIGEST_PARTS.values()]  # type: ignore[attr-defined]
        if not staff:
            del self.fields["parts"]

    def wanted(self) -> dict[str, bool]:
        """Each kind or part that was asked about, and whether it is wanted."""
        return {
            slug: slug in self.cleaned_data[name]
            for name, field in self.fields.items()
            for slug, _ in field.choices  # type: ignore[attr-defined]
        }
