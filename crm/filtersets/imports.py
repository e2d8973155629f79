"""Filters of imports."""

from crm.filtersets.base import ChoiceFilter, ListFilterSet, SearchFilter
from guilds.importing.models import Import, ImportStatus, Kind


class ImportFilterSet(ListFilterSet):
    """What came in from files."""

    q = SearchFilter("filename")
    kind = ChoiceFilter(choices=Kind.choices, label="Kind")
    status = ChoiceFilter(choices=ImportStatus.choices, label="Status")

    class Meta:
        model = Import
        fields: list[str] = []
