"""Records that may be one organisation: likely pairs, two side by side, making one of them, and taking that back."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from crm import tasks
from crm.forms.merging import MergeForm, OtherForm
from crm.forms.opportunities import VerbForm
from crm.views.base import Page
from crm.views.form_page import FormPage
from crm.views.organisations import OrganisationPage, address_of
from crm.views.paging import page_of
from guilds.access.permissions import allowed
from guilds.merging import actions, queries
from guilds.merging.models import Merge
from guilds.organisations.models import Organisation

#: What hangs on an organisation, in words, by model.
NOUNS = {
    "identifier": "Numbers",
    "contact": "People",
    "membership": "Guild memberships",
    "succession": "Links to schools before and after",
    "attendance": "Attendances at engagements",
    "participation": "Engagements as an employer",
    "engagement": "Engagements held there",
    "interaction": "Calls, meetings and messages",
    "followup": "Follow-ups",
    "pledge": "Pledges",
    "allocation": "Parts of pledges asked for or given",
    "request": "Requests for pledges",
    "placement": "Placements",
    "apprenticeship": "Apprenticeships",
    "user": "People who sign in for it",
    "guild": "Guilds that it chairs",
    "organisation": "Records merged into it before",
}


def counted(numbers: dict[str, Any]) -> list[tuple[str, Any]]:
    """Numbers by model, in words."""
    return [(NOUNS.get(model, model.capitalize()), number) for model, number in numbers.items()]


class DuplicateList(Page):
    """Pairs that look like one organisation, the likeliest first."""

    permission_name = "organisation.merge"
    template_name = "organisations/duplicates.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """A page of pairs. Nothing is looked for now: that is done ahead of time."""
        listing = page_of(queries.pairs_for(request.user), request.GET.get("cursor", ""), order="-likeness")
        own = queries.cared_for(request.user, listing.rows)
        rows = [(pair, {pair.first_id, pair.second_id} <= own) for pair in listing.rows]
        return self.page(listing=listing, rows=rows)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Look through the registry again, soon."""
        if tasks.ask(tasks.find_duplicates):
            messages.success(request, "The registry is being looked through. Open this page again in a minute")
        else:
            messages.error(request, "That can't be done just now. Try again in a few minutes")
        return redirect("organisation_duplicates")


class ChooseOther(FormPage, OrganisationPage):
    """Which other record is the same organisation."""

    permission_name = "organisation.merge"
    heading, submit_label, done = "Merge with another", "Compare", "Compare the two before you merge them"

    def subject(self) -> Any:
        """The one that is known."""
        return [self.record]

    def form(self, *args: Any, **kwargs: Any) -> OtherForm:
        """The other."""
        return OtherForm(*args, **kwargs)

    def act(self, form: OtherForm) -> str:
        """On to the two side by side."""
        return reverse("organisation_compare", args=[self.record.pk, form.cleaned_data["other"].pk])

    def words(self) -> dict[str, Any]:
        """Whose page one came from."""
        return super().words() | {"about": self.record.name}


class ComparePair(FormPage):
    """Two records side by side, and making one of them."""

    permission_name = "organisation.merge"
    template_name = "organisations/compare.html"
    heading, submit_label, done = "Are these one organisation?", "Merge them", "The two records are one now"
    names = {"loser": "winner"}

    @cached_property
    def pair(self) -> list[Organisation]:
        """The two of the address. Raises Http404 for one that this reader does not see."""
        seen = Organisation.objects.visible_to(self.request.user).for_list()
        return [get_object_or_404(seen, pk=self.kwargs[name]) for name in ("pk", "other")]

    def subject(self) -> Any:
        """Both."""
        return self.pair

    def form(self, *args: Any, **kwargs: Any) -> MergeForm:
        """Which stays."""
        return MergeForm(*args, pair=self.pair, **kwargs)

    def act(self, form: MergeForm) -> str:
        """Merge the other into the one that stays."""
        first, second = self.pair
        winner, loser = (first, second) if form.cleaned_data["winner"] == str(first.pk) else (second, first)
        actions.merge(by=self.request.user, winner=winner, loser=loser, reason=form.cleaned_data["reason"])
        return address_of(winner)

    def way_back(self) -> str:
        """The list of pairs."""
        return reverse("organisation_duplicates")

    def words(self) -> dict[str, Any]:
        """Everything that tells them apart, or does not."""
        return super().words() | {
            "pair": self.pair,
            "facts": [(label, *values, _different(values)) for label, values in _facts(self.pair)],
            "hanging": counted(queries.what_hangs_on(self.pair)),
            "registers": queries.differing_numbers(*self.pair),
        }


