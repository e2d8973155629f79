"""What the pages of placements and apprenticeships filter by, over what the API does: the links of other pages lead here."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from crm.filtersets.apprenticeships import ApprenticeshipFilterSet
from crm.filtersets.base import ChoiceFilter, Filters
from crm.filtersets.offers import SUITS, route_filter
from crm.filtersets.placements import PlacementFilterSet
from guilds.impact import periods
from guilds.opportunities import intakes
from guilds.opportunities.models import Intake

MINE = (("mine", "My guilds"),)
ANY_TIME = "any"


class YearField(forms.CharField):
    """An academic year, such as 2017-18."""

    def clean(self, value: Any) -> str:
        words = super().clean(value)
        if words and not _is_academic_year(words):
            raise ValidationError(f"“{words}” is not an academic year: write it as 2017-18", code="invalid")
        return words


def _is_academic_year(words: str) -> bool:
    try:
        year = periods.parse(words)
    except ValidationError:
        return False
    return year == periods.academic_year(year.start)


class YearFilter(django_filters.Filter):
    """Apprenticeships of the intakes of an academic year."""

    field_class = YearField


class _OpportunityFilters(django_filters.FilterSet):
    """What both lists have: `starts_from` and `starts_to` look at the first day, planned or as it was.

    `counted_as` says what `from` and `to` look at.
    """

    counted_as: ClassVar[str] = ""
    starts_from = django_filters.DateFilter(field_name="starts_on", lookup_expr="gte", label="Starts from")
    starts_to = django_filters.DateFilter(field_name="starts_on", lookup_expr="lte", label="Starts by")
    whose = ChoiceFilter(choices=MINE, label="Led by", method="filter_whose", empty_label="Anybody")

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """In the order in which people think of them: words, then what it is, then days; who leads it last."""
        filters = super().get_filters()
        if not cls.counted_as:
            return filters
        filters["from"].label, filters["to"].label = f"{cls.counted_as} from", f"{cls.counted_as} by"
        later = ("from", "to", "starts_from", "starts_to", "whose")
        return Filters(
            {name: found for name, found in filters.items() if name not in later} | {n: filters[n] for n in later}
        )

    def filter_whose(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """What this reader's guilds lead."""
        user = self.request.user
        return queryset.filter(guild__in=user.guild_slugs) if user.is_coordinator else queryset


class PlacementListFilterSet(_OpportunityFilters, PlacementFilterSet):
    """`needs=confirm`: its day has come, and nobody has said what became of it."""

    counted_as = "Arranged"

    suits = ChoiceFilter(choices=SUITS[:2], label="Suits", empty_label="Anybody", method="filter_suits")
    needs = ChoiceFilter(
        choices=(("confirm", "Somebody to say what happened"),), label="Needs", method="filter_needs",
        empty_label="Anything or nothing",
    )  # fmt: skip

    def filter_suits(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """What it suits."""
        return queryset.filter(**{f"suits_{value}": True})

    def filter_needs(self, queryset: Any, name: str, value: str) -> QuerySet:
        """Past its first day and not started, or past its last and not ended."""
        return queryset.to_confirm(timezone.localdate())


class ApprenticeshipListFilterSet(_OpportunityFilters, ApprenticeshipFilterSet):
    """`stage` and `year` are those of the page of intakes: what it counts is listed here."""

    counted_as = "Opened"

    standard = django_filters.CharFilter(label="Standard", max_length=250, method="filter_standard")
    route = route_filter(field_name="standard__route")
    intake = ChoiceFilter(choices=[*Intake.choices, (ANY_TIME, "Any time")], label="Intake", method="filter_intake")
    stage = ChoiceFilter(
        choices=[(name, label) for name, (label, _) in intakes.STAGES.items()], label="Came to", method="filter_stage"
    )
    year = YearFilter(label="Intakes of the academic year", method="filter_year")

    def filter_standard(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """By its reference, or words of its title."""
        return queryset.filter(Q(standard__reference__iexact=value) | Q(standard_title__icontains=value))

    def filter_intake(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """One of the four, or those of none."""
        return queryset.filter(intake="" if value == ANY_TIME else value)

    def filter_stage(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """A stage is one status or more: who has left early did start."""
        return queryset.filter(status__in=intakes.STAGES[value][1])

    def filter_year(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Those whose intake is in it."""
        return queryset.filter(intakes.of_year(periods.parse(value).start))
