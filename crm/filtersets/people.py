"""Filters of people who sign in, and of those who ask to."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from crm.filtersets.base import ChoiceFilter, GuildFilter, ListFilterSet, OrganisationFilter, SearchFilter
from guilds.access.invitations import Invitation, InvitationStatus, JoinRequest, JoinStatus
from guilds.access.models import Role, User

MAY_SIGN_IN = (("yes", "May sign in"), ("no", "Account closed"))


class PeopleFilterSet(ListFilterSet):
    """Those whose sign-in somebody cares for."""

    q = SearchFilter("name", "email", "organisation__name")
    role = ChoiceFilter(choices=Role.choices, label="Role")
    guild = GuildFilter(field_name="guilds", null_label="")
    account = ChoiceFilter(choices=MAY_SIGN_IN, label="Account", method="filter_account")
    organisation = OrganisationFilter(label="Organisation")

    class Meta:
        model = User
        fields: list[str] = []

    def filter_account(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        """Whether they may sign in."""
        return queryset.filter(is_active=value == "yes")


class InvitationFilterSet(ListFilterSet):
    """Those who were asked in. Expired follows from the day."""

    q = SearchFilter("name", "email", "organisation__name")
    status = ChoiceFilter(choices=InvitationStatus.choices, label="Status", method="filter_status")
    role = ChoiceFilter(choices=Role.choices, label="Role")
    organisation = OrganisationFilter(label="Organisation")

    class Meta:
        model = Invitation
        fields: list[str] = []

    def filter_status(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        """Those with this standing now."""
        return queryset.standing(value, timezone.now())  # type: ignore[attr-defined]


class JoinRequestFilterSet(ListFilterSet):
    """Those who ask to join."""

    q = SearchFilter("name", "email", "organisation_text")
    status = ChoiceFilter(choices=JoinStatus.choices, label="Status")

    class Meta:
        model = JoinRequest
        fields: list[str] = []
