"""Filters of publications."""

import django_filters

from crm.filtersets.base import ChoiceFilter, DistrictFilter, GuildFilter, ListFilterSet, SearchFilter
from guilds.publishing.models import Publication, PublicationStatus


class PublicationFilterSet(ListFilterSet):
    """Publications by what they are about."""

    orderings = ("created_at", "updated_at")

    q = SearchFilter("period", "reason")
    period = django_filters.CharFilter(label="Period", max_length=20)
    guild = GuildFilter(null_label="No guild", null_value="county")
    district = DistrictFilter(null_label="No district", null_value="county")
    status = ChoiceFilter(choices=PublicationStatus.choices, label="Status")

    class Meta:
        model = Publication
        fields: list[str] = []
