"""Enterprise advisers: schools that wait for one first, those that have one, and what may be done."""

from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from crm.exports.advisers import ADVISERS
from crm.filtersets.advisers import AdviserFilterSet
from crm.forms.advisers import EndPlaceForm, MatchForm, SignUpForm, initial_of
from crm.histories.indicators import ADVISER_PLACE
from crm.histories.presenter import history_of
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from crm.views.lists import ListPage
from crm.views.paging import Listing
from guilds.access.permissions import allowed
from guilds.audit.refusals import Conflict
from guilds.impact import periods
from guilds.impact.totals import summary
from guilds.pledges import adviser_actions as actions
from guilds.pledges.advisers import ADVISER_LIFECYCLE, AdviserPlace, AdviserStatus

MEASURES = ("adviser_schools_signed_up", "adviser_schools_matched")
#: What each verb is called, and what it does.
VERBS = {
    "match": ("Match with an adviser", ""),
    "end": ("End it", "The adviser’s time at this school is over. The school can sign up again for another."),
    "withdraw": ("Withdraw", "The school does not want an adviser any more. It can sign up again."),
}


class AdviserList(ListPage):
    """Schools of the scheme, those that wait longest first."""

    permission_name = "adviser.view"
    template_name = "advisers/list.html"
    filterset_class = AdviserFilterSet
    orderings = (("place", "Waiting first"), ("signed_up_on", "Signed up first"), ("-signed_up_on", "Signed up last"))
    columns, title = ADVISERS, "Enterprise advisers"

    def rows(self) -> QuerySet:
        """With the place of each in the usual order: waiting, matched, ended."""
        statuses = [AdviserStatus.SIGNED_UP, AdviserStatus.MATCHED, AdviserStatus.ENDED, AdviserStatus.WITHDRAWN]
        places = [When(status=status, then=Value(number)) for number, status in enumerate(statuses)]
        found = AdviserPlace.objects.visible_to(self.request.user).for_list()
        return found.annotate(place=Case(*places, output_field=IntegerField()))

    def extras(self, listing: Listing) -> dict[str, Any]:
        """How many there are today, and what this academic year aims at."""
        year = periods.academic_year(timezone.localdate())
        total = summary(period=year, by="total", measures=MEASURES).total
        return {
            "signed_up": total.measures[MEASURES[0]],
            "matched": total.measures[MEASURES[1]],
            "may_change": allowed(self.request.user, "adviser.change"),
        }


class SignUp(FormPage):
    """A school would like an adviser."""

    permission_name = "adviser.change"
    heading, submit_label, done = "Sign a school up", "Sign up", "The school is signed up"
    adds_organisations = True

    def form(self, *args: Any, **kwargs: Any) -> SignUpForm:
        """An empty form, or what was sent."""
        return SignUpForm(*args, **kwargs)

    def initial(self) -> dict[str, Any]:
        """Today."""
        return {"signed_up_on": timezone.localdate()}

    def act(self, form: SignUpForm) -> str:
        """Sign it up."""
        return address_of(actions.sign_up(by=self.request.user, **form.cleaned_data))

    def way_back(self) -> str:
        """The list."""
        return reverse("adviser_list")


class AdviserPage(RecordPage):
    """A page about one school's place."""

    permission_name = "adviser.view"
    record: AdviserPlace

    def records(self) -> QuerySet:
        """With all that is shown."""
        return AdviserPlace.objects.for_list()

    def way_back(self) -> str:
        """Its own page."""
        return address_of(self.record)


class AdviserDetail(AdviserPage):
    """A school's place: since when, with whom, and what may be done."""

    template_name = "advisers/detail.html"

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Facts, verbs and history."""
        may_change = allowed(request.user, "adviser.change")
        verbs = [(reverse("adviser_verb", args=[pk, verb]), VERBS[verb][0]) for verb in self._open_verbs()]
        history = history_of(self.record, ADVISER_PLACE, reader=request.user)  # type: ignore[arg-type]
        return self.page(
            place=self.record,
            verbs=verbs if may_change else [],
            is_team=may_change,
            history=history if may_change else None,
        )

    def _open_verbs(self) -> list[str]:
        return ADVISER_LIFECYCLE.open_verbs(self.record.status)


class AdviserVerb(FormPage, AdviserPage):
    """Match it with an adviser, end it or withdraw it."""

    permission_name = "adviser.change"
    adds_organisations = True

    @property
    def verb(self) -> str:
        """The verb of the address. Raises Http404 for one that does not exist."""
        if self.kwargs["verb"] not in VERBS:
            raise Http404
        return self.kwargs["verb"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form, if the verb is possible now. Raises Conflict if not."""
        if self.verb not in ADVISER_LIFECYCLE.open_verbs(self.record.status):
            raise Conflict(
                f"This school’s place is {self.record.get_status_display().lower()}: it can’t be done any more"
            )
        return super().get(request, **kwargs)

    def form(self, *args: Any, **kwargs: Any) -> MatchForm | EndPlaceForm:
        """What the verb asks for."""
        return (
            MatchForm(*args, user=self.request.user, **kwargs)
            if self.verb == "match"
            else EndPlaceForm(*args, **kwargs)
        )

    def initial(self) -> dict[str, Any]:
        """Today."""
        today = timezone.localdate()
        return initial_of(self.record) | {"matched_on": today, "ended_on": today}

    def act(self, form: Any) -> str:
        """Do it."""
        said, user = dict(form.cleaned_data), self.request.user
        if self.verb == "match":
            actions.match_adviser(by=user, place=self.record, expected_version=said.pop("version"), **said)
        else:
            actions.end_place(by=user, place=self.record, verb=self.verb, **said)
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """What it does, to which school."""
        words, explained = VERBS[self.verb]
        return {"heading": words, "submit_label": words, "explained": explained, "about": self.record.organisation.name}


def address_of(place: AdviserPlace) -> str:
    """The page of a school's place."""
    return reverse("adviser_detail", args=[place.pk])
