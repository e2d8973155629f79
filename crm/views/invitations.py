"""Asking people in: inviting, sending again, taking back; the page behind the link, which only a button acts on."""

from functools import cached_property
from typing import Any, cast
from uuid import UUID

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.views import View
from django.views.decorators.cache import never_cache

from crm.emails.sending import send_to_address
from crm.exports.lists import INVITATIONS
from crm.filtersets.people import InvitationFilterSet
from crm.forms.opportunities import VerbForm
from crm.forms.people import AcceptForm, InviteForm
from crm.forms.refusals import show_refusal
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from crm.views.lists import ListPage
from guilds.access import invitation_actions as actions
from guilds.access.invitations import INVITATION_LIFECYCLE, Invitation
from guilds.access.models import User
from guilds.access.permissions import allowed
from guilds.audit.refusals import Conflict, refuse
from guilds.organisations.models import Contact, Organisation

NOT_SENT = (
    "The mail could not be sent: perhaps it came back before, was sent three times already, or the mail server is away. "
    "The invitation is kept: try again later, or take it back"
)
NOT_YOURS = "Choose an organisation that your guilds work with, or ask one of their coordinators to invite"


def post_invitation(request: HttpRequest, invitation: Invitation, token: str) -> bool:
    """Send the link, which is kept nowhere; whether it went is told to the one who presses the button."""
    by = invitation.invited_by
    sent = send_to_address(
        "invitation",
        email=invitation.email,
        name=invitation.name or invitation.email,
        about=invitation,
        context={
            "invited_by": by.name if by else "Somebody",
            "invited_to": invitation.invited_to,
            "address": reverse("invitation", args=[token]),
            "until": date_format(timezone.localtime(invitation.expires_at), "j F Y"),
        },
    )
    if not sent:
        messages.warning(request, NOT_SENT)
    return sent


def refuse_others(user: User, organisation: Organisation | None) -> None:
    """Raises ValidationError for an organisation whose people this person may not invite."""
    if organisation and not allowed(user, "invitation.send", organisation):
        raise refuse("organisation", NOT_YOURS, "not_yours")


class Invite(FormPage):
    """Ask somebody in. A contact's page brings their name and address along."""

    permission_name = "invitation.send"
    template_name = "people/invite.html"
    heading, submit_label, done = "Invite somebody", "Send the invitation", "The invitation is made"
    adds_organisations = True

    @cached_property
    def contact(self) -> Contact | None:
        """The person of ``?contact=``. Raises Http404 for one whose details this reader may not see."""
        return cast(Contact | None, self._asked(Contact, "contact"))

    @cached_property
    def organisation(self) -> Organisation | None:
        """The organisation that the address names, or a contact's, or one's own."""
        if self.contact:
            return self.contact.organisation
        user = cast(User, self.request.user)
        return cast(Organisation | None, self._asked(Organisation, "organisation")) or user.organisation

    def _asked(self, model: Any, name: str) -> Any:
        given = self.request.GET.get(name, "")
        if not given:
            return None
        try:
            return model.objects.visible_to(self.request.user).get(pk=UUID(given))
        except (ValueError, model.DoesNotExist):
            raise Http404 from None

    def form(self, *args: Any, **kwargs: Any) -> InviteForm:
        """As much as this person may say."""
        return InviteForm(*args, user=cast(User, self.request.user), **kwargs)

    def initial(self) -> dict[str, Any]:
        """What is known of the contact and the organisation."""
        known = self.organisation
        role = ("employer" if known.is_employer else "school") if known else None
        person = {"email": self.contact.email, "name": self.contact.name} if self.contact else {}
        return person | {"organisation": known, "role": role}

    def act(self, form: InviteForm) -> str:
        """Keep the invitation and send it. Raises ValidationError for an organisation of other guilds."""
        user, facts = cast(User, self.request.user), dict(form.cleaned_data)
        facts["guilds"] = [guild.slug for guild in facts.get("guilds", ())]
        if not user.is_staff_member:
            facts |= {"role": user.role, "organisation": user.organisation}
        refuse_others(user, facts["organisation"])
        invitation, token = actions.invite(by=user, **facts)
        post_invitation(self.request, invitation, token)
        return self.way_back()

    def way_back(self) -> str:
        """The list of people."""
        return reverse("people")

    def words(self) -> dict[str, Any]:
        """For whom, where that is settled."""
        user = cast(User, self.request.user)
        return super().words() | {"about": "" if user.is_staff_member else f"For {user.organisation}"}


