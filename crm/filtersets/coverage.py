"""Filters of the page of cold spots. Period, guild and kind of engagement say what reached a school; the rest, which schools."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from crm.filtersets.base import ChoiceFilter, DistrictFilter, GuildFilter, ListFilterSet, SearchFilter, YesNoFilter
from guilds.engagement.models import EngagementKind
from guilds.impact import periods
from guilds.impact.reach import SECONDARY_KINDS
from guilds.impact.saved_scopes import SavedScope
from guilds.organisations.models import LocalKind, Organisation, ProviderKind
from guilds.reference.models import District

#: Since when the strategy has been followed: the first academic year that is offered.
FIRST_YEAR = 2015


#: The filters of schools that evidence knows too; it has a district of its own.
OF_SCHOOLS = ("scope", "provider_kind", "local_kind", "coastal")


def years() -> list[tuple[str, str]]:
    """Academic years since the strategy, latest first."""
    found, year = [], periods.academic_year(timezone.localdate())
    while year.start.year >= FIRST_YEAR:
        found.append((year.slug, year.slug))
        year = periods.previous(year)
    return found


def school_kinds() -> list[tuple[str, str]]:
    """The kinds of school that count."""
    return [(kind.value, str(ProviderKind(kind).label)) for kind in SECONDARY_KINDS]


class CoverageFilterSet(ListFilterSet):
    """Rows are those of guilds.impact.cold_spots, for the `period`, `guild` and `kind` that the page has read already."""

    orderings = ("name", "last_met", "pupils_known")
    worked_out = ("last_met", "pupils_known")

    period = ChoiceFilter(choices=years, label="Academic year", empty_label="This year", method="read_before")
    scope = django_filters.ModelChoiceFilter(
        queryset=SavedScope.objects.all(), to_field_name="slug", label="Saved scope", empty_label="All schools",
        method="read_before",
    )  # fmt: skip
    district = DistrictFilter(queryset=District.objects.local())
    provider_kind = ChoiceFilter(choices=school_kinds, label="Kind of school")
    local_kind = ChoiceFilter(choices=LocalKind.choices, label="Kind in Kent")
    coastal = YesNoFilter(label="Coastal school")
    guild = GuildFilter(label="Reached by", method="read_before")
    kind = ChoiceFilter(choices=EngagementKind.choices, label="Reached through", method="read_before")
    q = SearchFilter("name", "search_name", label="Name")

    class Meta:
        model = Organisation
        fields: list[str] = []

    def read_before(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        """Who was reached has been looked up already."""
        return queryset


def asked_of_schools(request: HttpRequest) -> dict[str, str]:
    """Those of OF_SCHOOLS that an address says, as it says them."""
    return {name: request.GET[name] for name in OF_SCHOOLS if request.GET.get(name)}


def schools_meant(cleaned: dict[str, Any]) -> Q:
    """The schools that the filters are about, whether reached or not."""
    found = cleaned["scope"].schools if cleaned.get("scope") else Q()
    if cleaned.get("district"):
        district = cleaned["district"]
        found &= Q(district__isnull=True) if district == "unknown" else Q(district=district)
    for name in ("provider_kind", "local_kind"):
        found &= Q(**{name: cleaned[name]}) if cleaned.get(name) else Q()
    if cleaned.get("coastal") is True:
        found &= Q(coastal=True)
    elif cleaned.get("coastal") is False:
        found &= ~Q(coastal=True)
    return found
