"""The main job, end to end: an engagement is logged, a pledge recorded and verified, and the Commission sees both counted."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from guilds.impact.cells import pending, refresh
from guilds.impact.periods import academic_year
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def people(settings):
    """The demonstration's people, two schools and an employer, each with nothing done yet."""
    settings.DEMO = True
    thanet = make.make_district()
    make.make_school("Firth School", district=thanet)
    make.make_school("Glen School", district=thanet)
    hotel = make.make_employer("Harbour Hotel", district=thanet)
    make.make_membership(hotel)
    make.make_user("coordinator", guilds=["hospitality-tourism"], email="hospitality@guildhall.example")
    make.make_user("employer", organisation=hotel, email="employer@guildhall.example")
    make.make_user("commission", email="commission@guildhall.example")
    refresh()


@pytest.fixture
def somebody(page, axe):
    """Call with who: the one in the window signs out, and somebody else signs in with their button."""

    def become(who: str) -> None:
        if "/sign-in/" not in page.url and page.url != "about:blank":
            page.get_by_role("button", name="Sign out").click()
        page.goto("/sign-in/")
        axe(page)
        page.locator(f"button[value='{who}@guildhall.example']").click()
        page.get_by_role("button", name="Sign out").wait_for()
        axe(page)

    return become


def test_from_an_engagement_and_a_pledge_to_the_figures(page, axe, somebody):
    somebody("hospitality")
    log_an_engagement(page, axe)
    somebody("employer")
    record_a_pledge(page, axe)
    somebody("hospitality")
    verify_it(page, axe)
    assert pending()
    refresh()
    assert not pending()
    somebody("commission")
    see_it_counted(page, axe)


def log_an_engagement(page, axe):
    """Delivered today, with two schools; how many came from the second nobody knows."""
    page.goto("/engagements/")
    axe(page)
    page.get_by_role("main").get_by_role("button", name="Log an engagement").click()
    axe(page)
    today = timezone.localdate()
    page.get_by_label("Kind").select_option("careers_event")
    page.get_by_label("Title").fill("Hospitality Conversation")
    for part, value in (("day", today.day), ("month", today.month), ("year", today.year)):
        page.locator(f"[name=date_{part}]").fill(str(value))
    page.get_by_label("Lead guild").select_option("hospitality-tourism")
    page.get_by_label("It has happened").check()
    pick(page, "attendances-0-provider_text", "Firth School")
    page.locator("[name=attendances-0-learners]").fill("120")
    page.get_by_role("button", name="Add another school or college").click()
    pick(page, "attendances-1-provider_text", "Glen School")
    page.locator("[name=attendances-1-not_known]").check()
    axe(page)
    page.get_by_role("button", name="Save").click()

    page.get_by_role("heading", name="Hospitality Conversation").wait_for()
    page.get_by_text("1 number of learners is not known yet").wait_for()
    axe(page)


def record_a_pledge(page, axe):
    """Of an employer's own, for its own guild."""
    page.goto("/pledges/")
    axe(page)
    page.get_by_role("main").get_by_role("button", name="Record a pledge").first.click()
    axe(page)
    page.get_by_label("What is promised").select_option("placement")
    page.get_by_label("How many").fill("20")
    page.get_by_role("button", name="Save").click()

    page.get_by_role("heading", name="20 work placements").wait_for()
    expect(page.get_by_role("main").get_by_text("To be verified")).to_be_visible()
    expect(page.get_by_role("button", name="Verify")).to_have_count(0)
    axe(page)


def verify_it(page, axe):
    """The coordinator of the guild finds it and says that it is real."""
    page.goto("/pledges/?status=unverified")
    axe(page)
    page.get_by_role("link", name="20 work placements").click()
    page.get_by_role("button", name="Verify").click()

    page.get_by_text("The pledge is verified").wait_for()
    axe(page)


def see_it_counted(page, axe):
    """Every figure, the rows behind one, and the number that is missing."""
    page.goto("/impact/")
    axe(page)
    year = academic_year(timezone.localdate()).label
    expect(page.get_by_role("main")).to_contain_text(year)
    table = page.get_by_role("table", name=re.compile("^Every measure"))
    for measure, figure in {
        "Engagements": "1",
        "Encounters": "120",
        "Schools": "2",
        "Placements pledged": "20",
    }.items():
        row = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=re.compile(f"^{measure} ?[A-Z]")))
        assert row.first.get_by_role("link").first.text_content().startswith(f"{figure} "), measure

    page.get_by_role("table", name=re.compile("^Guilds against")).get_by_role(
        "row", name="Hospitality Tourism"
    ).get_by_role("link", name=re.compile("^120")).click()
    page.get_by_role("heading", name="Encounters: 120").wait_for()
    axe(page)
    rows = page.get_by_role("table", name="The rows")
    known, unknown = rows.get_by_role("row", name=re.compile("Firth")), rows.get_by_role("row", name=re.compile("Glen"))
    expect(known).to_contain_text("120")
    expect(unknown).to_contain_text("number missing")
    page.get_by_text("1 number is missing (x)").wait_for()

    page.goto("/pledges/")
    axe(page)
    page.get_by_role("link", name="20 work placements").click()
    page.get_by_role("heading", name="20 work placements").wait_for()
    expect(page.get_by_role("button", name="Verify")).to_have_count(0)
    axe(page)


def pick(page, name: str, organisation: str) -> None:
    """Type some of a name, and choose from what is suggested."""
    page.locator(f"[name={name}]").press_sequentially(organisation[:5])
    page.get_by_role("option", name=organisation).click()
