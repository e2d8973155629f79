"""A coordinator notes a call, looks through what happened, makes one record of two and two again, and visits the guild."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from guilds.merging.finding import find_duplicates
from guilds.reference.loading import load_reference
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_a_call_is_noted_two_records_become_one_and_two_again(page, axe, be):
    load_reference()
    be(make.make_coordinator())
    hotel = make.make_employer("Bay Hotel", identifiers=[], postcode="CT10 1AA")
    twin = make.make_employer("Bay Hotel Ltd", identifiers=[], postcode="CT10 1AA")
    make.make_membership(hotel), make.make_open_pledge(employer=twin)
    today = timezone.now()
    make.make_engagement(kind="guild_meeting", title="Autumn meeting", status="delivered", starts_at=today,
                         participations=[{"employer": hotel}])  # fmt: skip
    find_duplicates()
    page.set_viewport_size({"width": 320, "height": 900})

    page.goto(f"/organisations/{hotel.pk}/")
    page.get_by_label("What was said").fill("They can take four in June")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The note is kept")).to_be_visible()
    expect(page.get_by_text("They can take four in June")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Calls and meetings").click()
    expect(page.get_by_text("They can take four in June")).to_be_visible()
    expect(page.get_by_role("link", name="Autumn meeting")).to_have_count(0)

    page.goto("/organisations/duplicates/")
    axe(page)
    page.get_by_role("link", name="Compare").click()
    axe(page)
    page.get_by_label("Bay Hotel (Employer").check()
    page.get_by_role("button", name="Merge them").click()
    page.get_by_role("link", name="See what was moved, or undo it").click()
    axe(page)
    assert hotel.pledges.count() == 1
    page.get_by_role("button", name="Undo this merge").click()
    expect(page.get_by_text("they are two records again")).to_be_visible()
    assert twin.pledges.count() == 1

    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/guilds/")
    axe(page)
    page.get_by_role("link", name="Hospitality and Tourism").first.click()
    axe(page)
    page.get_by_role("link", name="Who came to which meeting").click()
    expect(page.get_by_role("cell", name="Came")).to_be_visible()
    axe(page)
    page.set_viewport_size({"width": 320, "height": 900})
    for address in ("", "hospitality-tourism/", "hospitality-tourism/members/", "hospitality-tourism/members/new/"):
        page.goto(f"/guilds/{address}")
        axe(page)
