"""Figures in a browser: read, compared, opened, at every width."""

import pytest
from playwright.sync_api import expect

from guilds.impact.cells import refresh
from guilds.impact.targets import set_target
from tests import factories as make
from tests.journeys.conftest import LOOKS

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = "2016-17"


@pytest.fixture
def counted():
    """A fair with a number missing, a kept pledge, and targets."""
    thanet, sciences = make.make_district(), make.make_guild("sciences")
    known, unknown = make.make_school("Firth School", district=thanet), make.make_school("Glen School")
    attendances = [{"provider": known, "learners": 120}, {"provider": unknown, "learners": None}]
    make.make_engagement(title="Spring fair", status="delivered", district=thanet, attendances=attendances)
    make.make_open_pledge(quantity=8)
    set_target(by=None, measure="encounters", period=YEAR, value=100, guild=make.make_guild())
    set_target(by=None, measure="encounters", period=YEAR, value=300, guild=sciences)
    refresh()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_are_accessible_at_every_width(page, axe, be, counted, width, scheme):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    be(make.make_commission_member())
    for address in (
        f"/impact/?period={YEAR}",
        "/impact/?from=2017-03-02",
        f"/impact/guilds/hospitality-tourism/?period={YEAR}",
        f"/impact/districts/E07000114/?period={YEAR}",
        f"/impact/evidence/?measure=encounters&period={YEAR}",
        f"/impact/evidence/?measure=pledge_conversion&period={YEAR}",
    ):
        page.goto(address)
        axe(page)


def test_figure_is_picked_compared_and_opened(page, axe, be, counted):
    be(make.make_commission_member())
    page.goto("/impact/")
    page.get_by_label("Period", exact=True).select_option(label="Academic year 2016-17")
    page.get_by_role("button", name="Show figures").click()

    page.get_by_role("heading", name="Guilds: encounters").wait_for()
    expect(page.get_by_role("img", name="Hospitality Tourism: 120 of 100")).to_be_visible()
    row = page.get_by_role("table", name="Guilds against their targets").get_by_role("row", name="Hospitality Tourism")
    row.get_by_role("link", name="120").click()
    page.get_by_role("heading", name="Encounters: 120").wait_for()
    axe(page)
    page.get_by_role("rowheader", name="Spring fair").first.get_by_role("link").click()
    page.get_by_role("heading", name="Spring fair").wait_for()


def test_period_of_ones_own_without_scripts(browser, live_server, counted, settings):
    settings.DEMO = True
    make.make_user("commission", email="commission@guildhall.example")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in/?next=/impact/")
    page.locator("button[value='commission@guildhall.example']").click()
    page.get_by_text("Other dates").click()
    page.get_by_label("From").fill("1/3/2017")
    page.get_by_label("To", exact=True).fill("30/4/2017")
    page.get_by_role("button", name="Show figures").click()

    expect(page.get_by_role("main")).to_contain_text("March 2017 to April 2017")
    context.close()
