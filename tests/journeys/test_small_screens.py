"""A tablet held upright and a phone: lists without scrolling sideways, names in full, and an employer that was missing."""

import pytest
from playwright.sync_api import expect

from guilds.access.actions import correct_user
from guilds.desk.actions import receive
from guilds.pledges.models import Pledge
from tests import factories as make
from tests.guilds.desk.test_actions import open_desk, wrote

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
LISTS = ("engagements", "organisations", "pledges", "placements", "apprenticeships", "offers", "requests")
#: Whether all words of a link stand inside it.
WITHIN = """link => {
  const words = document.createRange()
  words.selectNodeContents(link.firstChild)
  return words.getBoundingClientRect().right <= link.getBoundingClientRect().right + 1
}"""
NAME = "Bartholomew Featherstonehaugh-Cholmondeley"


def test_lists_fit_and_what_a_desk_was_told_is_cleared_for_a_new_employer(page, axe, be):
    hotel, school = make.make_employer("Samphiredale Leisure Park"), make.make_school("Yarrowmouth Grammar School")
    make.make_engagement(title="Hospitality conversation")
    make.make_open_pledge(employer=hotel, kind="apprenticeship", quantity=310, guild=make.make_guild("sciences"))
    make.make_placement(employer=hotel, provider=school)
    make.make_apprenticeship(employer=hotel)
    make.make_request(provider=school)
    coordinator = make.make_coordinator("hospitality-tourism")
    correct_user(by=None, user=coordinator, name=NAME)
    desk = open_desk()
    receive(desk=desk, organisation_name="Quay Catring", **wrote())
    be(coordinator)

    page.set_viewport_size({"width": 768, "height": 1024})
    for name in LISTS:
        page.goto(f"/{name}/")
        hidden = page.eval_on_selector_all(
            ".guildhall-list", "frames => frames.map(f => f.scrollWidth - f.clientWidth)"
        )
        assert hidden == [0], name
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"/desks/{desk.pk}/")
    person = page.get_by_role("link", name=NAME)
    assert person.evaluate(WITHIN), "no letter of it is cut off"
    page.get_by_role("button", name="Not in the list? Add it").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Quay Catring")
    axe(page)
    page.get_by_label("Name", exact=True).fill("Quay Catering")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Another employer")).to_be_focused()
    page.get_by_role("button", name="Accept and verify").click()
    page.get_by_role("link", name="Quay Catering").wait_for()
    assert Pledge.objects.get(employer__name="Quay Catering").status == "open"
