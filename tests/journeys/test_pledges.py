"""Pledges in a browser: recorded on a phone, verified, given to a school, and readable at every width."""

import re

import pytest
from playwright.sync_api import expect

from guilds.pledges import actions
from guilds.pledges.models import Pledge
from tests import factories as make
from tests.journeys.conftest import LOOKS

pytestmark = pytest.mark.django_db(transaction=True)
SCHEMES = ["light", "dark"]


@pytest.fixture
def employer():
    employer = make.make_employer("Harbour Hotel")
    make.make_membership(employer)
    return employer


@pytest.fixture
def busy_pledge(employer) -> Pledge:
    """One with something in every part of its page."""
    thanet = make.make_district()
    pledge = make.make_open_pledge(
        employer=employer, quantity=20, suits_send=True, conditions="From 16", districts=[thanet], notes="By e-mail"
    )
    given = actions.allocate(by=None, pledge=pledge, provider=make.make_school("Firth School"), quantity=4)
    actions.allocate(
        by=None, pledge=pledge, provider=make.make_school("Glen School"), quantity=2, status="requested", note="Year 10"
    )
    placement = make.make_placement(employer=employer, learners=3, status="completed")
    actions.credit(by=None, pledge=pledge, placement=placement, allocation=given)
    actions.amend(by=make.make_coordinator(), pledge=pledge, quantity=16, reason="Fewer rooms this year")
    return pledge


def test_employer_records_a_pledge_on_a_phone(page, axe, be, employer):
    be(make.make_employer_member(employer))
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/pledges/")
    axe(page)
    page.get_by_role("main").get_by_role("button", name="Record a pledge").click()
    axe(page)
    page.get_by_label("What is promised").select_option("placement")
    page.get_by_label("How many").fill("20")
    page.get_by_role("button", name="Save").click()

    page.get_by_role("heading", name="20 work placements").wait_for()
    page.get_by_text("The pledge is recorded").wait_for()
    axe(page)
    pledge = Pledge.objects.get()
    assert (pledge.guild_id, pledge.status, pledge.made_through) == ("hospitality-tourism", "unverified", "portal")


def test_coordinator_verifies_and_gives_places(page, axe, be, employer):
    pledge = make.make_pledge(employer=employer, quantity=8)
    make.make_school("Firth School")
    be(make.make_coordinator("hospitality-tourism"))
    page.goto("/pledges/?status=unverified")
    page.get_by_role("link", name="8 work placements").click()
    page.get_by_role("button", name="Verify").click()
    page.get_by_text("The pledge is verified").wait_for()
    page.get_by_role("button", name="Give places to a school or college").click()
    axe(page)
    page.get_by_label("School or college").press_sequentially("firth")
    page.get_by_role("option", name="Firth School").click()
    page.get_by_label("How many").fill("3")
    page.get_by_role("button", name="Give places to a school or college").click()

    page.get_by_role("cell", name="Agreed", exact=True).wait_for()
    axe(page)
    pledge.refresh_from_db()
    assert pledge.status == "open"
    assert [(part.provider.name, part.quantity) for part in pledge.allocations.all()] == [("Firth School", 3)]


def test_without_scripts_a_pledge_is_recorded_verified_and_withdrawn(browser, live_server, employer, settings):
    settings.DEMO = True
    make.make_user("coordinator", guilds=["hospitality-tourism"], email="hospitality@guildhall.example")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in/?next=/pledges/new/")
    page.locator("button[value='hospitality@guildhall.example']").click()
    page.locator("[name=employer_text]").fill("harbour hotel")
    page.get_by_label("What is promised").select_option("apprenticeship")
    page.get_by_label("How many").fill("2")
    page.get_by_text("Say more").click()
    page.get_by_label("Conditions").fill("From 16")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Verify").click()
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_label("Why").fill("The kitchen closes")
    page.get_by_role("button", name="Withdraw").click()

    page.get_by_text("The pledge is withdrawn").wait_for()
    pledge = Pledge.objects.get()
    assert (pledge.status, pledge.status_reason, pledge.conditions) == ("withdrawn", "The kitchen closes", "From 16")
    context.close()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_are_accessible_at_every_width(page, axe, be, busy_pledge, width, scheme):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    be(make.make_coordinator("hospitality-tourism"))
    own = f"/pledges/{busy_pledge.pk}/"
    for address in ("/pledges/", "/pledges/?q=nobody", "/pledges/new/", own, f"{own}correct/", f"{own}amend/"):
        page.goto(address)
        axe(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_mistakes_are_linked_to_their_boxes(page, axe, be, employer, scheme):
    page.emulate_media(color_scheme=scheme)
    be(make.make_employer_member(employer))
    page.goto("/pledges/new/")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Say how many").click()

    expect(page.locator("#id_quantity")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    axe(page)


@pytest.mark.parametrize("role", ["school", "commission", "employer"])
def test_other_readers_pages_are_accessible(page, axe, be, busy_pledge, role):
    people = {
        "school": lambda: make.make_school_member(busy_pledge.allocations.first().provider),
        "commission": make.make_commission_member,
        "employer": lambda: make.make_employer_member(busy_pledge.employer),
    }
    be(people[role]())
    page.goto("/pledges/")
    axe(page)
    page.get_by_role("link", name="16 work placements").click()
    page.get_by_role("heading", name="16 work placements").wait_for()
    axe(page)