def _facts(pair: list[Organisation]) -> list[tuple[str, list[str]]]:
    """What is known of both, where anything is."""
    facts = [
        ("Name", [one.name for one in pair]),
        ("Other names", [", ".join(one.trading_names) for one in pair]),
        ("Status", [one.get_status_display() for one in pair]),
        ("What it is", [_what(one) for one in pair]),
        ("Numbers", [", ".join(f"{n.get_scheme_display()} {n.value}" for n in one.identifiers.all()) for one in pair]),
        ("Address", [one.address for one in pair]),
        ("Postcode", [one.postcode for one in pair]),
        ("District", [one.district.name if one.district else "" for one in pair]),
        ("Telephone", [one.phone for one in pair]),
        ("Website", [one.website for one in pair]),
        ("Guilds", [", ".join(m.guild.name for m in one.memberships.all() if not m.left_on) for one in pair]),
        ("Added", [f"{one.created_at:%-d %B %Y}" for one in pair]),
    ]
    return [(label, values) for label, values in facts if any(values)]


def _different(values: list[str]) -> bool:
    """Both know it, and not the same."""
    return all(values) and values[0].casefold() != values[1].casefold()


def _what(one: Organisation) -> str:
    kind = (one.get_provider_kind_display() or "School or college") if one.is_provider else ""
    return ", ".join(filter(None, [kind, "Employer" if one.is_employer else ""]))


class TellApart(ComparePair):
    """Remembers that two are no duplicates."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """They are not offered again."""
        one, other = self.pair
        actions.tell_apart(by=request.user, one=one, other=other)
        messages.success(request, f"{one} and {other} are two organisations. They are not offered again")
        return redirect("organisation_duplicates")


class MergePage(FormPage):
    """What a merge moved, and taking it back."""

    permission_name = "organisation.merge"
    template_name = "organisations/merge.html"
    heading, submit_label, done = "A merge", "Undo this merge", "The merge is undone: they are two records again"

    @cached_property
    def merge(self) -> Merge:
        """The merge of the address. Raises Http404 for one that this reader does not see."""
        found: QuerySet = Merge.objects.visible_to(self.request.user)
        return get_object_or_404(
            found.select_related("winner", "loser", "merged_by", "undone_by"), pk=self.kwargs["pk"]
        )

    def subject(self) -> Any:
        """Both organisations."""
        return [self.merge.winner, self.merge.loser]

    def form(self, *args: Any, **kwargs: Any) -> VerbForm:
        """Nothing is asked."""
        return VerbForm(*args, **kwargs)

    def act(self, form: VerbForm) -> str:
        """Take it back. Raises Conflict where that can't be done any more."""
        actions.undo(by=self.request.user, merge=self.merge)
        return address_of(self.merge.winner)

    def way_back(self) -> str:
        """The organisation that stayed."""
        return address_of(self.merge.winner)

    def words(self) -> dict[str, Any]:
        """What was moved."""
        return super().words() | {
            "merge": self.merge,
            "moved": counted(queries.how_many_moved(self.merge)),
            "grave": True,
            "may_undo": self.merge.undone_at is None
            and allowed(self.request.user, "organisation.merge", self.subject()),
        }
