"""Filters of follow-ups."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from crm.filtersets.base import ChoiceFilter, ListFilterSet, OrganisationFilter, SearchFilter
from guilds.engagement.follow_ups import FollowUp, FollowUpStatus

DUE = (("overdue", "Overdue"), ("week", "Overdue or due within a week"))


class FollowUpFilterSet(ListFilterSet):
    """What somebody must do. Without `whose` it is the reader's own, without `status` what is still to be done."""

    orderings = ("due_on", "created_at", "updated_at")

    q = SearchFilter("what", "organisation__name")
    whose = ChoiceFilter(
        choices=[("mine", "Mine"), ("all", "Everybody's")], empty_label=None, label="Whose", method="filter_whose"
    )
    due = ChoiceFilter(choices=DUE, label="Due", empty_label="At any time", method="filter_due")
    status = ChoiceFilter(
        choices=[*FollowUpStatus.choices, ("any", "Any")], empty_label=None, label="Status", method="filter_status"
    )
    organisation = OrganisationFilter(label="Organisation")

    class Meta:
        model = FollowUp
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """The usual answers, where a question was left open."""
        for name, usual in (("whose", "mine"), ("status", FollowUpStatus.OPEN)):
            self.form.cleaned_data[name] = self.form.cleaned_data.get(name) or usual
        return super().filter_queryset(queryset)

    def filter_whose(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """The reader's own, or the whole team's."""
        return queryset if value == "all" else queryset.filter(assigned_to=self.request.user)

    def filter_due(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """By today's date."""
        today = timezone.localdate()
        if value == "overdue":
            return queryset.filter(due_on__lt=today)
        return queryset.filter(due_on__lte=today + timedelta(days=7))

    def filter_status(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """To do, done or dropped; or all of them."""
        return queryset if value == "any" else queryset.filter(status=value)
