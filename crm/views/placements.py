"""Placements: the list, a page for each, and what may be done with it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from crm.exports.lists import PLACEMENTS
from crm.filtersets.opportunity_lists import PlacementListFilterSet
from crm.forms import opportunities as forms
from crm.forms.placements import PlacementForm, facts_of
from crm.histories.opportunities import PLACEMENT
from crm.histories.presenter import history_of
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from crm.views.lists import ListPage
from crm.views.opportunities import ForPledge, Verb, VerbPage, open_verbs, pledge_behind, verbs_for_some
from guilds.access.permissions import allowed
from guilds.opportunities import actions
from guilds.opportunities.models import PLACEMENT_LIFECYCLE, Placement

VERBS = {
    "start": Verb(
        "Say that it started", forms.StartForm, actions.start_placement, "The placement has started",
        permission="placement.confirm",
    ),
    "complete": Verb(
        "Say that it was completed", forms.EndForm, actions.complete_placement, "The placement is completed",
        "The learners stayed to the end.", permission="placement.confirm",
    ),
    "did_not_attend": Verb(
        "Nobody came", forms.MaybeReasonForm, actions.mark_did_not_attend, "It is recorded that nobody came",
        "The learners never came. If they came and left early, say that it started first.", grave=True,
        permission="placement.confirm",
    ),
    "withdraw": Verb(
        "They left early", forms.LeaveForm, actions.withdraw_placement, "It is recorded that they left early", grave=True,
        permission="placement.confirm",
    ),
    "cancel": Verb(
        "Say that it is cancelled", forms.CancelPlacementForm, actions.cancel_placement, "The placement is cancelled",
        "It will not take place.", grave=True,
    ),
}  # fmt: skip


#: What the columns and cells show of each.
LISTED = (
    "reference", "employer__name", "provider__name", "guild__name", "district__name", "programme", "learners", "hours",
    "arranged_on", "starts_on", "ends_on", "status", "suits_send", "suits_reengagement", "updated_at",
)  # fmt: skip


class PlacementList(ListPage):
    """Placements that their reader may see: members those of their own organisation."""

    permission_name = "placement.view"
    template_name = "opportunities/placement_list.html"
    filterset_class = PlacementListFilterSet
    orderings = (
        ("-arranged_on", "Latest arranged"), ("arranged_on", "First arranged"), ("-learners", "Most learners"),
        ("learners", "Fewest learners"), ("-updated_at", "Latest change"), ("updated_at", "Longest unchanged"),
    )  # fmt: skip
    narrowing = ("employer", "provider", "pledge", "reference")
    columns, title = PLACEMENTS, "Placements"

    def rows(self) -> QuerySet:
        """With all that the list shows."""
        return Placement.objects.visible_to(self.request.user).for_list().only(*LISTED)

    def extras(self, listing: Any) -> dict[str, Any]:
        """Whether something may be added, what may be done with chosen rows, and how many wait for this school's word."""
        user: Any = self.request.user
        seen = Placement.objects.visible_to(user)
        return {
            "may_add": allowed(user, "placement.change"),
            "verbs": verbs_for_some(PlacementVerb, user),
            "to_confirm": seen.to_confirm(timezone.localdate()).count() if user.is_school_member else None,
        }


class PlacementPage(RecordPage):
    """A page about one placement."""

    permission_name = "placement.view"
    record: Placement

    def records(self) -> QuerySet:
        """With all that the pages show."""
        return Placement.objects.for_list().select_related("workplace")

    def way_back(self) -> str:
        """The placement's own page."""
        return address_of(self.record)


class PlacementDetail(PlacementPage):
    """What it is, how it stands, and what happened to it."""

    template_name = "opportunities/placement.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page."""
        placement = self.record
        return self.page(
            placement=placement,
            pledge=pledge_behind(placement, request.user),
            verbs=open_verbs(PlacementVerb, request.user, placement),
            may_change=allowed(request.user, "placement.change", placement),
            history=history_of(placement, PLACEMENT, reader=request.user),  # type: ignore[arg-type]
        )


class PlacementVerb(VerbPage, PlacementPage):
    """One verb on a placement."""

    permission_name = "placement.change"
    lifecycle, verbs, noun = PLACEMENT_LIFECYCLE, VERBS, "placement"


class NewPlacement(ForPledge, FormPage):
    """Record a placement that an employer and a school or college agreed."""

    permission_name = "placement.change"
    heading, done = "Record a placement", "The placement is recorded"
    adds_organisations = True
    names = {"reason": "status"}

    def initial(self) -> dict[str, Any]:
        """Today, and the pledge's employer."""
        return {"arranged_on": timezone.localdate()} | self.of_pledge()

    def form(self, *args: Any, **kwargs: Any) -> PlacementForm:
        """Empty."""
        return PlacementForm(*args, user=self.request.user, today=timezone.localdate(), **kwargs)

    def act(self, form: PlacementForm) -> str:
        """Record it, and credit it to the pledge."""
        placement = actions.arrange_placement(by=self.request.user, **form.facts())
        return address_of(self.credited("placement", placement))

    def way_back(self) -> str:
        """The list."""
        return reverse("placement_list")


class CorrectPlacement(FormPage, PlacementPage):
    """Correct a placement's facts, unless somebody else has in the meantime."""

    permission_name = "placement.change"
    heading, done = "Correct the placement", "The placement is corrected"
    adds_organisations = True

    def initial(self) -> dict[str, Any]:
        """The placement as it is."""
        return facts_of(self.record)

    def form(self, *args: Any, **kwargs: Any) -> PlacementForm:
        """The placement's facts."""
        return PlacementForm(*args, user=self.request.user, today=timezone.localdate(), placement=self.record, **kwargs)

    def act(self, form: PlacementForm) -> str:
        """Save the corrections."""
        version = form.cleaned_data["version"]
        actions.correct_placement(by=self.request.user, placement=self.record, expected_version=version, **form.facts())
        return self.way_back()


def address_of(placement: Placement) -> str:
    """The address of a placement's page."""
    return reverse("placement_detail", args=[placement.pk])
