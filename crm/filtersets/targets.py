"""Filters of targets."""

import django_filters

from crm.filtersets.base import DistrictFilter, GuildFilter, ListFilterSet, SearchFilter
from guilds.impact.models import Target


class TargetFilterSet(ListFilterSet):
    """Targets by what they are for; `guild=county-wide` finds those that name no guild."""

    orderings = ("period", "measure", "created_at", "updated_at")

    q = SearchFilter("measure", "period")
    measure = django_filters.CharFilter(label="Measure", max_length=40)
    guild = GuildFilter()
    district = DistrictFilter(null_label="Whole county", null_value="county")
    period = django_filters.CharFilter(label="Period", max_length=20)

    class Meta:
        model = Target
        fields: list[str] = []
