"""Filters of placements."""

import django_filters

from crm.filtersets.base import (
    ChoiceFilter,
    DistrictFilter,
    GuildFilter,
    ListFilterSet,
    OrganisationFilter,
    SearchFilter,
)
from guilds.opportunities.models import Placement, PlacementStatus, Programme


class PlacementFilterSet(ListFilterSet):
    """`from` and `to` look at the day on which the placement was arranged."""

    orderings = ("arranged_on", "learners", "created_at", "updated_at")
    counted_on = "arranged_on"

    q = SearchFilter(
        reference=True, organisations=("employer", "provider"), label="Reference, employer, school or college"
    )
    guild = GuildFilter()
    programme = ChoiceFilter(choices=Programme.choices, label="Programme")
    status = ChoiceFilter(choices=PlacementStatus.choices, label="Status")
    employer = OrganisationFilter(label="Employer")
    provider = OrganisationFilter(label="School or college")
    district = DistrictFilter()
    pledge = django_filters.UUIDFilter(field_name="delivery__pledge", label="Fulfils the pledge")
    reference = django_filters.CharFilter(label="Reference", max_length=60)

    class Meta:
        model = Placement
        fields: list[str] = []
