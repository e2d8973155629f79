"""From a cold spot to a school with an adviser: coverage, indicators, advisers and supported routes, by keyboard-sized steps."""

from datetime import date

import pytest

from guilds.impact import cells
from guilds.impact.indicator_actions import add_indicator, set_value
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.once
def test_a_cold_spot_is_found_and_its_school_signed_up(page, axe, be):
    thanet = make.make_district()
    make.make_school("Cliff School", district=thanet, coastal=True, pupils=900)
    reached = make.make_school("Hill School", district=thanet)
    make.make_engagement(status="delivered", attendances=[{"provider": reached, "year_group": "9", "learners": 3}])
    make.make_placement(
        programme="supported_internship", status="completed", starts_on=date(2016, 10, 3), ends_on=date(2017, 3, 31)
    )
    known = add_indicator(by=None, code="KPI 20", statement="Schools with an adviser", better="higher")
    for year, value in (("2015", 0), ("2016", 16)):
        set_value(by=None, indicator=known, period=year, value=value, judged="achieving", source="A paper")
    cells.refresh()

    be(make.make_administrator())
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/impact/coverage/?period=2016-17")
    axe(page)
    page.goto("/impact/coverage/?period=2016-17&coastal=true")
    page.get_by_role("link", name="Save these filters as a scope").click()
    axe(page)
    page.get_by_label("Name").fill("Coastal schools")
    page.get_by_role("button", name="Save the scope").click()
    page.get_by_text("The scope is saved").wait_for()
    page.get_by_role("rowheader", name="Cliff School").wait_for()
    axe(page)
    page.get_by_role("link", name="Saved scopes").click()
    page.get_by_role("rowheader", name="Coastal schools").wait_for()
    axe(page)

    page.goto("/advisers/")
    page.get_by_role("link", name="Sign a school up").first.click()
    axe(page)
    page.get_by_label("School or college").fill("Cliff School")
    page.get_by_role("button", name="Sign up").click()
    page.get_by_text("The school is signed up").wait_for()
    axe(page)
    page.get_by_role("button", name="Match with an adviser").click()
    axe(page)
    page.goto("/advisers/")
    axe(page)

    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="dark")
    page.goto("/indicators/")
    axe(page)
    page.get_by_role("link", name="KPI 20").click()
    axe(page)
    page.get_by_role("button", name="Enter a value").click()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("There is a problem").wait_for()
    axe(page)
    page.goto("/impact/supported-routes/?period=2016-17")
    axe(page)
    page.get_by_role("link", name="Work experience").or_(
        page.get_by_role("link", name="Supported internship")
    ).first.click()
    page.get_by_label("In paid work").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("What came of it is kept").wait_for()
