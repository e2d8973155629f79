"""Whom something is for: year groups, or a level. The same boxes for promises and for requests."""

from typing import Any

from django import forms

YEAR_GROUPS = [(str(year), f"Year {year}") for year in range(5, 15)]
LEVELS = [("", "Any level"), *((level, f"Level {level}") for level in range(1, 8))]


class LearnerBoxes(forms.Form):
    """Year groups and level, both of which may be left open."""

    year_groups = forms.MultipleChoiceField(
        label="Year groups",
        help_text="None ticked: any year group",
        choices=YEAR_GROUPS,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )
    level = forms.TypedChoiceField(label="Level", choices=LEVELS, coerce=int, empty_value=None, required=False)

    def keep_unusual_years(self, known: list[str]) -> None:
        """A file or another system may have brought a group with a name of its own; correcting must not lose it."""
        field: Any = self.fields["year_groups"]
        field.choices = [*YEAR_GROUPS, *((group, group) for group in known if group not in dict(YEAR_GROUPS))]
