"""What sharing a statement asks for."""

from collections.abc import Sequence
from typing import Any

from django import forms

from crm.forms.registry import day_box
from guilds.impact.periods import Period, parse


class ShareForm(forms.Form):
    """Which academic year, and until when the link answers."""

    period = forms.ChoiceField(label="Academic year")
    ends_on = day_box(
        "Until when", required=False, help_text="The last day on which it answers. Empty: until you end it"
    )

    def __init__(self, *args: Any, years: Sequence[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(year.slug, year.slug) for year in years]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What was said, as the action takes it."""
        return {"period": parse(self.cleaned_data["period"]), "ends_on": self.cleaned_data["ends_on"]}
