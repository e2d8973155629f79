"""“We did it”: an employer tells what it did of a pledge, and a coordinator credits it or says why not."""

from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from crm.forms.pledge_claims import AcceptForm, ClaimForm
from crm.forms.pledges import ReasonForm, VerbForm
from crm.views.form_page import FormPage
from crm.views.pledges import PledgePage
from guilds.pledges import claim_actions, crediting
from guilds.pledges.claims import CLAIM_LIFECYCLE, DeliveryClaim
from guilds.pledges.models import Pledge


class ClaimPledge(FormPage, PledgePage):
    """The employer says that it did it: when, and how many."""

    permission_name = "pledge.claim"
    heading, submit_label = "We did it", "Tell the coordinator"
    done = "Thank you. The coordinator looks at it and credits it to your pledge"
    record: Pledge

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form. Raises Conflict for a pledge of which nothing can be told."""
        claim_actions.refuse_claim_of(self.record)
        return super().get(request, **kwargs)

    @cached_property
    def parts(self) -> Any:
        """The parts that were agreed and are not delivered yet."""
        return crediting.parts_to_credit(self.record, self.request.user)

    def initial(self) -> dict[str, Any]:
        """What is likely: today, and what is left."""
        return ClaimForm.start(self.record, self.parts)

    def form(self, *args: Any, **kwargs: Any) -> ClaimForm:
        """When, how many and for whom."""
        return ClaimForm(*args, pledge=self.record, parts=self.parts, **kwargs)

    def act(self, form: ClaimForm) -> str:
        """Tell it."""
        claim_actions.claim(by=self.request.user, pledge=self.record, **form.cleaned_data)
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """Which pledge it is, and what was told of it and waits already."""
        seen = DeliveryClaim.objects.visible_to(self.request.user).waiting()
        told = ", ".join(str(claim) for claim in seen.filter(pledge=self.record))
        explained = f"You have told already, and the coordinator has not looked at it yet: {told}." if told else ""
        return super().words() | {"about": _about(self.record), "explained": explained}


class _ClaimPage(FormPage, PledgePage):
    """A page about one thing that an employer tells."""

    permission_name = "pledge.match"
    verb = ""
    names = {"placement": "what", "apprenticeship": "what", "engagement": "what"}
    record: Pledge

    @cached_property
    def claim(self) -> DeliveryClaim:
        """The claim of the address. Raises Http404 for one that is not there for this reader."""
        seen = DeliveryClaim.objects.visible_to(self.request.user).filter(pledge=self.record)
        return get_object_or_404(
            seen.select_related("pledge__employer", "allocation__provider"), pk=self.kwargs["claim"]
        )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What is asked for, while it waits. Raises Conflict once somebody has seen to it."""
        CLAIM_LIFECYCLE.move(self.claim, self.verb, reason="to be given")
        return super().get(request, **kwargs)

    def words(self) -> dict[str, Any]:
        """Which claim it is."""
        claim = self.claim
        school = f", for {claim.allocation.provider}" if claim.allocation else ""
        told = f"{claim.pledge.employer} says: {claim.quantity} on {claim.happened_on:%-d %B %Y}{school}."
        words = {"about": _about(self.record), "explained": f"{told} {claim.note}".strip(), "claim": claim}
        return super().words() | words


class AcceptClaim(_ClaimPage):
    """Credit it: choose what it was, or record that as the employer tells it."""

    verb = "accept"
    template_name = "pledges/accept.html"
    heading, submit_label, done = (
        "Accept what the employer tells",
        "Accept",
        "It is accepted and credited to the pledge",
    )

    def form(self, *args: Any, **kwargs: Any) -> AcceptForm:
        """What it was, how much of it, and for whom."""
        user = self.request.user
        fitting, parts = crediting.what_fits(self.record, user), crediting.parts_to_credit(self.record, user)
        return AcceptForm(*args, claim=self.claim, fitting=fitting, parts=parts, **kwargs)

    def act(self, form: AcceptForm) -> str:
        """Credit it."""
        claim_actions.accept(by=self.request.user, claim=self.claim, **form.facts())
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """What is recorded where nothing is chosen."""
        made = {"placement": "a placement that has started", "apprenticeship": "an apprenticeship that has started"}
        field = crediting.fulfilled_by(self.record)
        able = claim_actions.can_be_recorded(self.record)
        return super().words() | {"made": made.get(field, "a delivered engagement"), "able": able}


class DeclineClaim(_ClaimPage):
    """Not credited; the employer reads why."""

    verb = "decline"
    heading, submit_label, done = "Decline what the employer tells", "Decline", "It is declined; the employer sees why"

    def form(self, *args: Any, **kwargs: Any) -> ReasonForm:
        """Why."""
        return ReasonForm(*args, **kwargs)

    def act(self, form: ReasonForm) -> str:
        """Decline it."""
        claim_actions.decline(by=self.request.user, claim=self.claim, reason=form.cleaned_data["reason"])
        return self.way_back()


class WithdrawClaim(_ClaimPage):
    """The employer takes its word back."""

    verb, permission_name = "withdraw", "pledge.claim"
    heading, submit_label, done = "Take back what you told", "Take it back", "It is taken back"

    def form(self, *args: Any, **kwargs: Any) -> forms.Form:
        """Nothing is asked."""
        return VerbForm(*args, **kwargs)

    def act(self, form: forms.Form) -> str:
        """Take it back."""
        claim_actions.withdraw(by=self.request.user, claim=self.claim)
        return self.way_back()


def _about(pledge: Pledge) -> str:
    return f"{pledge.promise}, {pledge.employer}"


def address_of(claim: DeliveryClaim, verb: str) -> str:
    """Where a verb on a claim is."""
    return reverse(f"pledge_claim_{verb}", args=[claim.pledge_id, claim.pk])
