"""Filters of engagements."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from crm.filtersets.base import (
    ChoiceFilter,
    DistrictFilter,
    GuildFilter,
    ListFilterSet,
    OrganisationFilter,
    WordsFilter,
    YesNoFilter,
)
from guilds.engagement import queries
from guilds.engagement.models import Attendance, Engagement, EngagementKind, Participation, Status


class ProviderFilter(OrganisationFilter):
    """Engagements that a school or college took part in."""

    part: Any = Attendance

    def get_method(self, queryset: QuerySet):
        """A subquery: joining would show an engagement once for each year group."""
        part = self.part.objects.filter(engagement=OuterRef("pk"))
        return lambda **lookup: queryset.filter(Exists(part.filter(**lookup)))


class EmployerFilter(ProviderFilter):
    """Engagements that an employer took part in."""

    part = Participation


class ToldOfFilter(WordsFilter):
    """Words of the title, the reference or the address, also misspelt ones; or the organisation where it is held."""

    def filter(self, queryset: Any, value: str) -> QuerySet:
        return queries.matching(value, among=queryset) if value else queryset


class EngagementFilterSet(ListFilterSet):
    """`from` and `to` look at the day of the start."""

    orderings = ("starts_at", "title", "created_at", "updated_at")
    counted_on = "starts_on"

    q = ToldOfFilter(label="Title, reference or place")
    guild = GuildFilter()
    kind = ChoiceFilter(choices=EngagementKind.choices, label="Kind")
    status = ChoiceFilter(choices=Status.choices, label="Status")
    district = DistrictFilter()
    provider = ProviderFilter(label="School or college")
    employer = EmployerFilter(label="Employer")
    missing_numbers = YesNoFilter(method="filter_missing_numbers", label="Numbers missing")
    reference = django_filters.CharFilter(label="Reference", max_length=60)

    class Meta:
        model = Engagement
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> QuerySet:
        """The days a second time, in the way that suits the order of the list."""
        asked = self.form.cleaned_data
        return super().filter_queryset(queryset).on_days(asked.get("from"), asked.get("to"))

    def filter_missing_numbers(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """Delivered, and somebody's number of learners not known; or all others."""
        missing = Engagement.objects.missing_numbers().values("pk")
        return queryset.filter(pk__in=missing) if value else queryset.exclude(pk__in=missing)
