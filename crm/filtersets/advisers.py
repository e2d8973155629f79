"""Filters of the page of enterprise advisers."""

from typing import Any

from django.db.models import QuerySet

from crm.filtersets.base import ChoiceFilter, DistrictFilter, ListFilterSet, SearchFilter, YesNoFilter
from guilds.pledges.advisers import AdviserPlace, AdviserStatus


class AdviserFilterSet(ListFilterSet):
    """By how far a school has come, and where it is."""

    orderings = ("place", "signed_up_on", "created_at")
    worked_out = ("place",)

    status = ChoiceFilter(choices=AdviserStatus.choices, label="Status")
    district = DistrictFilter(field_name="organisation__district")
    coastal = YesNoFilter(label="Coastal school", method="filter_coastal")
    q = SearchFilter("organisation__name", "employer__name", label="School or employer")

    class Meta:
        model = AdviserPlace
        fields: list[str] = []

    def filter_coastal(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        """Of a school of which nobody has said that it is, it is not."""
        coastal = queryset.filter(organisation__coastal=True)
        return coastal if value else queryset.exclude(organisation__coastal=True)
