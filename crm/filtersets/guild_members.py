"""Filters of a guild's members."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from crm.filtersets.base import ChoiceFilter, ListFilterSet, SearchFilter
from guilds.organisations.models import MemberRole, Membership

STANDING = (("current", "Members now"), ("left", "Have left"))
DID = (("yes", "Did or pledged something"), ("no", "Nothing yet"))


class GuildMemberFilterSet(ListFilterSet):
    """Memberships of one guild. `period` is the year that "this year" is about; the page reads it."""

    orderings = ("name", "joined_on")
    worked_out = ("name",)

    q = SearchFilter("organisation__name", label="Name")
    standing = ChoiceFilter(choices=STANDING, label="Standing", method="filter_standing")
    role = ChoiceFilter(choices=MemberRole.choices, label="Role")
    did = ChoiceFilter(choices=DID, label="This year", method="filter_did")
    period = django_filters.CharFilter(label="Year", method="filter_period")

    class Meta:
        model = Membership
        fields: list[str] = []

    def filter_standing(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """The day of leaving is the first without."""
        today = timezone.localdate()
        now = Q(left_on__isnull=True) | Q(left_on__gt=today)
        return queryset.filter(now) if value == "current" else queryset.exclude(now)

    def filter_did(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Something delivered or pledged in the year, with whatever guild."""
        return queryset.filter(active=1 if value == "yes" else 0)

    def filter_period(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """The rows are counted for it already."""
        return queryset
