"""A coordinator's afternoon with the promises of one day, in a browser."""

import pytest

from guilds.pledges.models import Allocation, Delivery, Pledge
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_promises_are_cleared_matched_credited_and_extended(page, axe, be):
    hotel, event = make.make_employer("Harbour Hotel"), make.make_engagement(title="Conversation")
    first = make.make_pledge(employer=hotel, quantity=5, engagement=event)
    make.make_pledge(engagement=event)
    make.make_pledge()
    firth, glen = make.make_school("Firth School"), make.make_school("Glen School")
    asked = make.make_request(provider=firth, quantity=3)
    make.make_placement(employer=hotel, provider=firth, learners=3, status="completed")
    be(make.make_coordinator("hospitality-tourism"))

    page.goto(f"/pledges/?engagement={event.pk}&status=unverified")
    axe(page)
    page.get_by_role("button", name="With all that fit these filters").click()
    axe(page)
    page.get_by_role("button", name="Verify (2)").click()
    page.get_by_text("2 of 2 pledges are verified").wait_for()

    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/pledges/board/")
    axe(page)
    card = page.get_by_role("listitem").filter(has_text="Harbour Hotel")
    card.get_by_role("link", name="Match").click()
    page.get_by_label("Places for Firth School").fill("3")
    page.get_by_label("Places for Glen School").fill("3")
    page.get_by_text("1 too many").wait_for()
    axe(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_label("Places for Glen School").fill("1")
    page.get_by_text("1 still to give").wait_for()
    page.get_by_role("button", name="Give these places").click()
    page.get_by_text("The places are agreed").wait_for()
    shares = set(Allocation.objects.values_list("provider", "quantity", "request"))
    assert shares == {(firth.pk, 3, asked.pk), (glen.pk, 1, None)}

    page.get_by_role("button", name="Record what was delivered").click()
    axe(page)
    page.get_by_label("Which placement").select_option(index=1)
    page.get_by_label("For which school or college").select_option(index=1)
    page.get_by_role("button", name="Credit it to the pledge").click()
    page.get_by_role("link", name="Take back").wait_for()
    assert Delivery.objects.get().allocation.provider == firth
    axe(page)

    page.get_by_role("button", name="Let it run longer").click()
    for part, value in (("Day", "31"), ("Month", "8"), ("Year", "2040")):
        page.get_by_label(part).fill(value)
    page.get_by_label("Why").fill("Another year")
    page.get_by_role("button", name="Let it run longer").click()
    page.get_by_text("The pledge runs longer").wait_for()
    assert Pledge.objects.get(pk=first.pk).valid_until.year == 2040
    for address in (f"/requests/{asked.pk}/", "/requests/", "/requests/new/", "/pledges/quiet/"):
        page.goto(address)
        axe(page)
    page.goto(f"/requests/{make.make_request(quantity=2).pk}/match/")
    axe(page)
