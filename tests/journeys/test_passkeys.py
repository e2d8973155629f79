"""A person is invited, comes in, adds a passkey, and signs in with it; each page on the way is looked over."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from guilds.access import invitation_actions
from guilds.access.models import User
from guilds.access.permissions import allowed
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
NEW = "una@harbour.example"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def code() -> str:
    return re.search(r"\b\d{6}\b", mail.outbox[-1].body)[0]


def test_from_invitation_to_passkey(page, axe, be):
    coordinator, employer = make.make_coordinator(), make.make_employer("Harbour Works")
    _, token = invitation_actions.invite(by=coordinator, email=NEW, role="employer", organisation=employer)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

    old_link = page.context.new_page()
    old_link.goto(reverse("invitation", args=["nothing"]))
    axe(old_link)
    old_link.close()  # devices answer only the page in front
    page.goto(reverse("invitation", args=[token]))
    axe(page)
    page.get_by_label("Your name").fill("Una New")
    page.get_by_label("I use what I see here only").check()
    page.get_by_role("button", name="Accept the invitation").click()
    page.get_by_label("Six-digit code").fill(code())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Sign out").wait_for()
    assert allowed(User.objects.get(email=NEW), "invitation.send", employer)

    for address in (
        "/account/security/",
        "/account/security/app/",
        "/account/sessions/",
        "/people/",
        "/people/invite/",
    ):
        page.goto(address)
        axe(page)
    page.goto("/account/security/passkeys/new/")
    axe(page)
    page.get_by_label("What you call it").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    axe(page)
    page.goto("/account/security/")
    page.get_by_text("My laptop").first.wait_for()
    axe(page)

    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You are signed out").wait_for()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("button", name="Sign out").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.locator("#id_email").fill(NEW)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Six-digit code").fill(code())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Second step").wait_for()
    axe(page)
    page.get_by_role("button", name="Use my passkey").click()
    page.get_by_role("button", name="Sign out").wait_for()

    page.context.clear_cookies()
    page.goto("/join/")
    axe(page)
    page.get_by_label("Your name").fill("Ari Asker")
    page.get_by_label("Your e-mail address at work").fill("ari@hill.example")
    page.get_by_label("At a school or college").check()
    page.get_by_label("Your organisation").fill("Hill School")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="We have what you sent").wait_for()
    be(coordinator)
    page.goto("/people/requests/")
    axe(page)
    page.get_by_role("link", name="Ari Asker").click()
    axe(page)
