"""Employers with an open pledge of whom nobody has heard for long; one press makes a follow-up."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from crm.exports.lists import QUIET
from crm.filtersets.pledge_list import PledgeListFilterSet
from crm.views.lists import ListPage
from crm.views.once import new_token, once
from crm.views.paging import Listing
from crm.views.pledge_list import LISTED
from crm.views.pledges import PledgePage
from guilds.engagement import follow_up_actions
from guilds.engagement.follow_ups import FollowUpStatus
from guilds.pledges import needs
from guilds.pledges.models import Pledge

#: Within how many days a follow-up that is made by one press is to be done.
WITHIN = timedelta(days=7)


class QuietPledges(ListPage):
    """Open pledges without a call, an agreed part or a delivery for long, with the last day on which there was one."""

    permission_name = "pledge.board"
    template_name = "pledges/quiet.html"
    filterset_class = PledgeListFilterSet
    orderings = (
        ("made_on", "Oldest first"), ("-made_on", "Newest first"),
        ("-quantity", "Largest first"), ("quantity", "Smallest first"),
    )  # fmt: skip
    narrowing = ("employer", "engagement", "reference")
    columns, title = QUIET, "Employers who have gone quiet"

    def rows(self) -> QuerySet:
        """With the day of the last contact."""
        seen = Pledge.objects.visible_to(self.request.user).for_list().only(*LISTED, "verified_on")
        return needs.with_last_contact(needs.quiet(seen, timezone.localdate()))

    def extras(self, listing: Listing) -> dict[str, Any]:
        """Since when; and the token that makes a press count once."""
        return {"since": needs.quiet_since(timezone.localdate()), "form_token": new_token()}

    def _prepare(self, form: Any) -> None:
        super()._prepare(form)
        for name in ("status", "available", "needs", "stage"):
            form.fields.pop(name)
        if not cast(Any, self.request.user).is_coordinator:
            form.fields.pop("whose")


class FollowUpPledge(PledgePage):
    """Make a follow-up about a pledge: for oneself, within a week."""

    permission_name = "followup.change"

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """There is nothing to fill in: back to the pledge."""
        return redirect(self.way_back())

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Make it, unless somebody has to do something about this pledge already."""
        pledge, user = self.record, cast(Any, request.user)
        if pledge.follow_ups.filter(status=FollowUpStatus.OPEN).exists():
            messages.warning(request, f"There is a follow-up about this pledge of {pledge.employer} already")
        else:
            once(request, lambda: self._make(pledge, user))
            messages.success(request, f"You have a follow-up within a week: {pledge.employer}")
        return redirect(f"{reverse('pledge_quiet')}")

    def _make(self, pledge: Pledge, user: Any) -> str:
        follow_up_actions.add_follow_up(
            by=user,
            what=f"Ask about the pledge of {pledge}",
            due_on=timezone.localdate() + WITHIN,
            assigned_to=user,
            organisation=pledge.employer,
            pledge=pledge,
        )
        return self.way_back()
