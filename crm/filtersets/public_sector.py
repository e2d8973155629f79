"""Filters of the page of public bodies and their target."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from crm.filtersets.base import ChoiceFilter, DistrictFilter, ListFilterSet, SearchFilter, YesNoFilter
from guilds.impact import periods
from guilds.impact.public_sector import bound_by_law
from guilds.organisations.models import Organisation

#: The first year that the regulations are about.
FIRST_YEAR = 2017


def years() -> list[tuple[str, str]]:
    """Financial years since the target began, latest first."""
    year = periods.financial_year(timezone.localdate())
    found = []
    while year.start.year >= FIRST_YEAR:
        found.append((year.slug, year.slug.removeprefix("FY")))
        year = periods.previous(year)
    return found


class PublicSectorFilterSet(ListFilterSet):
    """Rows are those of guilds.impact.public_sector, for the `year` that the page has read already."""

    orderings = ("name", "created_at", "updated_at")

    year = ChoiceFilter(choices=years, label="Financial year", empty_label="This year", method="filter_year")
    q = SearchFilter("name", "search_name", label="Name")
    district = DistrictFilter()
    duty = YesNoFilter(label="Bound by law (250 staff or more)", method="filter_duty")

    class Meta:
        model = Organisation
        fields: list[str] = []

    def filter_year(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """All have a target in every year; the starts of the year are counted before."""
        return queryset

    def filter_duty(self, queryset: Any, name: str, value: bool) -> QuerySet:
        """Those that the regulations bind, or those that do as the county does."""
        return queryset.filter(bound_by_law() if value else ~bound_by_law())
