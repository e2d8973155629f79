"""A year is published, a record corrected, the difference seen, and a second version published with its reason."""

import pytest
from playwright.sync_api import expect

from guilds.impact.cells import refresh
from guilds.opportunities import actions as opportunities
from tests import factories as make
from tests.guilds.publishing.world import Year

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_a_year_is_published_corrected_and_revised(page, axe, be):
    year = Year()
    refresh()
    be(year.by)
    page.goto("/publications/")
    axe(page)
    page.get_by_role("link", name="Make a publication").click()
    page.get_by_label("Period").select_option(label="Academic year 2016-17")
    page.get_by_role("button", name="Make a draft").click()
    page.get_by_text("This is a draft").wait_for()
    axe(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("the records still say what was published").wait_for()
    first = page.url

    opportunities.correct_placement(by=year.by, placement=year.placement, learners=82)
    refresh()
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(first)
    page.get_by_text("published 85, now 87").first.wait_for()
    expect(
        page.get_by_role("region", name="Published figures that are others now").get_by_role("link")
    ).not_to_have_count(0)
    page.get_by_text("By guild, district, kind and month:").click()
    axe(page)
    page.get_by_role("button", name="Revise", exact=True).click()
    page.get_by_role("button", name="Revise").click()
    axe(page)
    page.get_by_label("Why there is a new version").fill("Two learners came later")
    page.get_by_role("button", name="Revise").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_label("Final: all numbers are in").check()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="all side by side").wait_for()

    be(make.make_commission_member())
    page.emulate_media(color_scheme="dark")
    page.goto("/")
    page.get_by_role("button", name="See all figures").click()
    page.get_by_label("Period", exact=True).select_option(label="Academic year 2016-17")
    page.get_by_role("button", name="Show figures").click()
    page.get_by_role("link", name="Hospitality Tourism", exact=True).first.click()
    page.get_by_role("link", name="87 placements arranged").first.click()
    page.get_by_text("The contributions of all rows add up to 87").wait_for()
    page.goto("/impact/promises/?period=2016-17")
    axe(page)
    page.goto(first)
    page.get_by_text("This version (r) was replaced").wait_for()
    axe(page)
    page.get_by_role("link", name="all side by side").click()
    row = page.get_by_role("row", name="Placements arranged")
    expect(row.get_by_role("cell")).to_have_text(["85", "87"])
    axe(page)
    page.get_by_role("link", name="Version 2").click()
    page.get_by_label("Measure", exact=True).select_option(label="Schools")
    page.get_by_role("button", name="Show this measure").click()
    page.get_by_role("table", name="By district").wait_for()
