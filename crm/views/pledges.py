"""Recording, showing and correcting a pledge."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from crm.forms.organisations import find_organisations
from crm.forms.pledges import SUITS, CorrectionForm, PledgeForm, facts_of
from crm.forms.refusals import show_refusal
from crm.views.base import Page, RecordPage
from crm.views.once import new_token, once, token_of
from crm.views.pledge_verbs import AllocationStep, open_steps, open_verbs
from guilds.access.permissions import allowed
from guilds.audit.refusals import Overtaken
from guilds.pledges import actions, queries
from guilds.pledges.models import MadeThrough, Pledge, PledgeStatus

SENT_BEFORE = "This form was sent before, with other answers. This is what was saved then: correct it here if needed"


class NewPledge(Page):
    """Record a pledge: an employer member its own employer's, staff any employer's."""

    permission_name = "pledge.add"
    template_name = "pledges/form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """An empty form, with what a link or the employer's own membership says already."""
        return self._show(self._form(initial=self._start(request)), new_token())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record it, once."""
        form = self._form(request.POST)
        if form.is_valid():
            find_organisations([form], request.user)
        if form.is_valid():
            try:
                made = once(request, lambda: _address(self._record(form)))
            except ValidationError as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, SENT_BEFORE if made.changed else "The pledge is recorded")
                return redirect(made.address)
        return self._show(form, token_of(request), status=422)

    def _form(self, *args: Any, **kwargs: Any) -> PledgeForm:
        return PledgeForm(*args, user=self.request.user, today=timezone.localdate(), **kwargs)

    def _start(self, request: HttpRequest) -> dict[str, Any]:
        user, today = cast(Any, request.user), timezone.localdate()
        guild = queries.only_guild_of(user.organisation, today) if user.is_employer_member else None
        if user.is_coordinator and len(user.guild_slugs) == 1:
            guild = next(iter(user.guild_slugs))
        return {"made_on": today, "guild": guild, "engagement": request.GET.get("engagement")}

    def _record(self, form: PledgeForm) -> Pledge:
        user = cast(Any, self.request.user)
        facts = {"employer": user.organisation, "made_through": MadeThrough.PORTAL} | form.facts()
        if user.is_staff_member:
            facts["made_through"] = MadeThrough.COORDINATOR
            facts["status"] = PledgeStatus.OPEN if form.cleaned_data["verified"] else PledgeStatus.UNVERIFIED
        return actions.record(by=user, **facts)

    def _show(self, form: PledgeForm, token: str, status: int = 200) -> HttpResponse:
        context = {"heading": "Record a pledge", "form_token": token, "cancel_address": reverse("pledge_list")}
        return self.page(form=form, employer=cast(Any, self.request.user).organisation, status=status, **context)


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
        pledge, user = self.record, cast(Any, request.user)
        parts = queries.parts_of(pledge, user)
        concerned = user.is_staff_member or user.is_employer_member
        return self.page(
            pledge=pledge,
            parts=parts,
            allocations=[(row, _steps(user, pledge, row)) for row in parts.allocations],
            suits=[words for name, words in SUITS if getattr(pledge, name)],
            contact=queries.contact_for(pledge, user),
            concerned=concerned,
            reads_words=not user.is_commission_member,
            may_correct=may_correct(user, pledge),
            verbs=open_verbs(user, pledge),
            form_token=new_token(),
        )


class CorrectPledge(PledgePage):
    """Correct a pledge, unless somebody else has in the meantime."""

    permission_name = "pledge.correct"
    template_name = "pledges/form.html"

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The pledge as it is."""
        return self._show(self._form(initial=facts_of(self.record)))

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Save the corrections."""
        form = self._form(request.POST)
        if form.is_valid():
            find_organisations([form], request.user)
        if not form.is_valid():
            return self._show(form, 422)
        try:
            actions.correct(
                by=request.user,
                pledge=self.record,
                expected_version=form.cleaned_data["version"],
                **form.facts(),
            )
        except Overtaken as overtaken:
            return self._show(self._again(request.POST, overtaken), 409)
        except ValidationError as refusal:
            show_refusal(form, refusal)
            return self._show(form, 422)
        messages.success(request, "The pledge is corrected")
        return redirect(_address(self.record))

    def _form(self, *args: Any, **kwargs: Any) -> CorrectionForm:
        user, today = self.request.user, timezone.localdate()
        return CorrectionForm(*args, user=user, today=today, pledge=self.record, **kwargs)

    def _again(self, sent: QueryDict, overtaken: Overtaken) -> CorrectionForm:
        """The same answers over the newest version, with what has changed meanwhile."""
        data = sent.copy()
        data["version"] = str(overtaken.current.version)
        form = self._form(data)
        form.is_valid()
        form.add_error(None, changed_words(overtaken))
        return form

    def _show(self, form: CorrectionForm, status: int = 200) -> HttpResponse:
        context = {"heading": "Correct the pledge", "cancel_address": _address(self.record)}
        return self.page(form=form, employer=self.record.employer, pledge=self.record, status=status, **context)


def may_correct(user: Any, pledge: Pledge) -> bool:
    """Whether to offer the correction page."""
    return allowed(user, "pledge.correct", pledge)


def changed_words(overtaken: Overtaken) -> str:
    """What somebody else changed, in words."""
    fields = [name.removesuffix("_id").replace("_", " ") for name in overtaken.changed_fields]
    what = f" ({', '.join(fields)})" if fields else ""
    return f"Somebody else has changed this pledge since you opened it{what}. Save again if your answers are right"


def _steps(user: Any, pledge: Pledge, allocation: Any) -> list[AllocationStep]:
    return open_steps(allocation) if allowed(user, "pledge.match", pledge) else []


def _address(pledge: Pledge) -> str:
    return reverse("pledge_detail", args=[pledge.pk])
