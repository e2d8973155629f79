"""The Commission's overview in a browser: a figure to its rows, a comparison, files, targets moved and spread."""

import pytest
from playwright.sync_api import expect

from guilds.impact.cells import refresh
from guilds.impact.targets import set_target
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
YEAR = "2016-17"


def counted() -> None:
    """A fair with a number missing, one the year before, pledges, and a target."""
    thanet = make.make_district()
    make.make_guild("sciences")
    for day, learners in ((make.date(2016, 3, 14), 100), (make.DAY, 120)):
        rows = [{"provider": make.make_school(district=thanet), "learners": learners}, {"provider": make.make_school()}]
        make.make_engagement(title="Spring fair", status="delivered", starts_at=make.moment(day), attendances=rows)
    make.make_open_pledge(quantity=8)
    set_target(by=None, measure="encounters", period=YEAR, value=100)
    refresh()


def test_overview_to_rows_and_a_target_that_is_moved_and_spread(page, axe, be, browser, live_server):
    counted()
    be(make.make_administrator())
    for width, addresses in ((1280, ("/impact/",)), (320, ("/impact/kinds/careers_event/", "/targets/"))):
        page.set_viewport_size({"width": width, "height": 900})
        for address in addresses:
            page.goto(f"{address}?period={YEAR}")
            axe(page)
    page.set_viewport_size({"width": 1280, "height": 900})

    page.goto(f"/impact/?period={YEAR}")
    page.get_by_label("Compare with", exact=True).select_option(label="Academic year 2015-16")
    page.get_by_role("button", name="Show figures").click()
    expect(page.get_by_role("region", name="Every measure")).to_contain_text("+20 (+20% of 100)")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV file, every measure").click()
    assert download.value.suggested_filename == "impact-2016-17-total.csv"
    page.get_by_role("link", name="Thanet: 120").click()
    page.get_by_role("heading", name="Thanet").wait_for()
    rows = page.get_by_role("table", name="Guilds against their targets")
    rows.get_by_role("link", name="Hospitality Tourism", exact=True).click()
    page.get_by_role("heading", name="Hospitality Tourism").wait_for()
    axe(page)
    page.get_by_role("region", name="Every measure").get_by_role("link", name="120 encounters").click()
    page.get_by_role("heading", name="Encounters: 120").wait_for()

    page.goto(f"/targets/?period={YEAR}")
    page.get_by_role("rowheader", name="Encounters").get_by_role("link").click()
    page.get_by_role("button", name="Move it").click()
    page.get_by_label("New value").fill("300")
    axe(page)
    page.get_by_role("button", name="Move the target").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    page.get_by_label("Why it moves").fill("More schools")
    page.get_by_role("button", name="Move the target").click()
    page.get_by_text("Reason: More schools").wait_for()
    axe(page)

    page.goto(f"/targets/spread/?measure=encounters&period={YEAR}")
    page.get_by_label("Target of the whole county").fill("300")
    axe(page)
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_label("Sciences")).to_have_value("150")
    axe(page)
    page.get_by_role("button", name="Save all targets").click()
    page.get_by_role("row", name="Sciences").wait_for()

    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    plain.add_cookies(page.context.cookies())
    without = plain.new_page()
    without.goto(f"/impact/?period={YEAR}")
    without.get_by_text("The months in numbers").click()
    expect(without.get_by_role("table", name="By month")).to_be_visible()
    plain.close()
