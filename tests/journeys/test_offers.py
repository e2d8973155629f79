"""A school finds places that suit its learners and asks for some; the coordinator agrees, and the school sees it."""

import pytest
from playwright.sync_api import expect

from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.once
def test_school_finds_a_placement_asks_and_is_given_some(page, axe, be):
    thanet = make.make_district()
    school = make.make_school_member(make.make_school("Cliff School", district=thanet))
    hotel = make.make_employer("Harbour Hotel", headcount=400)
    make.make_open_pledge(employer=hotel, quantity=5, level=2, suits_send=True, programme="work_experience")
    make.make_open_pledge(employer=make.make_employer("Quarry Works"), level=3)
    make.make_apprenticeship(employer=hotel, intake="september", positions=2)
    make.make_placement(provider=school.organisation, employer=hotel, starts_on=make.DAY)

    be(school)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/offers/")
    axe(page)
    page.get_by_role("heading", name="Filters").click()
    page.get_by_role("search").get_by_label("Suits").select_option("send")
    page.get_by_role("search").get_by_label("Level").select_option("2")
    page.get_by_role("button", name="Apply filters").click()
    page.get_by_role("cell", name="Harbour Hotel", exact=True).wait_for()
    expect(page.get_by_text("Quarry Works")).to_have_count(0)
    axe(page)
    page.get_by_role("link", name="Ask for some of these").click()
    axe(page)
    page.get_by_label("How many").fill("2")
    page.get_by_role("button", name="Ask for places").click()
    page.get_by_text("You have asked for places").wait_for()
    page.goto("/offers/?asked=true")
    page.get_by_text("Asked for", exact=True).last.wait_for()
    axe(page)
    page.goto("/placements/")
    page.get_by_role("link", name="1 placement to confirm").click()
    axe(page)

    be(make.make_coordinator())
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/offers/?asked=true")
    axe(page)
    page.get_by_role("link", name="Work placements from Harbour Hotel").first.click()
    page.get_by_role("link", name="Agree 2 for Cliff School").click()
    page.get_by_role("button", name="Agree").click()
    page.get_by_text("The places are agreed").wait_for()
    for address in ("/apprenticeships/", "/apprenticeships/intakes/", "/organisations/public-sector/"):
        page.goto(address)
        axe(page)

    be(school)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 320, "height": 700})
    for address in ("/apprenticeships/intakes/", "/offers/?asked=true"):
        page.goto(address)
        axe(page)
    expect(page.get_by_role("cell", name="2 Agreed")).to_have_count(1)
