"""Filters of apprenticeships."""

import django_filters

from crm.filtersets.base import (
    ChoiceFilter,
    DistrictFilter,
    GuildFilter,
    ListFilterSet,
    OrganisationFilter,
    SearchFilter,
)
from guilds.opportunities.models import Apprenticeship, ApprenticeshipStatus, Intake

LEVELS = [(level, f"Level {level}") for level in range(2, 9)]


class ApprenticeshipFilterSet(ListFilterSet):
    """`from` and `to` look at the day on which the positions were opened."""

    orderings = ("opened_on", "positions", "created_at", "updated_at")
    counted_on = "opened_on"

    q = SearchFilter(
        "standard_title", reference=True, organisations=("employer",), label="Reference, standard or employer"
    )
    guild = GuildFilter()
    status = ChoiceFilter(choices=ApprenticeshipStatus.choices, label="Status")
    employer = OrganisationFilter(label="Employer")
    training_provider = OrganisationFilter(label="Training provider")
    level = ChoiceFilter(choices=LEVELS, label="Level")
    intake = ChoiceFilter(choices=Intake.choices, label="Intake")
    district = DistrictFilter()
    pledge = django_filters.UUIDFilter(field_name="delivery__pledge", label="Fulfils the pledge")
    reference = django_filters.CharFilter(label="Reference", max_length=60)

    class Meta:
        model = Apprenticeship
        fields: list[str] = []
