"""Crediting to a pledge what was delivered, and taking such a credit back."""

from functools import cached_property
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from crm.forms.pledge_credit import CreditForm
from crm.forms.pledges import ReasonForm
from crm.views.form_page import FormPage
from crm.views.pledges import PledgePage
from guilds.audit.refusals import Conflict
from guilds.pledges import actions, crediting
from guilds.pledges.models import Delivery, Pledge


class CreditPledge(FormPage, PledgePage):
    """Record what was delivered: something of that employer that has happened and is credited to nothing yet."""

    permission_name = "pledge.match"
    template_name = "pledges/credit.html"
    heading, submit_label, done = "Record what was delivered", "Credit it to the pledge", "It is credited to the pledge"
    record: Pledge

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form. Raises Conflict for a pledge that was never verified."""
        if not self.record.verified_on:
            raise Conflict("This pledge was never verified: verify it before crediting anything to it")
        return super().get(request, **kwargs)

    @cached_property
    def fitting(self) -> QuerySet:
        """What may be credited to it."""
        return crediting.what_fits(self.record, self.request.user)

    def form(self, *args: Any, **kwargs: Any) -> CreditForm:
        """What, how much of it, and for whom."""
        parts = crediting.parts_to_credit(self.record, self.request.user)
        return CreditForm(*args, pledge=self.record, fitting=self.fitting, parts=parts, **kwargs)

    def act(self, form: CreditForm) -> str:
        """Credit it."""
        actions.credit(by=self.request.user, pledge=self.record, **form.facts())
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """Which pledge it is, and where what is missing can be recorded."""
        field = crediting.fulfilled_by(self.record)
        address = reverse(
            {"placement": "placement_new", "apprenticeship": "apprenticeship_new"}.get(field, "engagement_new")
        )
        something = bool(self.fitting)
        return super().words() | {"pledge": self.record, "something": something, "field": field, "new_address": address}


class UncreditPledge(FormPage, PledgePage):
    """Take back a credit that was a mistake, and say why."""

    permission_name = "pledge.match"
    heading, submit_label, done = "Take back the credit", "Take it back", "It is not credited to the pledge any more"

    @cached_property
    def delivery(self) -> Delivery:
        """The credit of the address. Raises Http404 for one that is not there for this reader."""
        seen = Delivery.objects.visible_to(self.request.user).filter(pledge=self.record).with_quantity()
        return cast(Any, get_object_or_404(seen, pk=self.kwargs["delivery"]))

    def form(self, *args: Any, **kwargs: Any) -> ReasonForm:
        """Why. Raises Http404."""
        assert self.delivery
        return ReasonForm(*args, **kwargs)

    def act(self, form: ReasonForm) -> str:
        """Take it back."""
        actions.uncredit(by=self.request.user, delivery=self.delivery, reason=form.cleaned_data["reason"])
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """Which credit it is."""
        about = f"{cast(Any, self.delivery).done} of the pledge of {self.record}, {self.record.employer}"
        explained = "What happened stays recorded; it only does not count for this pledge any more."
        return super().words() | {"about": about, "explained": explained}
