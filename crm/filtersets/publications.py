"""Filters of publications."""

from typing import Any

import django_filters
from django.db.models import QuerySet

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
    needs = ChoiceFilter(
        choices=[("sign-off", "A sign-off by you")],
        label="Needs",
        method="filter_needs",
        empty_label="Anything or nothing",
    )

    class Meta:
        model = Publication
        fields: list[str] = []

    def filter_needs(self, queryset: Any, name: str, value: str) -> QuerySet:
        """Those that wait for the reader: somebody asked for a sign-off, and it is not their own."""
        return queryset.to_sign_off(self.request.user)
