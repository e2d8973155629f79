"""Filters of what people ask about their data, and of what was erased."""

from crm.filtersets.base import ChoiceFilter, ListFilterSet
from guilds.rights.models import ErasureRecord, RequestKind, RequestStatus, RightsRequest, Why


class RightsRequestFilterSet(ListFilterSet):
    """What people ask about their data. No search: a name would stand in the address."""

    kind = ChoiceFilter(choices=RequestKind.choices, label="What is asked for")
    status = ChoiceFilter(choices=RequestStatus.choices, label="Status")

    class Meta:
        model = RightsRequest
        fields: list[str] = []


class ErasureFilterSet(ListFilterSet):
    """What was erased."""

    orderings = ("at",)

    why = ChoiceFilter(choices=Why.choices, label="Why")

    class Meta:
        model = ErasureRecord
        fields: list[str] = []
