"""Filters of follow-ups."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django_filters import ModelChoiceFilter

from crm.filtersets.base import ChoiceFilter, ListFilterSet, OrganisationFilter, SearchFilter
from guilds.engagement.follow_ups import FollowUp, FollowUpQuerySet, FollowUpStatus
from guilds.engagement.models import Engagement
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.pledges.models import Pledge

DUE = (
    ("overdue", "Overdue"),
    ("today", "Today or overdue"),
    ("week", "Overdue or due within a week"),
    ("month", "Overdue or due within a month"),
)
#: Days ahead that a choice looks; "overdue" looks at yesterday and before.
_AHEAD = {"overdue": -1, "today": 0, "week": 7, "month": 31}
WHOSE = (("mine", "Mine"), ("guild", "My guilds’"), ("nobody", "Nobody’s yet"), ("all", "Everybody’s"))


def seen_of(model: Any) -> Callable[[HttpRequest], QuerySet]:
    """The records of a model that the reader may see."""
    return lambda request: model.objects.visible_to(request.user)


class FollowUpFilterSet(ListFilterSet):
    """What somebody must do. Without `whose` it is the reader's own, without `status` what is still to be done."""

    orderings = ("due_on", "created_at", "updated_at")

    q = SearchFilter("what", "organisation__name")
    whose = ChoiceFilter(choices=WHOSE, empty_label=None, label="Whose", method="filter_whose")
    due = ChoiceFilter(choices=DUE, label="Due", empty_label="At any time", method="filter_due")
    status = ChoiceFilter(
        choices=[*FollowUpStatus.choices, ("any", "Any")], empty_label=None, label="Status", method="filter_status"
    )
    organisation = OrganisationFilter(label="Organisation")
    engagement = ModelChoiceFilter(queryset=seen_of(Engagement), label="Engagement")
    pledge = ModelChoiceFilter(queryset=seen_of(Pledge), label="Pledge")
    placement = ModelChoiceFilter(queryset=seen_of(Placement), label="Placement")
    apprenticeship = ModelChoiceFilter(queryset=seen_of(Apprenticeship), label="Apprenticeship")

    class Meta:
        model = FollowUp
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """The usual answers, where a question was left open."""
        for name, usual in (("whose", "mine"), ("status", FollowUpStatus.OPEN)):
            self.form.cleaned_data[name] = self.form.cleaned_data.get(name) or usual
        return super().filter_queryset(queryset)

    def filter_whose(self, queryset: FollowUpQuerySet, name: str, value: str) -> QuerySet:
        """The reader's own, their guilds', those that nobody here has taken, or the whole team's."""
        user = self.request.user
        if value == "guild" and user.is_coordinator:
            return queryset.of_guilds(user.guild_slugs)
        if value == "nobody":
            return queryset.exclude(assigned_to__is_active=True)
        return queryset.filter(assigned_to=user) if value == "mine" else queryset

    def filter_due(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """By today's date."""
        return queryset.filter(due_on__lte=timezone.localdate() + timedelta(days=_AHEAD[value]))

    def filter_status(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """To do, done or dropped; or all of them."""
        return queryset if value == "any" else queryset.filter(status=value)
