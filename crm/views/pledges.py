"""Recording, showing and correcting a pledge."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from crm.forms.organisations import find_organisations
from crm.forms.pledges import SUITS, CorrectionForm, PledgeForm, facts_of, promised_again
from crm.forms.rows import unjudged
from crm.histories.pledges import PLEDGE
from crm.histories.presenter import SHOWN, history_of
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from crm.views.once import new_token, token_of
from crm.views.pledge_verbs import open_steps, open_verbs
from guilds.access.permissions import allowed
from guilds.matching.criteria import years_in_words
from guilds.pledges import actions, queries
from guilds.pledges.models import MadeThrough, Pledge, PledgeStatus

ALL_HISTORY = 1000
#: The button (and the part of the page) that shows whom to ask at an employer.
PEOPLE = "people"
#: The headings of what was delivered; the last is for those who may take a credit back.
_DELIVERED, _AND_DO = "What, Day, How many#, Status", ", What you can do"


class PledgeFormPage(FormPage):
    """What recording and correcting share: once it is known which employer it is, its people can be chosen from."""

    template_name = "pledges/form.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save; or show the employer's people, on the whole page or, for the script, alone."""
        if request.GET.get("part") == PEOPLE:
            return render(request, "pledges/people.html", {"form": self._with_people()})
        if PEOPLE in request.POST:
            return self.show(self._with_people(), token_of(request.POST))
        return super().post(request, **kwargs)

    def _with_people(self) -> Any:
        """The form as it was filled in, with the employer that is meant; if there is none such, that is said."""
        form = self.form(self.request.POST)
        form.is_valid()
        find_organisations([form], self.request.user)
        employer, unknown = form.cleaned_data.get("employer"), form.errors.get("employer")
        data = self.request.POST.copy()
        if employer:
            data["employer"], data["employer_text"] = str(employer.pk), employer.name
        form = self.form(data)
        unjudged(form)
        if unknown:
            form.errors["employer"] = unknown
        return form


class NewPledge(PledgeFormPage):
    """Record a pledge: an employer member its own employer's, staff any employer's."""

    permission_name = "pledge.add"
    heading = "Record a pledge"
    done = "The pledge is recorded"
    adds_organisations = True
    keeps_draft = True

    def form(self, *args: Any, **kwargs: Any) -> PledgeForm:
        """An empty form, or what was sent."""
        return PledgeForm(*args, user=self.request.user, today=timezone.localdate(), **kwargs)

    def initial(self) -> dict[str, Any]:
        """What a link or the person's own guild says already; the promise is usually made today."""
        user, today = cast(Any, self.request.user), timezone.localdate()
        if again := queries.pledge_to_repeat(self.request.GET.get("repeat"), user):
            return promised_again(again, today)
        guild = queries.only_guild_of(user.organisation, today) if user.is_employer_member else None
        if user.is_coordinator and len(user.guild_slugs) == 1:
            guild = next(iter(user.guild_slugs))
        employer = queries.employer_of(self.request.GET.get("employer"), user) if user.is_staff_member else None
        made_at = self.request.GET.get("engagement")
        return {"made_on": today, "guild": guild, "engagement": made_at, "employer": employer}

    def act(self, form: PledgeForm) -> str:
        """Record it; only staff can say whose it is and that it is real."""
        user = cast(Any, self.request.user)
        facts = {"employer": user.organisation, "made_through": MadeThrough.PORTAL} | form.facts()
        if user.is_staff_member:
            facts["made_through"] = MadeThrough.COORDINATOR
            facts["status"] = PledgeStatus.OPEN if form.cleaned_data["verified"] else PledgeStatus.UNVERIFIED
        return _address(actions.record(by=user, **facts))

    def way_back(self) -> str:
        """The list."""
        return reverse("pledge_list")

    def words(self) -> dict[str, Any]:
        """Also whose pledge it is."""
        user = cast(Any, self.request.user)
        again = queries.pledge_to_repeat(self.request.GET.get("repeat"), user)
        return super().words() | {"employer": user.organisation, "again": again}


class PledgePage(RecordPage):
    """A page about one pledge."""

    permission_name = "pledge.view"
    record: Pledge

    def records(self) -> QuerySet:
        """With all that the pages show."""
        return queries.in_full()

    def way_back(self) -> str:
        """The pledge's own page."""
        return _address(self.record)


class PledgeDetail(PledgePage):
    """A pledge: what was promised, what became of it, and what may be done with it."""

    template_name = "pledges/detail.html"

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Facts, parts and history, each only for those who may know."""
        pledge, user = cast(Any, self.record), cast(Any, request.user)
        leads = allowed(user, "pledge.match", pledge)
        parts = queries.parts_of(pledge, user)
        size = ALL_HISTORY if request.GET.get("history") == "all" else SHOWN
        concerned = user.is_staff_member or user.is_employer_member
        return self.page(
            pledge=pledge,
            parts=parts,
            allocations=[(row, open_steps(row, user)) for row in parts.allocations],
            may_repeat=user.is_employer_member and pledge.verified_on is not None,
            claims=queries.claims_of(pledge, user),
            may_claim=pledge.verified_on is not None
            and pledge.status != "withdrawn"
            and allowed(user, "pledge.claim", pledge),
            suits=[words for name, words in SUITS if getattr(pledge, name)],
            contact=queries.contact_for(pledge, user),
            years=years_in_words(pledge.year_groups),
            concerned=concerned,
            reads_words=not user.is_commission_member,
            may_correct=allowed(user, "pledge.correct", pledge),
            verbs=open_verbs(user, pledge),
            history=history_of(pledge, PLEDGE, reader=user, size=size) if concerned else None,
            form_token=new_token(),
            may_match=pledge.standing == PledgeStatus.OPEN and pledge.remaining > 0 and leads,
            may_credit=leads and pledge.verified_on is not None,
            delivered_headings=_DELIVERED + (_AND_DO if leads else ""),
        )


class CorrectPledge(PledgeFormPage, PledgePage):
    """Correct a pledge, unless somebody else has in the meantime."""

    permission_name = "pledge.correct"
    heading = "Correct the pledge"
    done = "The pledge is corrected"
    adds_organisations = True

    def form(self, *args: Any, **kwargs: Any) -> CorrectionForm:
        """The pledge as it is, or what was sent."""
        user, today = self.request.user, timezone.localdate()
        return CorrectionForm(*args, user=user, today=today, pledge=self.record, **kwargs)

    def initial(self) -> dict[str, Any]:
        """The pledge as it is."""
        return facts_of(self.record)

    def act(self, form: CorrectionForm) -> str:
        """Save the corrections."""
        version = form.cleaned_data["version"]
        actions.correct(by=self.request.user, pledge=self.record, expected_version=version, **form.facts())
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """Also which pledge it is."""
        return super().words() | {"employer": self.record.employer, "pledge": self.record}


def _address(pledge: Pledge) -> str:
    return reverse("pledge_detail", args=[pledge.pk])
