"""Search in a browser: one key leads to it, it answers while somebody types, and what it finds is one press away."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import make_coordinator, make_district, make_employer, make_engagement

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_from_the_key_to_what_was_found(page, be, axe):
    make_district("outside", "Outside Kent and Medway")
    make_engagement(title="Lantern fair", venue=make_employer("Lantern Hotel"))
    be(make_coordinator())
    hotel = page.get_by_role("link", name=re.compile("^Lantern Hotel"))
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/engagements/")

    page.keyboard.press("/")
    page.keyboard.type("lanten")
    hotel.wait_for()
    axe(page)
    page.keyboard.press("Escape")
    expect(hotel).to_be_hidden()
    page.keyboard.press("Backspace")
    hotel.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Lantern Hotel", level=1).wait_for()

    page.goto("/search/?q=lantern")
    expect(page.get_by_role("link", name=re.compile("^Lantern fair"))).to_be_visible()
    axe(page)
    page.get_by_label("Press / on any page to search").uncheck()
    page.goto("/search/")
    page.keyboard.press("/")
    assert not page.evaluate("document.activeElement.matches('[type=search]')")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_label("Search organisations, engagements and more").fill("zzzz")
    page.get_by_text("Nothing found for").wait_for()
    axe(page)
