"""The daily reminder from the mail to the page, what one wants of it, and follow-ups that are put off together."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crm.emails import digest, sending
from guilds.engagement import follow_up_actions
from guilds.engagement.follow_ups import FollowUp
from guilds.mailing import actions
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def coordinator(be, settings, live_server, tmp_path):
    """A coordinator with things to do, and post that is kept in the outbox."""
    settings.DEMO, settings.BASE_URL, settings.OUTBOX_DIR = True, live_server.url, tmp_path
    settings.EMAIL_BACKEND = "crm.emails.backend.Outbox"
    # a name that is wider than a phone
    who = {"email": "the-coordinator-of-the-hospitality-and-tourism-guild@borsetshire-council.example"}
    user, today = make.make_user("coordinator", guilds=["hospitality-tourism"], **who), timezone.localdate()
    for days, what in ((-2, "Ring the hotel"), (0, "Ring the school"), (3, "Ring the college")):
        due = today + timedelta(days=days)
        follow_up_actions.add_follow_up(by=None, what=what, due_on=due, assigned_to=user)
    be(user)
    return user


def test_reminder_leads_to_its_page_is_narrowed_and_stopped(page, axe, coordinator):
    sending.deliver(digest.send_to(coordinator, timezone.localdate()).pk)
    page.set_viewport_size({"width": 320, "height": 900})

    page.goto("/outbox/")
    expect(page.get_by_role("heading", name="3 things need you")).to_be_visible()
    axe(page)
    words = page.locator(".guildhall-mail").first.text_content() or ""
    address = next(line.strip() for line in words.splitlines() if "/follow-ups/" in line)
    stop = next(line.strip() for line in words.splitlines() if "/mail/stop/" in line)
    page.goto(address)
    expect(page.get_by_role("heading", name="Ring the hotel")).to_be_visible()
    axe(page)

    page.get_by_role("link", name="Follow-ups", exact=True).first.click()
    for box in page.get_by_label("Choose Ring the").all()[:2]:
        box.check()
    page.get_by_label("Do this").select_option("snooze")
    axe(page)
    page.get_by_role("button", name="With the chosen ones").click()
    axe(page)
    page.get_by_role("button", name="Snooze (2)").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    later = timezone.localdate() + timedelta(days=20)
    for part, value in (("day", later.day), ("month", later.month), ("year", later.year)):
        page.locator(f"[name=due_on_{part}]").fill(str(value))
    page.get_by_role("button", name="Snooze (2)").click()
    expect(page.get_by_text("Due later: 2 of 2 chosen")).to_be_visible()
    assert FollowUp.objects.filter(due_on=later).count() == 2
    page.get_by_role("link", name="Give Ring the college to somebody").click()
    axe(page)

    page.get_by_role("link", name=coordinator.name).click()
    axe(page)
    page.get_by_role("link", name="Which mail you get").click()
    axe(page)
    page.get_by_label("Pledges to verify").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your choice is saved")).to_be_visible()
    assert actions.switched_off(coordinator) == {"to_verify"}

    page.goto(stop)
    axe(page)
    assert "digest" not in actions.switched_off(coordinator), "opening it does nothing"
    page.get_by_role("button", name="Stop this mail").click()
    expect(page.get_by_role("heading", name="You get no more of this mail")).to_be_visible()
    axe(page)
    assert "digest" in actions.switched_off(coordinator)
    actions.mark_bounced(address=coordinator.email, at=timezone.now())
    page.goto("/account/")
    axe(page)
    page.get_by_role("button", name="It works: send mail again").click()
    expect(page.get_by_text("Mail goes out to your address again")).to_be_visible()
