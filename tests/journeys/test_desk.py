"""A pledge made in a hall without a network, and the coordinator who clears it by keyboard."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from guilds.desk.actions import open_desk
from guilds.desk.models import DeskEntry
from guilds.pledges.models import Pledge
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def write(page, name: str) -> None:
    page.get_by_label("Its name").fill("The Harbour Hotel")
    page.get_by_label("What do you promise?").select_option("placement")
    page.get_by_label("How many?").fill("5")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your e-mail address").fill("robin@harbour.example")
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Send my pledge").click()


def without_scripts(browser, live_server, desk) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/desk/{desk.code}/")
    write(page, "Alex Example")
    page.get_by_text("Received. Thank you").wait_for()
    context.close()
    assert DeskEntry.objects.get().name == "Alex Example"


def test_a_promise_made_offline_arrives_once_and_is_cleared(browser, browser_context, live_server, axe, be):
    make.make_employer("Harbour Hotel")
    event = make.make_engagement(
        starts_at=timezone.now() + timedelta(hours=1), participations=[{"employer": make.make_employer()}]
    )
    coordinator = make.make_coordinator()
    desk = open_desk(by=coordinator, engagement=event)
    without_scripts(browser, live_server, desk)
    page = browser_context.new_page()
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"/desk/{desk.code}/?staffed=1")
    axe(page)
    page.get_by_role("button", name="Send my pledge").click()
    expect(page.get_by_role("alert")).to_contain_text("write its name")
    axe(page)
    page.locator("[data-desk-at-hand]").wait_for()

    browser_context.set_offline(True)
    page.reload()
    write(page, "Robin Example")
    expect(page.get_by_role("heading", name="Saved on this phone", exact=True)).to_be_focused()
    expect(page.get_by_text("1 pledge is saved on this phone")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Next person").click()
    assert "Robin" not in page.evaluate("[...document.querySelectorAll('input')].map((box) => box.value).join()")
    assert page.get_by_label("Your name").get_attribute("autocomplete") == "off"
    assert DeskEntry.objects.count() == 1
    page.goto("about:blank")
    page.goto(f"/desk/{desk.code}/")
    expect(page.get_by_text("1 pledge is saved on this phone")).to_be_visible()

    browser_context.set_offline(False)
    expect(page.get_by_text("1 pledge is saved on this phone")).to_be_hidden(timeout=15000)
    write(page, "Sam Example")
    page.get_by_text("Received. Thank you").wait_for()
    axe(page)
    assert sorted(DeskEntry.objects.values_list("name", flat=True)) == ["Alex Example", "Robin Example", "Sam Example"]
    page.goto(f"/desk/{desk.code}/wall/")
    axe(page)

    be(coordinator)
    page.goto(f"/desks/{desk.pk}/")
    axe(page)
    page.keyboard.press("Enter")
    page.get_by_text("accepted for").wait_for()
    axe(page)
    page.keyboard.press("Enter")
    page.get_by_text("To be cleared: 1").wait_for()
    page.keyboard.press("r")
    page.get_by_text("Everything that came in is decided").wait_for()
    page.keyboard.press("u")
    page.get_by_role("button", name="Accept and verify").wait_for()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.get_by_text("Everything that came in is decided").wait_for()
    axe(page)
    assert set(Pledge.objects.values_list("employer__name", "status")) == {("Harbour Hotel", "open")}
