"""Filters of a cohort of promises: when they were made, whose they are, and how far they came."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from crm.filtersets.base import ChoiceFilter, DistrictFilter, GuildFilter, ListFilterSet, SearchFilter
from guilds.impact import periods
from guilds.pledges.models import Pledge, PledgeKind

#: How far a promise came: the filter that finds those.
STEPS: dict[str, tuple[str, dict[str, Any]]] = {
    "verified": ("Verified", {"verified_on__isnull": False}),
    "agreed": ("Agreed with a school or college", {"verified_on__isnull": False, "agreed__gt": 0}),
    "delivered": ("Delivered, all or in part", {"delivered__gt": 0}),
    "confirmed": ("Confirmed, all or in part", {"confirmed__gt": 0}),
    "waiting": ("Agreed with nobody yet", {"verified_on__isnull": False, "agreed": 0}),
}


class PeriodField(forms.CharField):
    """A period as counting.md writes it."""

    def clean(self, value: Any) -> periods.Period | None:
        words = super().clean(value)
        try:
            return periods.parse(words) if words else None
        except ValidationError as refusal:
            raise ValidationError(refusal.messages) from None


class PeriodFilter(django_filters.Filter):
    """The period that the page has read already."""

    field_class = PeriodField

    def filter(self, queryset: QuerySet, value: Any) -> QuerySet:
        return queryset


class PromiseFilterSet(ListFilterSet):
    """Rows are those of guilds.impact.promises, for the period that the page has read already. `district`: the employer's."""

    orderings = ("made_on", "quantity")

    period = PeriodFilter(
        label="Made in", help_text="A year, quarter or month: 2016-17, FY2016-17, 2016-17-Q1, 2017-03"
    )
    step = ChoiceFilter(
        choices=[(name, words) for name, (words, _) in STEPS.items()], label="How far", method="filter_step"
    )
    kind = ChoiceFilter(choices=PledgeKind.choices, label="Kind")
    guild = GuildFilter()
    district = DistrictFilter(field_name="employer__district", label="District of the employer")
    q = SearchFilter(reference=True, organisations=("employer",), label="Reference or employer")

    class Meta:
        model = Pledge
        fields: list[str] = []

    def filter_step(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Those that have come so far."""
        return queryset.filter(**STEPS[value][1])
