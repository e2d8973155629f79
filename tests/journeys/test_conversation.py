"""A day such as the Hospitality Conversation: promised in a hall, cleared, asked for, kept, confirmed, and counted."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from guilds.engagement.models import Attendance
from guilds.pledges.models import Pledge
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def school():
    return make.make_school("Firth School")


@pytest.fixture
def hotel():
    return make.make_employer("Harbour Hotel")


@pytest.fixture
def event(school, hotel):
    return make.make_engagement(
        title="Hospitality Conversation", starts_at=timezone.now() - timedelta(hours=1), status="delivered",
        attendances=[{"provider": school, "learners": 40}], participations=[{"employer": hotel}],
    )  # fmt: skip


def promise(page, kind: str, how_many: int, name: str) -> None:
    page.get_by_label("What do you promise?").select_option(kind)
    page.get_by_label("How many?").fill(str(how_many))
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your e-mail address").fill(f"{name.split()[0].lower()}@{kind.replace('_', '-')}.example")
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Send my pledge").click()


def in_the_hall(browser, live_server, code: str, axe) -> None:
    """One promise with and one without a network, on a phone; then the wall."""
    phone = browser.new_context(base_url=live_server.url, viewport={"width": 320, "height": 700})
    page = phone.new_page()
    page.goto(f"/desk/{code}/")
    page.locator("[data-desk-at-hand]").wait_for()
    page.get_by_label("Your organisation").select_option(label="Harbour Hotel")
    promise(page, "placement", 3, "Robin Example")
    page.get_by_text("Received. Thank you").wait_for()
    page.get_by_role("button", name="Make another pledge").click()
    phone.set_offline(True)
    page.get_by_label("Its name").fill("Cliff Bakery")
    promise(page, "industry_visit", 1, "Sam Example")
    page.get_by_text("1 pledge is saved on this phone").wait_for()
    phone.set_offline(False)
    expect(page.get_by_text("1 pledge is saved on this phone")).to_be_hidden(timeout=15000)
    page.goto(f"/desk/{code}/wall/")
    page.get_by_text("2 pledges from 2 organisations").wait_for()
    expect(page.get_by_role("img", name=re.compile("for a phone"))).to_be_visible()
    axe(page)
    phone.close()


def test_from_a_promise_in_a_hall_to_the_commissions_figure(browser, page, live_server, axe, be, school, hotel, event):
    coordinator, teacher = make.make_coordinator(), make.make_school_member(school)
    owner = make.make_employer_member(hotel)
    be(coordinator)
    page.goto(f"/engagements/{event.pk}/")
    page.get_by_role("button", name="Open a pledge desk").click()
    in_the_hall(browser, live_server, page.locator(".guildhall-code").inner_text(), axe)

    page.reload()
    page.get_by_role("radio").first.wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("No employer that we know is like it").wait_for()
    page.keyboard.press("n")
    page.get_by_text("Everything that came in is decided").wait_for()
    assert set(Pledge.objects.values_list("employer__name", "kind", "quantity", "status", "engagement")) == {
        ("Harbour Hotel", "placement", 3, "open", event.pk), ("Cliff Bakery", "industry_visit", 1, "open", event.pk),
    }  # fmt: skip

    be(teacher)
    page.goto("/")
    page.get_by_role("button", name="Ask for something").click()
    page.get_by_label("What is asked for").select_option("placement")
    page.get_by_label("How many").fill("3")
    page.get_by_role("main").get_by_role("button", name="Ask", exact=True).click()
    page.get_by_text("The request is made").wait_for()

    be(coordinator)
    pledge = Pledge.objects.get(kind="placement")
    page.goto(f"/pledges/{pledge.pk}/match/")
    page.get_by_label("Places for Firth School").fill("3")
    page.get_by_role("button", name="Give these places").click()
    page.get_by_text("The places are agreed").wait_for()

    be(owner)
    page.goto("/")
    page.get_by_text("counts on 3 work placements").wait_for()
    page.get_by_role("link", name=re.compile("We did it")).first.click()
    page.get_by_role("button", name="Tell the coordinator").click()
    page.get_by_text("The coordinator looks at it").wait_for()

    be(coordinator)
    page.goto(f"/pledges/{pledge.pk}/")
    page.get_by_role("link", name=re.compile("^Accept")).click()
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("accepted and credited").wait_for()

    be(teacher)
    page.goto("/")
    page.get_by_role("button", name="Confirm 40 learners").click()
    page.get_by_text("You have confirmed 40 learners").wait_for()
    assert Attendance.objects.get().answer == "confirmed"

    be(owner)
    page.goto(f"/statements/{hotel.pk}/")
    address = page.get_by_role("button", name="Open as PDF").get_attribute("href")
    certificate = PdfReader(io.BytesIO(page.request.get(address).body()))
    told = " ".join(" ".join(sheet.extract_text() for sheet in certificate.pages).split())
    assert "Harbour Hotel" in told and "Placements started 3" in told and "Encounters with young people 40" in told

    be(make.make_commission_member())
    page.goto(f"/engagements/{event.pk}/")
    rows = page.get_by_role("table", name="Promised here").get_by_role("row").all_inner_texts()
    assert [row.split("\t") for row in rows[1:]] == [
        ["Work placements", "1", "3", "3", "100%"], ["Visits to the workplace", "1", "1", "0", "0%"],
    ]  # fmt: skip
    axe(page)
