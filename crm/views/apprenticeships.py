"""Apprenticeships: the list by intake, a page for each, and what may be done with it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from crm.exports.lists import APPRENTICESHIPS
from crm.filtersets.opportunity_lists import ApprenticeshipListFilterSet
from crm.forms import opportunities as forms
from crm.forms.apprenticeships import ApprenticeshipForm, facts_of
from crm.histories.opportunities import APPRENTICESHIP
from crm.histories.presenter import history_of
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from crm.views.lists import ListPage
from crm.views.opportunities import ForPledge, Verb, VerbPage, open_verbs, pledge_behind, verbs_for_some
from guilds.access.permissions import allowed
from guilds.opportunities import actions
from guilds.opportunities.models import APPRENTICESHIP_LIFECYCLE, Apprenticeship
from guilds.opportunities.queries import open_by_intake

VERBS = {
    "fill": Verb(
        "Say that they are filled", forms.VerbForm, actions.fill_apprenticeship, "The positions are filled",
        "Somebody was found for the positions, and has not started yet.",
    ),
    "start": Verb(
        "Say that they started", forms.StartForm, actions.start_apprenticeship, "The apprenticeship has started"
    ),
    "complete": Verb(
        "Say that they completed", forms.EndForm, actions.complete_apprenticeship, "The apprenticeship is completed"
    ),
    "close_unfilled": Verb(
        "Close: nobody was found", forms.MaybeReasonForm, actions.close_apprenticeship_unfilled,
        "The positions are closed, unfilled", grave=True,
    ),
    "withdraw": Verb(
        "They left early", forms.LeaveForm, actions.withdraw_apprenticeship, "It is recorded that they left early",
        grave=True,
    ),
    "cancel": Verb(
        "Say that they are cancelled", forms.ReasonForm, actions.cancel_apprenticeship, "The positions are cancelled",
        "The employer takes the positions back.", grave=True,
    ),
}  # fmt: skip


#: What the columns and cells show of each.
LISTED = (
    "reference", "employer__name", "training_provider__name", "guild__name", "district__name", "standard__route",
    "standard_title", "level", "positions", "intake", "opened_on", "starts_on", "status", "updated_at",
)  # fmt: skip


class ApprenticeshipList(ListPage):
    """Apprenticeships that their reader may see: members those of their own organisation."""

    permission_name = "apprenticeship.view"
    template_name = "opportunities/apprenticeship_list.html"
    filterset_class = ApprenticeshipListFilterSet
    orderings = (
        ("-opened_on", "Latest opened"), ("opened_on", "First opened"), ("-positions", "Most positions"),
        ("positions", "Fewest positions"), ("-updated_at", "Latest change"), ("updated_at", "Longest unchanged"),
    )  # fmt: skip
    narrowing = ("employer", "training_provider", "pledge", "reference", "year")
    columns, title = APPRENTICESHIPS, "Apprenticeships"

    def rows(self) -> QuerySet:
        """With all that the list shows."""
        return Apprenticeship.objects.visible_to(self.request.user).for_list().only(*LISTED)

    def extras(self, listing: Any) -> dict[str, Any]:
        """What is open for each intake, and whether something may be added."""
        user = self.request.user
        return {
            "intakes": open_by_intake(user),
            "may_add": allowed(user, "apprenticeship.change"),
            "may_see_target": allowed(user, "publicsector.view"),
            "verbs": verbs_for_some(ApprenticeshipVerb, user),
        }


class ApprenticeshipPage(RecordPage):
    """A page about one apprenticeship."""

    permission_name = "apprenticeship.view"
    record: Apprenticeship

    def records(self) -> QuerySet:
        """With all that the pages show."""
        return Apprenticeship.objects.for_list().select_related("workplace")

    def way_back(self) -> str:
        """The apprenticeship's own page."""
        return address_of(self.record)


class ApprenticeshipDetail(ApprenticeshipPage):
    """What it is, how it stands, and what happened to it."""

    template_name = "opportunities/apprenticeship.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page."""
        apprenticeship = self.record
        return self.page(
            apprenticeship=apprenticeship,
            pledge=pledge_behind(apprenticeship, request.user),
            verbs=open_verbs(ApprenticeshipVerb, request.user, apprenticeship),
            may_change=allowed(request.user, "apprenticeship.change", apprenticeship),
            history=history_of(apprenticeship, APPRENTICESHIP, reader=request.user),  # type: ignore[arg-type]
        )


class ApprenticeshipVerb(VerbPage, ApprenticeshipPage):
    """One verb on an apprenticeship."""

    permission_name = "apprenticeship.change"
    lifecycle, verbs, noun = APPRENTICESHIP_LIFECYCLE, VERBS, "apprenticeship"


class NewApprenticeship(ForPledge, FormPage):
    """Record positions that an employer opened."""

    permission_name = "apprenticeship.change"
    heading, done = "Record an apprenticeship", "The apprenticeship is recorded"
    adds_organisations = True
    names = {"standard_title": "standard", "reason": "status"}

    def initial(self) -> dict[str, Any]:
        """Today, and the pledge's employer."""
        return {"opened_on": timezone.localdate()} | self.of_pledge()

    def form(self, *args: Any, **kwargs: Any) -> ApprenticeshipForm:
        """Empty."""
        return ApprenticeshipForm(*args, user=self.request.user, today=timezone.localdate(), **kwargs)

    def act(self, form: ApprenticeshipForm) -> str:
        """Record them, and credit them to the pledge."""
        apprenticeship = actions.open_apprenticeship(by=self.request.user, **form.facts())
        return address_of(self.credited("apprenticeship", apprenticeship))

    def way_back(self) -> str:
        """The list."""
        return reverse("apprenticeship_list")


class CorrectApprenticeship(FormPage, ApprenticeshipPage):
    """Correct an apprenticeship's facts, unless somebody else has in the meantime."""

    permission_name = "apprenticeship.change"
    heading, done = "Correct the apprenticeship", "The apprenticeship is corrected"
    adds_organisations = True
    names = {"standard_title": "standard"}

    def initial(self) -> dict[str, Any]:
        """The apprenticeship as it is."""
        return facts_of(self.record)

    def form(self, *args: Any, **kwargs: Any) -> ApprenticeshipForm:
        """The apprenticeship's facts."""
        return ApprenticeshipForm(
            *args, user=self.request.user, today=timezone.localdate(), apprenticeship=self.record, **kwargs
        )

    def act(self, form: ApprenticeshipForm) -> str:
        """Save the corrections."""
        version = form.cleaned_data["version"]
        actions.correct_apprenticeship(
            by=self.request.user, apprenticeship=self.record, expected_version=version, **form.facts()
        )
        return self.way_back()


def address_of(apprenticeship: Apprenticeship) -> str:
    """The address of an apprenticeship's page."""
    return reverse("apprenticeship_detail", args=[apprenticeship.pk])
