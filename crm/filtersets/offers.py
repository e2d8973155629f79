"""Filters of what employers offer: those that a careers leader has in mind when looking for places."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from crm.filtersets.base import ChoiceFilter, DistrictFilter, GuildFilter, ListFilterSet, SearchFilter, YesNoFilter
from guilds.opportunities.models import Programme
from guilds.pledges import offers
from guilds.pledges.models import Pledge, PledgeKind
from guilds.reference.models import ApprenticeshipStandard

SUITS = (
    ("send", "Special educational needs or disabilities"),
    ("reengagement", "Returning to education or work"),
    ("t_level", "T-level students"),
)
LEVELS = [(level, f"Level {level}") for level in range(1, 9)]


def route_filter(**more: Any) -> django_filters.ChoiceFilter:
    """A technical qualification area of the official list of standards."""
    return ChoiceFilter(choices=_routes, label="Technical qualification area", **more)


def _routes() -> list[tuple[str, str]]:
    return [(route, route) for route in ApprenticeshipStandard.objects.routes()]


class OfferFilterSet(ListFilterSet):
    """Rows are those of guilds.pledges.offers: with their progress."""

    orderings = ("made_on", "current_quantity", "created_at", "updated_at")

    q = SearchFilter("employer__name", label="Employer")
    kind = ChoiceFilter(choices=PledgeKind.choices, label="What is offered")
    programme = ChoiceFilter(choices=Programme.choices, label="Programme")
    guild = GuildFilter(label="Sector")
    route = route_filter()
    level = ChoiceFilter(choices=LEVELS, label="Level")
    suits = ChoiceFilter(choices=SUITS, label="Suits", empty_label="Anybody", method="filter_suits")
    places = django_filters.NumberFilter(
        field_name="remaining", lookup_expr="gte", label="Places left, at least", min_value=1, max_value=100_000
    )
    wanted_from = django_filters.DateFilter(label="Wanted from", method="filter_from")
    wanted_until = django_filters.DateFilter(label="Wanted until", method="filter_until")
    district = DistrictFilter(null_label=None, label="For schools in", method="filter_district")
    asked = YesNoFilter(label="Asked for, or given", method="filter_asked")

    class Meta:
        model = Pledge
        fields: list[str] = []

    def filter_suits(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """What its employer says that it suits."""
        return queryset.filter(**{f"suits_{value}": True})

    def filter_from(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        """Not over by then."""
        return offers.within(queryset, first=value)

    def filter_until(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        """Begun by then."""
        return offers.within(queryset, last=value)

    def filter_district(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        """Those that name the district, and those for anywhere."""
        return offers.for_district(queryset, value)

    def filter_asked(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """By the reader's own school or college; for others, by any."""
        return offers.asked_for(queryset, self.request.user, value)
