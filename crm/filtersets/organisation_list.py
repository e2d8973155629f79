"""Filters of the registry's page: those of the API, and what a coordinator looks for when deciding whom to ring."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from crm.filtersets.base import ChoiceFilter, YesNoFilter
from crm.filtersets.organisations import OrganisationFilterSet
from guilds.engagement.follow_ups import Interaction
from guilds.pledges.models import Pledge

#: How many days without a call, meeting or message.
QUIET = ((30, "None for a month"), (90, "None for three months"), (365, "None for a year"))


class OrganisationListFilterSet(OrganisationFilterSet):
    """With pledges still to be kept, and how long ago somebody last spoke with them."""

    open_pledges = YesNoFilter(label="Open pledges", method="filter_open_pledges")
    quiet = ChoiceFilter(choices=QUIET, empty_label="Any", label="Calls, meetings, messages", method="filter_quiet")

    def filter_open_pledges(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """Employers with something promised and not yet given; or all others."""
        kept = Pledge.objects.open().filter(employer=OuterRef("pk")).with_progress().filter(remaining__gt=0)
        return queryset.filter(Exists(kept)) if value else queryset.filter(~Exists(kept))

    def filter_quiet(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Nobody of the team has noted anything since."""
        since = timezone.localdate() - timedelta(days=int(value))
        spoken = Interaction.objects.filter(organisation=OuterRef("pk"), happened_on__gt=since)
        return queryset.filter(~Exists(spoken))
