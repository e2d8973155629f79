"""Signing in as people do it, in a browser."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import expect

from guilds.access.models import Role, User

PASSWORD = "correct horse battery"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def coordinator(settings) -> User:
    settings.DEMO = True
    cache.clear()
    user = User(email="hospitality@guildhall.example", name="Hal Pike", role=Role.COORDINATOR)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_sign_in_page_is_accessible_at_every_width(page, axe, scheme, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto("/sign-in/")

    axe(page)


def test_mistakes_are_linked_to_their_boxes(page, axe):
    page.goto("/sign-in/")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_role("link", name="Enter your e-mail address").click()

    expect(page.locator("#id_email")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    axe(page)


def test_code_by_mail(page, axe, coordinator):
    page.goto("/sign-in/")
    page.locator("#id_email").fill(coordinator.email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_role("heading", name="Enter your code").wait_for()
    axe(page)
    page.get_by_label("Six-digit code").fill(re.search(r"\b\d{6}\b", mail.outbox[-1].body)[0])
    page.get_by_role("button", name="Continue").click()

    page.get_by_role("button", name="Sign out").wait_for()


def test_button_of_the_demonstration_and_out_again(page, axe):
    page.goto("/sign-in/")
    page.get_by_role("button", name="Hal Pike").click()
    page.get_by_role("button", name="Sign out").click()

    page.get_by_text("You are signed out").wait_for()
    axe(page)


def test_without_scripts_everything_works(browser, live_server, coordinator):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in/")
    page.locator("#id_login").fill(coordinator.email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    context.close()
