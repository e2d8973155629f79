"""Home of each role in a browser: accessible at every width, and what it offers works."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crm.forms.engagements import moment
from guilds.engagement.follow_up_actions import add_follow_up
from guilds.engagement.models import Attendance
from tests.factories import (
    make_administrator,
    make_commission_member,
    make_coordinator,
    make_district,
    make_employer,
    make_employer_member,
    make_engagement,
    make_open_pledge,
    make_pledge,
    make_school,
    make_school_member,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people():
    thanet = make_district()
    school, hotel = make_school("Hill School", district=thanet), make_employer("Bay Hotel Ltd", district=thanet)
    coordinator = make_coordinator("hospitality-tourism")
    everybody = {
        "coordinator": coordinator,
        "administrator": make_administrator(),
        "employer": make_employer_member(hotel),
        "school": make_school_member(school),
        "commission": make_commission_member(),
    }
    make_engagement(title="Past fair")
    make_engagement(title="Delivered fair", status="delivered", attendances=[{"provider": school, "learners": 30}])
    make_engagement(title="Unknown fair", status="delivered", attendances=[{"provider": school}])
    soon = moment(timezone.localdate() + timedelta(days=1), None)
    make_engagement(
        title="Coming fair", starts_at=soon, attendances=[{"provider": school}], participations=[{"employer": hotel}]
    )
    make_open_pledge(employer=hotel)
    make_pledge(employer=hotel)
    add_follow_up(by=coordinator, what="Ring the hotel", due_on=timezone.localdate(), assigned_to=coordinator)
    return everybody


@pytest.fixture
def go_home(page, browser_context, client, live_server, people):
    """The home page as somebody sees it."""

    def go(role: str):
        client.force_login(people[role])
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        browser_context.add_cookies([cookie])
        page.goto("/")
        return page

    return go


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("role", ["coordinator", "administrator", "employer", "school", "commission"])
def test_home_is_accessible_at_every_width(go_home, page, axe, role, width):
    page.set_viewport_size({"width": width, "height": 900})
    go_home(role)
    axe(page)
    page.emulate_media(color_scheme="dark")
    axe(page)


@pytest.mark.parametrize("role", ["coordinator", "administrator", "employer", "school", "commission"])
def test_every_link_of_a_home_leads_to_a_page(go_home, page, role):
    go_home(role)
    addresses = page.eval_on_selector_all(
        "a[href^='/']", "links => [...new Set(links.map(link => link.getAttribute('href')))]"
    )

    assert len(addresses) > 4
    for address in addresses:
        assert page.request.get(address).status == 200, address


def test_school_confirms_with_one_press(go_home, page):
    go_home("school")
    page.get_by_role("button", name="Confirm 30 learners").click()

    page.get_by_text("Thank you. You have confirmed 30 learners").wait_for()
    assert Attendance.objects.get(learners=30).answer == "confirmed"
    expect(page.get_by_role("button", name="Confirm 30 learners")).to_be_hidden()


def test_coordinator_goes_from_a_count_to_the_list(go_home, page):
    go_home("coordinator")
    page.get_by_role("link", name="1 engagement with numbers missing").click()

    expect(page.get_by_role("link", name="Unknown fair")).to_be_visible()
    expect(page.get_by_role("link", name="Delivered fair")).to_be_hidden()
