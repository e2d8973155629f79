"""What the pages of pledges filter by, over what the API does: the links of the home pages and the board lead here."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from crm.filtersets.base import ChoiceFilter, GuildFilter, ListFilterSet
from crm.filtersets.pledges import PledgeFilterSet
from guilds.engagement.models import Engagement
from guilds.pledges import board, needs, queries
from guilds.pledges.models import Pledge, PledgeKind

NEEDS = (
    ("asked", "Asked for, to be answered"),
    ("claimed", "“We did it”, to be credited"),
    ("unmatched", "Open, matched with nobody"),
    ("lapsing", "About to lapse"),
    ("quiet", "Not heard of for long"),
)
#: How many engagements the board offers to choose from, the latest first.
_OFFERED = 100


class PledgeListFilterSet(PledgeFilterSet):
    """`needs`: what somebody should do something about. `stage`: a column of the board. `whose=mine`: a coordinator's own."""

    whose = ChoiceFilter(choices=(("mine", "My guilds"),), label="Led by", method="filter_whose", empty_label="Anybody")
    needs = ChoiceFilter(choices=NEEDS, label="Needs", method="filter_needs", empty_label="Anything or nothing")
    stage = ChoiceFilter(choices=board.Stage.choices, label="How far", method="filter_stage", empty_label="Any stage")

    def filter_whose(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """What this reader's guilds lead, and what no guild leads yet."""
        user = self.request.user
        return queryset.filter(Q(guild=None) | Q(guild__in=user.guild_slugs)) if user.is_coordinator else queryset

    def filter_needs(self, queryset: Any, name: str, value: str) -> QuerySet:
        """What still has to be done."""
        if value in ("unmatched", "asked"):
            return queryset.unmatched() if value == "unmatched" else queryset.asked_for()
        if value == "claimed":
            return queries.claimed(queryset)
        today = timezone.localdate()
        return queryset.about_to_lapse(today) if value == "lapsing" else needs.quiet(queryset, today)

    def filter_stage(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """How far it has come."""
        return board.at_stage(queryset, value)


def places_of_making(request: Any) -> QuerySet[Engagement]:
    """The latest engagements at which pledges were made."""
    made = Pledge.objects.filter(engagement__isnull=False).order_by().values("engagement")
    seen = Engagement.objects.visible_to(request.user).filter(pk__in=made).order_by("-starts_on", "-id")
    return seen.filter(pk__in=seen.values("pk")[:_OFFERED]).only("starts_on", "title")


class _MadeAt(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.starts_on:%-d %B %Y}: {obj.title}"


class MadeAtFilter(django_filters.ModelChoiceFilter):
    """An engagement at which pledges were made."""

    field_class = _MadeAt


class BoardFilterSet(ListFilterSet):
    """What the board is narrowed to: the list's own names, so that a column's link shows exactly its pledges."""

    counted_on = "made_on"
    guild = GuildFilter(null_label="No guild yet")
    kind = ChoiceFilter(choices=PledgeKind.choices, label="Kind")
    engagement = MadeAtFilter(queryset=places_of_making, label="Made at", empty_label="Anywhere")

    class Meta:
        model = Pledge
        fields: list[str] = []
