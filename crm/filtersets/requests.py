"""Filters of what schools and colleges ask for."""

from typing import Any

from django.db.models import Q, QuerySet

from crm.filtersets.base import (
    ChoiceFilter,
    DistrictFilter,
    GuildFilter,
    ListFilterSet,
    OrganisationFilter,
    SearchFilter,
)
from guilds.pledges.models import PledgeKind
from guilds.pledges.requests import Request, RequestStatus

NEEDS = (("send", "SEND"), ("reengagement", "Re-engagement"), ("t_level", "T-level"))


class RequestFilterSet(ListFilterSet):
    """Rows come with their progress."""

    q = SearchFilter("provider__name", "note")
    status = ChoiceFilter(choices=RequestStatus.choices, label="Status", method="filter_status")
    kind = ChoiceFilter(choices=PledgeKind.choices, label="What is asked for")
    guild = GuildFilter(null_label="No guild")
    district = DistrictFilter(field_name="provider__district")
    suits = ChoiceFilter(choices=NEEDS, label="For", method="filter_suits", empty_label="Anybody")
    whose = ChoiceFilter(
        choices=(("mine", "My guilds"),), label="Asked of", method="filter_whose", empty_label="Anybody"
    )
    provider = OrganisationFilter(label="School or college")

    class Meta:
        model = Request
        fields: list[str] = []

    def filter_status(self, queryset: Any, name: str, value: str) -> QuerySet:
        """The status that people see: an open request of which all is agreed is met."""
        return queryset.filter(standing=value)

    def filter_suits(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Whom it is for."""
        return queryset.filter(**{f"for_{value}": True})

    def filter_whose(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """What is asked of this reader's guilds, or of none."""
        user = self.request.user
        return queryset.filter(Q(guild=None) | Q(guild__in=user.guild_slugs)) if user.is_coordinator else queryset
