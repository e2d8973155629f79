"""Filters of guilds and districts."""

from crm.filtersets.base import ListFilterSet, SearchFilter
from guilds.reference.models import District, Guild


class GuildFilterSet(ListFilterSet):
    """Guilds by name."""

    orderings = ("name", "slug")
    q = SearchFilter("name", "slug")

    class Meta:
        model = Guild
        fields: list[str] = []


class DistrictFilterSet(ListFilterSet):
    """Districts by name or code."""

    orderings = ("name", "code")
    q = SearchFilter("name", "code")

    class Meta:
        model = District
        fields: list[str] = []
