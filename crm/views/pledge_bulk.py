"""One decision on many pledges: those that were chosen in the list, or all that its filters leave."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet

from crm.filtersets.pledge_list import PledgeListFilterSet
from crm.forms.pledge_bulk import BulkFollowUpForm, BulkForm, BulkReasonForm
from crm.views.chosen import ChosenPage
from guilds.access.permissions import allowed
from guilds.pledges import bulk
from guilds.pledges.models import LIFECYCLE, Pledge


@dataclass(frozen=True)
class BulkVerb:
    """What can be done with many. `fits` says of a pledge whether it can be done with it now."""

    words: str
    permission: str
    form: type[BulkForm]
    act: Any
    done: str
    explained: str
    step: str = ""
    grave: bool = False

    def fits(self, user: Any, pledge: Pledge) -> bool:
        """Whether the pledge's life allows it, and this person may."""
        possible = not self.step or pledge.status in LIFECYCLE.steps[self.step].sources
        return possible and allowed(user, self.permission, pledge)


VERBS = {
    "verify": BulkVerb(
        "Verify", "pledge.verify", BulkForm, bulk.verify_many, "verified",
        "These promises are real: they are counted from now on.", "verify",
    ),
    "reject": BulkVerb(
        "Reject", "pledge.verify", BulkReasonForm, bulk.reject_many, "rejected",
        "These are no real promises, and will never be counted.", "reject", grave=True,
    ),
    "follow-up": BulkVerb(
        "Make follow-ups", "followup.change", BulkFollowUpForm, bulk.follow_up_many, "given a follow-up",
        "One follow-up for each pledge, about its employer.",
    ),
}  # fmt: skip


class BulkPledges(ChosenPage):
    """Pledges: verified, rejected or followed up, in a few queries however many they are."""

    permission_name = "pledge.bulk"
    template_name = "pledges/bulk.html"
    filterset_class, list_name, order = PledgeListFilterSet, "pledge_list", "made_on"
    verbs, most = VERBS, 2000

    def seen(self) -> QuerySet:
        """With what the page names."""
        return Pledge.objects.visible_to(self.request.user).select_related("employer")

    def sources(self) -> Iterable[str] | None:
        """As the pledge's life says."""
        return LIFECYCLE.steps[self.verb.step].sources if self.verb.step else None

    def fits(self, record: Pledge) -> bool:
        """As the verb says."""
        return bool(self.verb.fits(self.request.user, record))

    def form(self, *args: Any, **kwargs: Any) -> forms.Form:
        """What the verb asks for: the same for all."""
        return self.verb.form(*args, user=self.request.user, **kwargs)

    def initial(self) -> dict[str, Any]:
        """What the verb suggests."""
        return self.verb.form.start(self.request.user)

    def decide(self, form: BulkForm) -> tuple[int, list[str]]:
        """All at once."""
        outcome = self.verb.act(by=self.request.user, pledges=self.able, **form.cleaned_data)
        return outcome.changed, outcome.refused

    def said(self, changed: int) -> str:
        """How many pledges are what now."""
        return f"{changed} of {len(self.chosen)} pledges are {self.verb.done}"

    def words(self) -> dict[str, Any]:
        """With their number, and how much they promise."""
        number = len(self.able)
        return super().words() | {
            "heading": f"{self.verb.words}: {number} pledge{'' if number == 1 else 's'}",
            "places": sum(pledge.current_quantity for pledge in self.able),
        }
