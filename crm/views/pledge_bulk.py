"""One decision on many pledges: those that were chosen in the list, or all that its filters leave."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crm.filtersets.pledge_list import PledgeListFilterSet
from crm.forms.pledge_bulk import BulkFollowUpForm, BulkForm, BulkReasonForm
from crm.views.form_page import FormPage
from crm.views.list_table import kept_query
from guilds.access.permissions import allowed
from guilds.pledges import bulk
from guilds.pledges.models import LIFECYCLE, Pledge

#: As many as are decided in one go, and how many of them the page names.
MOST, NAMED = 2000, 20


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


class BulkPledges(FormPage):
    """Says how many it is about and asks what is needed; then decides on exactly these, whatever has come in since."""

    permission_name = "pledge.bulk"
    template_name = "pledges/bulk.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form; without anything chosen, back to the list."""
        if not self.chosen:
            messages.warning(request, "Choose one or more of the rows first")
            return redirect(self.way_back())
        return super().get(request, **kwargs)

    @cached_property
    def verb(self) -> BulkVerb:
        """The verb that was asked for. Raises Http404 for one that does not exist."""
        name = self.request.GET.get("verb", "")
        if name not in VERBS:
            raise Http404
        return VERBS[name]

    @cached_property
    def chosen(self) -> list[Pledge]:
        """The pledges that it is about, as far as this person sees them: those confirmed, chosen, or left by the filters."""
        seen = Pledge.objects.visible_to(self.request.user).select_related("employer")
        if self.request.method == "POST":
            return list(seen.filter(pk__in=_ids(self.request.POST.get("about", "").split(","))))
        if "all" not in self.request.GET:
            return list(seen.filter(pk__in=_ids(self.request.GET.getlist("chosen"))))
        filters = PledgeListFilterSet(self.request.GET, queryset=seen, request=self.request)
        return list(filters.qs.order_by("made_on", "id")[:MOST]) if filters.form.is_valid() else []

    @cached_property
    def able(self) -> list[Pledge]:
        """Those that it can be done with now, by this person."""
        return [pledge for pledge in self.chosen if self.verb.fits(self.request.user, pledge)]

    def form(self, *args: Any, **kwargs: Any) -> forms.Form:
        """What the verb asks for: the same for all."""
        return self.verb.form(*args, user=self.request.user, **kwargs)

    def initial(self) -> dict[str, Any]:
        """Exactly which pledges are decided on."""
        return self.verb.form.start(self.request.user) | {"about": ",".join(str(pledge.pk) for pledge in self.able)}

    def act(self, form: BulkForm) -> str:
        """Decide on all of them; what is refused is told and holds up no other."""
        outcome = self.verb.act(by=self.request.user, pledges=self.able, **form.facts())
        late = len(self.chosen) - len(self.able)
        self.said = f"{outcome.changed} of {len(self.chosen)} pledges are {self.verb.done}"
        for words in outcome.refused[:NAMED]:
            messages.error(self.request, words)
        if late or len(outcome.refused) > NAMED:
            more = late + max(len(outcome.refused) - NAMED, 0)
            messages.error(self.request, f"{more} more stay as they are: somebody else has decided on them meanwhile")
        return self.way_back()

    @property
    def done(self) -> str:  # type: ignore[override]
        """How many were changed; nothing new is said of a form that was sent twice."""
        return getattr(self, "said", "This was done already")

    def way_back(self) -> str:
        """The list with its filters."""
        kept = self.request.GET.copy()
        for name in ("verb", "chosen", "all"):
            kept.pop(name, None)
        query = kept_query(kept)
        return f"{reverse('pledge_list')}?{query}" if query else reverse("pledge_list")

    def words(self) -> dict[str, Any]:
        """What is about to be done, to how many."""
        verb, unable = self.verb, len(self.chosen) - len(self.able)
        return {
            "heading": f"{verb.words}: {len(self.able)} pledge{'' if len(self.able) == 1 else 's'}",
            "submit_label": f"{verb.words} ({len(self.able)})",
            "explained": verb.explained,
            "grave": verb.grave,
            "able": self.able[:NAMED],
            "more": max(len(self.able) - NAMED, 0),
            "unable": unable,
            "places": sum(pledge.current_quantity for pledge in self.able),
        }


def _ids(words: list[str]) -> list[UUID]:
    found = []
    for word in words[:MOST]:
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return found
