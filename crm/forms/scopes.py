"""The form of a saved scope: its name, and what it selects."""

from typing import Any

from django import forms

from crm.forms.records import OneRecord, SomeRecords
from guilds.engagement.models import EngagementKind
from guilds.impact.reach import SECONDARY_KINDS
from guilds.impact.saved_scopes import SavedScope
from guilds.organisations.models import LocalKind, ProviderKind
from guilds.reference.models import District, Guild

#: The kinds of school that coverage counts.
_KINDS = [(kind.value, ProviderKind(kind).label) for kind in SECONDARY_KINDS]
_COASTAL = {"true": True, "false": False}
#: What is the same in the form and the record.
_SAME = ("name", "description", "coastal", "provider_kinds", "local_kinds", "kind", "guild")


def _ticked(label: str, choices: Any) -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"})
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, help_text="None ticked: all", widget=widget
    )


class ScopeForm(forms.Form):
    """What is ticked in one list is "or", the lists together are "and"."""

    name = forms.CharField(label="Name", max_length=60, help_text="For example: Coastal schools")
    description = forms.CharField(
        label="What it is for", max_length=250, required=False, help_text="Whoever chooses it reads this"
    )
    coastal = forms.TypedChoiceField(
        label="Coastal schools", required=False, choices=[("", "Either"), ("true", "Yes"), ("false", "No")],
        coerce=_COASTAL.get, empty_value=None,
    )  # fmt: skip
    provider_kinds = _ticked("Kinds of school", _KINDS)
    local_kinds = _ticked("Kinds in Kent", LocalKind.choices)
    districts = SomeRecords(
        label="Districts",
        help_text="None ticked: all",
        queryset=District.objects.local(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )
    guild = OneRecord(
        Guild.objects.order_by("name"),
        to_field_name="slug",
        label="Reached by",
        required=False,
        empty_label="Any guild",
    )
    kind = forms.ChoiceField(
        label="Reached through", required=False, choices=[("", "Anything"), *EngagementKind.choices]
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def facts(self) -> dict[str, Any]:
        """What was said, as the actions take it."""
        said = {name: self.cleaned_data[name] for name in _SAME}
        return said | {"districts": sorted(district.code for district in self.cleaned_data["districts"])}


def facts_of(scope: SavedScope) -> dict[str, Any]:
    """What the form about a scope starts with."""
    same = {name: getattr(scope, name) for name in (*_SAME, "districts", "version")}
    return same | {"guild": scope.guild_id, "coastal": in_address(scope.coastal)}


def in_address(coastal: bool | None) -> str:
    """Yes or no as filters have it."""
    return "" if coastal is None else str(coastal).lower()
