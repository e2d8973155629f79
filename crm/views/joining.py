"""Asking to be let in, and deciding about those who ask."""

from functools import cached_property
from typing import Any, cast

from allauth.core import ratelimit
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from crm.emails.sending import send_to_address
from crm.exports.lists import JOIN_REQUESTS
from crm.filtersets.people import JoinRequestFilterSet
from crm.forms.opportunities import ReasonForm
from crm.forms.people import JoinForm, LetJoinForm
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from crm.views.invitations import post_invitation, refuse_others
from crm.views.lists import ListPage
from guilds.access import invitation_actions as actions
from guilds.access.invitations import JOIN_LIFECYCLE, JoinRequest
from guilds.access.models import Role, User
from guilds.audit.refusals import Conflict
from guilds.organisations.models import Organisation
from guilds.organisations.queries import pickable, suggest

#: How many organisations a request may mean are offered.
OFFERED = 5


@method_decorator(never_cache, name="dispatch")
class AskToJoin(View):
    """Anybody may ask; the answer is the same whoever asks, so that it tells nobody who is known here."""

    permission_name = "public"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form, or the answer after it was sent."""
        if "sent" in request.GET:
            return render(request, "people/asked.html")
        return self._show(request, JoinForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep what was asked, within reason."""
        form = JoinForm(request.POST)
        if not form.is_valid():
            return self._show(request, form, status=422)
        if not ratelimit.consume(request, action="join"):
            return render(request, "429.html", status=429)
        actions.ask_to_join(**form.cleaned_data)
        return redirect(f"{reverse('join')}?sent=1")

    def _show(self, request: HttpRequest, form: JoinForm, status: int = 200) -> HttpResponse:
        return render(request, "people/join.html", {"form": form}, status=status)


class JoinRequestList(ListPage):
    """Those who ask to join, for those who decide."""

    permission_name = "join.decide"
    template_name = "people/requests.html"
    filterset_class = JoinRequestFilterSet
    orderings = (("-created_at", "Newest first"), ("created_at", "Oldest first"))
    columns, title = JOIN_REQUESTS, "Requests to join"

    def rows(self) -> QuerySet:
        """All of them."""
        return JoinRequest.objects.visible_to(self.request.user)


class JoinRequestPage(FormPage, RecordPage):
    """A page about one request to join."""

    permission_name = "join.decide"
    record: JoinRequest

    def records(self) -> QuerySet:
        """With the invitation that it led to."""
        return JoinRequest.objects.select_related("invitation__organisation")

    def way_back(self) -> str:
        """The list of those who wait."""
        return f"{reverse('join_requests')}?status=waiting"

    @cached_property
    def role(self) -> str:
        """What the organisation has to be."""
        return "employer" if self.record.role == Role.EMPLOYER else "provider"


class LetJoin(JoinRequestPage):
    """Invite whoever asked, for the organisation that they mean."""

    template_name = "people/request.html"
    submit_label, done = "Invite them", "They are invited"
    adds_organisations = True

    @cached_property
    def likely(self) -> list[Organisation]:
        """What they may mean by what they wrote, the likeliest first."""
        return suggest(self.record.organisation_text, among=pickable(self.request.user, self.role), size=OFFERED)

    def form(self, *args: Any, **kwargs: Any) -> LetJoinForm:
        """Which organisation."""
        return LetJoinForm(*args, adds=self.role, called=self.record.organisation_text, **kwargs)

    def initial(self) -> dict[str, Any]:
        """The likeliest, if there is only one."""
        return {"organisation": self.likely[0] if len(self.likely) == 1 else None}

    def act(self, form: LetJoinForm) -> str:
        """Invite them. Raises ValidationError for an organisation of other guilds."""
        user = cast(User, self.request.user)
        refuse_others(user, form.cleaned_data["organisation"])
        invitation, token = actions.let_join(by=user, request=self.record, **form.cleaned_data)
        post_invitation(self.request, invitation, token)
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """Who asks, and what they may mean."""
        known = {"asked": self.record, "likely": self.likely, "waits": self.record.status == "waiting"}
        return super().words() | {"heading": f"{self.record.name} asks to join"} | known


class DeclineJoin(JoinRequestPage):
    """Say no, and why: they read it."""

    heading, submit_label, done = "Decline the request", "Decline", "The request is declined"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form, while nobody has decided. Raises Conflict."""
        if "decline" not in JOIN_LIFECYCLE.open_verbs(self.record.status):
            raise Conflict("This request to join has been decided already")
        return super().get(request, **kwargs)

    def form(self, *args: Any, **kwargs: Any) -> ReasonForm:
        """Why."""
        return ReasonForm(*args, **kwargs)

    def act(self, form: ReasonForm) -> str:
        """Decline, and tell them."""
        reason, asked = form.cleaned_data["reason"], self.record
        actions.decline_join(by=cast(User, self.request.user), request=asked, reason=reason)
        told = {"accepted": False, "reason": reason}
        send_to_address("join_decision", email=asked.email, name=asked.name, about=asked, context=told)
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """Whose it is."""
        about = f"{self.record.name}, {self.record.organisation_text}"
        return super().words() | {"about": about, "explained": "The reason is sent to them by e-mail."}
