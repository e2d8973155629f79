"""One's own account: where mail, calendars and the rest of what is about oneself are found."""

from typing import Any, NamedTuple, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crm.views.base import Page
from guilds.access.models import User
from guilds.mailing import actions


class Matter(NamedTuple):
    """Something about oneself that has a page of its own."""

    words: str
    explained: str
    route: str


MATTERS = (
    Matter("Which mail you get", "The daily reminder and what it tells, and how to stop it.", "mail_preferences"),
    Matter("Calendar feeds", "Your engagements and what is due, in Outlook, Google or Apple.", "calendar_feeds"),
    Matter("What is held about you", "To read, to take along, to have corrected or erased.", "my_data"),
)


#: The team's pages have people in their menu.
COLLEAGUES = Matter("Colleagues", "Who signs in for your organisation: invite people, or close an account.", "people")
SIGNING_IN = (
    Matter("How you sign in", "Passkeys, an authenticator app and recovery codes.", "mfa_index"),
    Matter("Where you are signed in", "Your browsers and devices, and how to sign them out.", "sign_ins"),
)


def matters_of(user: User) -> list[Matter]:
    """The pages that somebody has about themselves."""
    return [*([COLLEAGUES] if user.is_organisation_administrator else []), *SIGNING_IN, *MATTERS]


class Account(Page):
    """Who one is here, and the pages about oneself."""

    permission_name = "account.view"
    template_name = "account/account.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """What is known of the reader."""
        user = cast(User, request.user)
        guilds = list(user.guilds.values_list("name", flat=True)) if user.is_coordinator else []
        return self.page(person=user, guilds=guilds, matters=[self._listed(matter) for matter in matters_of(user)])

    def post(self, request: HttpRequest) -> HttpResponse:
        """The reader says that their address takes mail again."""
        user = User.objects.get(pk=cast(User, request.user).pk)
        if user.email_bounced_at:
            actions.clear_bounce(by=user, person=user)
        messages.success(request, "Mail goes out to your address again")
        return redirect("account")

    def _listed(self, matter: Matter) -> dict[str, Any]:
        return {"words": matter.words, "explained": matter.explained, "address": reverse(matter.route)}
