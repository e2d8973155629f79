"""What became of the learners of a supported route."""

from django import forms

from guilds.opportunities.models import Outcome


class OutcomeForm(forms.Form):
    """Thirteen weeks after the end."""

    outcome = forms.ChoiceField(
        label="What were the learners doing thirteen weeks after the end?", widget=forms.RadioSelect, choices=Outcome.choices,
        help_text="The same for all of this record. No names of young people",
        error_messages={"required": "Choose what they were doing"},
    )  # fmt: skip