class InvitationList(ListPage):
    """All whom somebody asked in and the reader cares for, whatever became of it."""

    permission_name = "user.view"
    template_name = "people/invitations.html"
    filterset_class = InvitationFilterSet
    orderings = (
        ("-created_at", "Newest first"),
        ("created_at", "Oldest first"),
        ("expires_at", "Expiring first"),
        ("-expires_at", "Expiring last"),
    )
    narrowing = ("organisation",)
    columns, title = INVITATIONS, "Invitations"

    def rows(self) -> QuerySet:
        """With all that the list shows."""
        return Invitation.objects.visible_to(self.request.user).select_related("organisation", "invited_by")


class InvitationVerb(FormPage, RecordPage):
    """Send an invitation again, with a new link; or take it back."""

    permission_name = "user.view"
    record: Invitation
    VERBS = {
        "again": ("Send the invitation again", "It gets a new link. The old one can’t be used any more."),
        "revoke": ("Take the invitation back", "Its link can’t be used any more."),
    }

    def records(self) -> Any:
        """With the organisation."""
        return Invitation.objects.select_related("organisation", "invited_by")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The question, if it can still be done. Raises Conflict."""
        if "revoke" not in INVITATION_LIFECYCLE.open_verbs(self.record.status):
            raise Conflict(f"This invitation is {self.record.get_status_display().lower()}")
        return super().get(request, **kwargs)

    def form(self, *args: Any, **kwargs: Any) -> VerbForm:
        """There is nothing to say."""
        return VerbForm(*args, **kwargs)

    @property
    def done(self) -> str:  # type: ignore[override]
        """What was done."""
        return "The invitation has a new link" if self.kwargs["verb"] == "again" else "The invitation is taken back"

    def act(self, form: VerbForm) -> str:
        """Do it."""
        if self.kwargs["verb"] == "again":
            post_invitation(self.request, self.record, actions.renew(by=self.request.user, invitation=self.record))  # type: ignore[arg-type]
        else:
            actions.revoke(by=self.request.user, invitation=self.record)  # type: ignore[arg-type]
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """To whom it went."""
        words, explained = self.VERBS[self.kwargs["verb"]]
        about = f"{self.record.email}, {self.record.invited_to}"
        grave = self.kwargs["verb"] == "revoke"
        return {"heading": words, "submit_label": words, "explained": explained, "about": about, "grave": grave}

    def way_back(self) -> str:
        """The list of people."""
        return reverse("people")


@method_decorator(never_cache, name="dispatch")
class AcceptInvitation(View):
    """The page behind the link. To open it changes nothing: programs that look through mail open every link."""

    permission_name = "public"
    template_name = "people/accept.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """What one is asked into, with a button; or why the link is of no use any more."""
        invitation = self._invitation(token)
        if invitation is None:
            return render(request, "people/expired.html", status=404)
        return self._show(request, AcceptForm(initial={"name": invitation.name}), invitation)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Accept, and go on to the code that is sent to the same address."""
        invitation = self._invitation(token)
        if invitation is None:
            return render(request, "people/expired.html", status=404)
        form = AcceptForm(request.POST)
        if not form.is_valid():
            return self._show(request, form, invitation, status=422)
        try:
            user = actions.accept(token=token, name=form.cleaned_data["name"])
        except Conflict:
            return render(request, "people/expired.html", status=404)
        except ValidationError as refusal:
            show_refusal(form, refusal)
            return self._show(request, form, invitation, status=422)
        LoginCodeVerificationProcess.initiate(request=request, user=user, email=user.email)
        return redirect("account_confirm_login_code")

    def _invitation(self, token: str) -> Invitation | None:
        found = Invitation.objects.select_related("organisation", "invited_by").open_at(timezone.now())
        return found.filter(token_digest=actions.token_digest(token)).first()

    def _show(self, request: HttpRequest, form: AcceptForm, invitation: Invitation, status: int = 200) -> HttpResponse:
        return render(request, self.template_name, {"form": form, "invitation": invitation}, status=status)
