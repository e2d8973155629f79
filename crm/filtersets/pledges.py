"""Filters of pledges."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from crm.filtersets.base import (
    ChoiceFilter,
    DistrictFilter,
    GuildFilter,
    ListFilterSet,
    OrganisationFilter,
    SearchFilter,
    YesNoFilter,
)
from guilds.pledges.models import Allocation, AllocationStatus, Pledge, PledgeKind, PledgeStatus

#: Two faces of one stored status: which of them follows from what was delivered.
_FOLLOWS = (PledgeStatus.OPEN, PledgeStatus.FULFILLED)


class ForDistrictFilter(DistrictFilter):
    """Pledges that name a district; `unknown` finds those that name none."""

    def filter(self, queryset: QuerySet, value) -> QuerySet:
        if not value:
            return queryset
        named = Pledge.districts.through.objects.filter(pledge=OuterRef("pk"))
        if value == self.null_value:
            return queryset.filter(~Exists(named))
        return queryset.filter(Exists(named.filter(district=value)))


class PledgeFilterSet(ListFilterSet):
    """`from` and `to` look at the day on which the pledge was made."""

    orderings = ("made_on", "quantity", "created_at", "updated_at")
    counted_on = "made_on"

    q = SearchFilter(reference=True, organisations=("employer",), label="Reference or employer")
    guild = GuildFilter()
    kind = ChoiceFilter(choices=PledgeKind.choices, label="Kind")
    status = ChoiceFilter(choices=PledgeStatus.choices, label="Status", method="filter_status")
    employer = OrganisationFilter(label="Employer")
    district = ForDistrictFilter(null_label="Anywhere")
    available = YesNoFilter(method="filter_available", label="Places left")
    engagement = django_filters.UUIDFilter(label="Made at")
    reference = django_filters.CharFilter(label="Reference", max_length=60)

    class Meta:
        model = Pledge
        fields: list[str] = []

    def filter_status(self, queryset: Any, name: str, value: str) -> QuerySet:
        """The status that people see: an open pledge of which all is delivered is fulfilled."""
        if value not in _FOLLOWS:
            return queryset.filter(status=value)
        return queryset.filter(status=PledgeStatus.OPEN).with_progress().filter(standing=value)

    def filter_available(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """Open, with something left to give out; or all others."""
        available = Pledge.objects.open().with_progress().filter(remaining__gt=0).values("pk")
        return queryset.filter(pk__in=available) if value else queryset.exclude(pk__in=available)


class AllocationFilterSet(ListFilterSet):
    """Parts of pledges asked for by, or given to, schools and colleges."""

    q = SearchFilter("pledge__reference", organisations=("provider",))
    pledge = django_filters.UUIDFilter(label="Pledge")
    provider = OrganisationFilter(label="School or college")
    status = ChoiceFilter(choices=AllocationStatus.choices, label="Status")

    class Meta:
        model = Allocation
        fields: list[str] = []
