"""The forms about what a school or college asks for."""

from datetime import date
from typing import Any

from django import forms

from crm.forms.learners import LearnerBoxes
from crm.forms.opportunities import ReasonForm, count_box
from crm.forms.organisations import OrganisationField
from crm.forms.records import OneRecord
from crm.forms.registry import day_box, words_box
from guilds.pledges.models import PledgeKind
from guilds.pledges.requests import Request
from guilds.reference.models import Guild

FOR = (
    ("for_send", "For young people with special educational needs or disabilities"),
    ("for_reengagement", "For young people who are returning to education or work"),
    ("for_t_level", "For T-level students"),
)
#: Boxes that most people leave as they are; the page keeps them folded away.
FOLDED = ("guild", "year_groups", "level", *(name for name, _ in FOR), "wanted_from", "wanted_until")


class RequestForm(LearnerBoxes):
    """What is asked for. A school or college asks for itself; the team says for whom."""

    provider = OrganisationField(
        role="provider", label="School or college", error_messages={"required": "Say which school or college asks"}
    )
    kind = forms.ChoiceField(
        label="What is asked for",
        choices=[("", "Choose one"), *PledgeKind.choices],
        error_messages={"required": "Choose what is asked for"},
    )
    quantity = count_box("How many", "Places, positions, visits and the like: a number")
    guild: Any = OneRecord(
        label="Of which guild", queryset=None, to_field_name="slug", required=False, empty_label="Any guild"
    )
    for_send = forms.BooleanField(label=FOR[0][1], required=False)
    for_reengagement = forms.BooleanField(label=FOR[1][1], required=False)
    for_t_level = forms.BooleanField(label=FOR[2][1], required=False)
    wanted_from = day_box("Wanted from", required=False, help_text="Empty: at any time")
    wanted_until = day_box("Wanted until", required=False)
    note = words_box("Anything else", required=False, help_text="No names of young people")

    def __init__(self, *args: Any, user: Any, today: date, request: Request | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = Guild.objects.filter(slug=(request and request.guild_id) or "")
        active = Guild.objects.filter(pk__in=Guild.objects.active(today).values("pk"))
        self.fields["guild"].queryset = active | chosen  # type: ignore[attr-defined]
        self.keep_unusual_years(request.year_groups if request else [])
        if request or not user.is_staff_member:
            del self.fields["provider"]

    @property
    def shown(self) -> list[forms.BoundField]:
        """The boxes that everybody needs."""
        return [field for field in self.visible_fields() if field.name not in FOLDED]

    @property
    def folded(self) -> list[forms.BoundField]:
        """The boxes for those who want to say more."""
        return [self[name] for name in FOLDED]

    @property
    def open(self) -> bool:
        """Whether something in the folded part has to be seen at once."""
        return any(field.errors or field.value() for field in self.folded)

    def facts(self) -> dict[str, Any]:
        """What was said, as the actions take it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class RequestCorrectionForm(RequestForm):
    """A request as it is; remembers which version its reader had seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class RequestVerbForm(ReasonForm):
    """Why it ends, or is open again."""


def request_facts(request: Request) -> dict[str, Any]:
    """What a form about a request starts with."""
    names = ("kind", "quantity", "year_groups", "level", "wanted_from", "wanted_until", "note", "version")
    flags = [name for name, _ in FOR]
    return {name: getattr(request, name) for name in (*names, *flags)} | {"guild": request.guild_id}
