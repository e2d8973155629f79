"""Somebody reads what is held about them and asks to be forgotten; an administrator looks, erases, and answers."""

import pytest

from guilds.organisations.models import Contact
from guilds.rights.models import RightsRequest
from tests.guilds.rights.people_world import EMAIL, NAME, Somebody

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_somebody_asks_to_be_forgotten_and_is(page, axe, be):
    somebody = Somebody()
    be(somebody.user)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/account/")
    page.get_by_role("link", name="What is held about you").click()
    axe(page)
    page.get_by_role("button", name="Ask for erasure").click()
    page.get_by_role("button", name="Send").click()
    page.get_by_role("alert").get_by_role("link").wait_for()
    axe(page)
    page.get_by_label("What is it about?").fill("All of it")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("We have what you ask").wait_for()
    axe(page)

    be(somebody.administrator)
    page.goto("/people/")
    page.get_by_role("link", name="Requests about personal data").click()
    axe(page)
    page.get_by_role("link", name="Erasure").last.click()
    axe(page)
    page.goto("/rights/people/")
    page.get_by_label("Name, e-mail address or telephone number").fill("Quillfeather")
    page.get_by_role("button", name="Find").click()
    axe(page)
    assert "uill" not in page.url
    page.get_by_role("link", name="person at an organisation").click()
    axe(page)
    page.get_by_role("button", name="Erase", exact=True).click()
    page.get_by_label(f"{NAME}, Harbour Lights, somebody who signs in").check()
    page.get_by_role("button", name="Erase for good").click()
    page.get_by_role("alert").get_by_role("link").wait_for()
    axe(page)
    page.get_by_label("I have looked at all of this").check()
    page.get_by_role("button", name="Erase for good").click()
    page.get_by_text("The person is erased").wait_for()
    axe(page)
    assert not Contact.objects.filter(email=EMAIL).exists()

    asked = RightsRequest.objects.get(asked_by=somebody.user)
    page.goto(f"/rights/{asked.pk}/answer/")
    page.get_by_label("What was done, or why not").fill("All of it is gone")
    page.get_by_role("button", name="Done").click()
    page.get_by_text("The request is answered").wait_for()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="dark")
    page.goto("/rights/retention/")
    page.get_by_role("button", name="Count now").click()
    page.get_by_text("It is counted anew").wait_for()
    axe(page)
