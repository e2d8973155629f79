"""Filters of the registry's page: those of the API, and what a coordinator looks for when deciding whom to ring."""

from datetime import date, timedelta

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from crm.filtersets.base import ChoiceFilter, YesNoFilter
from crm.filtersets.organisations import OrganisationFilterSet
from guilds.organisations.models import NEVER
from guilds.pledges.models import Pledge

#: How many days without a call, meeting or message.
QUIET = (
    ("30", "None for a month"), ("90", "None for three months"), ("365", "None for 12 months"), ("never", "Never"),
)  # fmt: skip
#: What only the team may look through.
OF_THE_TEAM = ("open_pledges", "quiet", "contact_from", "contact_to")


class OrganisationListFilterSet(OrganisationFilterSet):
    """With pledges still to be kept, and how long ago somebody last spoke with them."""

    open_pledges = YesNoFilter(label="Open pledges", method="filter_open_pledges")
    quiet = ChoiceFilter(choices=QUIET, empty_label="Any", label="Calls, meetings, messages", method="filter_quiet")

    contact_from = django_filters.DateFilter(field_name="last_contact_on", lookup_expr="gte", label="Last contact from")
    contact_to = django_filters.DateFilter(label="Last contact until", method="filter_contact_to")

    def filter_open_pledges(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """Employers with something promised and not yet given; or all others."""
        kept = Pledge.objects.open().filter(employer=OuterRef("pk")).with_progress().filter(remaining__gt=0)
        return queryset.filter(Exists(kept)) if value else queryset.filter(~Exists(kept))

    def filter_quiet(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Nobody of the team has noted anything since."""
        days = timezone.localdate() - NEVER if value == "never" else timedelta(days=int(value))
        return queryset.filter(last_contact_on__lte=timezone.localdate() - days)

    def filter_contact_to(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        """Somebody has been in touch, but not after this day."""
        return queryset.filter(last_contact_on__gt=NEVER, last_contact_on__lte=value)
