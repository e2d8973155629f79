"""A change that is taken back, the history that tells of it, and two people who correct one pledge at once."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from guilds.audit.models import Event
from guilds.pledges import actions as pledges
from tests.factories import make_coordinator, make_employer, make_pledge, make_school

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def session_of(user) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def unfold(tab) -> None:
    """The rarer boxes are folded away."""
    tab.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")


def test_change_undo_history_and_two_editors(page, be, axe, browser, live_server):
    first, second = make_coordinator(), make_coordinator()
    pledge = make_pledge(employer=make_employer("Lantern Bakery"))
    be(first)
    page.goto(f"/pledges/{pledge.pk}/")
    page.get_by_role("button", name="Verify").click()
    page.get_by_role("alert").get_by_text("The pledge is verified").wait_for()
    axe(page)
    page.get_by_role("alert").get_by_role("button", name="Undo").click()
    page.get_by_role("alert").get_by_text("The change is undone").wait_for()
    history = page.get_by_role("region", name="History")
    expect(history).to_contain_text("undid the change before")

    page.get_by_role("button", name="Verify").click()
    page.get_by_role("alert").get_by_text("The pledge is verified").wait_for()
    pledges.allocate(by=None, pledge=pledge, provider=make_school(), quantity=2)
    page.goto(f"/pledges/{pledge.pk}/withdraw/")
    page.get_by_role("textbox").last.fill("They moved away")
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("link", name="With 1 other change").first.click()
    page.get_by_role("heading", name="Changed together").wait_for()
    axe(page)
    page.get_by_role("link", name="All of its history").first.click()
    page.set_viewport_size({"width": 320, "height": 700})
    axe(page)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("alert").get_by_text("The change is undone").wait_for()
    assert pledge.allocations.get().status == "agreed"

    window = browser.new_context(base_url=live_server.url, viewport={"width": 320, "height": 700})
    window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(second), "url": live_server.url}])
    other = window.new_page()
    for tab in (page, other):
        tab.goto(f"/pledges/{pledge.pk}/correct/")
        unfold(tab)
    page.get_by_label("Conditions").fill("Sturdy shoes")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").get_by_text("The pledge is corrected").wait_for()
    other.get_by_label("Notes").fill("Ring before noon")
    other.get_by_role("button", name="Save").click()
    told = other.get_by_role("alert", name="Somebody else has changed this")
    expect(told).to_contain_text(f"{first.name} corrected it")
    expect(told).to_contain_text("Sturdy shoes")
    expect(other.get_by_label("Notes")).to_have_value("Ring before noon")
    axe(other)
    unfold(other)
    other.get_by_label("Conditions").fill("Sturdy shoes")
    other.get_by_role("button", name="Save").click()
    other.get_by_role("alert").get_by_text("The pledge is corrected").wait_for()
    window.close()
    pledge.refresh_from_db()
    assert (pledge.conditions, pledge.notes) == ("Sturdy shoes", "Ring before noon")
    assert Event.objects.about(pledge).first().request_id
