"""Organisations, placements, apprenticeships, follow-ups and imports as people use them, in a browser."""

from datetime import date, timedelta

import pytest
from celery.contrib.testing.worker import start_worker
from django.utils import timezone
from playwright.sync_api import expect

from config.celery import app
from guilds.engagement import follow_up_actions
from guilds.organisations import actions as registry
from guilds.organisations.models import Organisation
from guilds.reference.loading import load_reference
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (320, 768, 1280)


@pytest.fixture
def coordinator(client, browser_context, live_server):
    """A coordinator who is signed in, with something of every sort."""
    load_reference()
    user = make.make_coordinator()
    client.force_login(user)
    browser_context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return user


@pytest.fixture
def employer(coordinator) -> Organisation:
    employer = make.make_employer("Bay Hotel and Conference Centre", postcode="CT10 1AA", phone="01843 000000")
    make.make_membership(employer)
    make.make_contact(employer)
    make.make_contact(employer, name="Kim Quiet", do_not_contact=True)
    make.make_engagement(title="Hospitality conversation", participations=[{"employer": employer}])
    make.make_open_pledge(employer=employer)
    make.make_placement(employer=employer, learners=3)
    make.make_apprenticeship(employer=employer, intake="september")
    follow_up_actions.log_interaction(
        by=coordinator, organisation=employer, kind="call", happened_on=date(2017, 3, 20), summary="Will host in May"
    )
    for days, what in ((-3, "Ring about May"), (5, "Send the dates")):
        due = timezone.localdate() + timedelta(days=days)
        follow_up_actions.add_follow_up(by=None, what=what, due_on=due, assigned_to=coordinator, organisation=employer)
    registry.correct(by=coordinator, organisation=employer, website="https://bay.example/")
    return employer


@pytest.fixture
def worker():
    """A real worker on the tests' own broker, in a thread."""
    app.loader.import_default_modules()
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=20):
        yield


ADDRESSES = (
    "/organisations/", "/organisations/?guild=nonsense", "/organisations/?q=nothing+fits", "/organisations/new/",
    "/organisations/{0}/", "/organisations/{0}/correct/", "/organisations/{0}/people/new/",
    "/organisations/{0}/guilds/join/", "/placements/", "/placements/new/", "/apprenticeships/", "/apprenticeships/new/",
    "/follow-ups/", "/follow-ups/new/", "/imports/", "/imports/new/", "/calendar/", "/calendar/?view=week",
    "/calendar/?view=list", "/calendar/feeds/",
)  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible_at_every_width(page, axe, employer, width):
    page.set_viewport_size({"width": width, "height": 900})
    for address in ADDRESSES:
        page.goto(address.format(employer.pk))
        axe(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_records_are_accessible(page, axe, employer, scheme):
    page.emulate_media(color_scheme=scheme)
    placement, apprenticeship = employer.placements.get(), employer.apprenticeships.get()
    for address in (
        f"/organisations/{employer.pk}/",
        f"/placements/{placement.pk}/",
        f"/placements/{placement.pk}/cancel/",
        f"/placements/{placement.pk}/correct/",
        f"/apprenticeships/{apprenticeship.pk}/",
        f"/apprenticeships/{apprenticeship.pk}/start/" if apprenticeship.status == "filled" else "/apprenticeships/",
        f"/apprenticeships/{apprenticeship.pk}/correct/",
    ):
        page.goto(address)
        axe(page)


def test_organisation_is_found_and_a_call_noted(page, axe, employer):
    page.goto("/organisations/")
    page.get_by_label("Name, postcode or number").fill("bay hotel")
    page.get_by_role("button", name="Apply filters").click()
    page.get_by_role("link", name="Bay Hotel and Conference Centre").click()
    page.get_by_label("What was said").fill("They can take four in June")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("They can take four in June")).to_be_visible()
    axe(page)


def test_mistakes_in_a_form_lead_to_their_boxes(page, axe, employer):
    page.goto("/placements/new/")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Enter employer").click()

    expect(page.locator("[name=employer_text]")).to_be_focused()
    axe(page)


def test_placement_is_recorded_started_and_cancelled_no_more(page, axe, employer):
    page.goto("/placements/new/")
    page.get_by_label("Employer").press_sequentially("bay")
    page.get_by_role("option", name="Bay Hotel and Conference Centre").click()
    page.get_by_label("How many learners").fill("2")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Say that it started").click()
    page.get_by_role("button", name="Say that it started").click()

    expect(page.get_by_text("The placement has started")).to_be_visible()
    expect(page.get_by_role("button", name="They left early")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    axe(page)


def test_several_placements_are_cancelled_at_once(page, axe, employer):
    make.make_placement(employer=employer)
    page.goto("/placements/")
    for box in page.get_by_label("Choose Work experience at Bay Hotel").all():
        box.check()
    page.get_by_label("Do this").select_option("cancel")
    page.get_by_role("button", name="With the chosen ones").click()
    axe(page)
    page.get_by_label("The employer").check()
    page.get_by_label("Why").fill("The kitchen is closed")
    page.get_by_role("button", name="Say that it is cancelled (2)").click()

    expect(page.get_by_text("The placement is cancelled: 2 of 2")).to_be_visible()
    axe(page)


def test_follow_up_is_done_from_the_list(page, axe, employer):
    page.goto("/follow-ups/")
    page.get_by_role("button", name="Done Ring about May").click()

    expect(page.get_by_role("button", name="Done Send the dates")).to_be_visible()
    expect(page.get_by_text("Ring about May")).to_have_count(0)
    axe(page)


def test_file_is_checked_loaded_and_undone(page, axe, coordinator, worker, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    file = tmp_path / "firms.csv"
    file.write_text("name,company_number,postcode\nBay Hotel,01234567,CT10 1AA\n,01234568,CT10 1AA\n")
    page.goto("/imports/new/")
    page.get_by_label("What the file holds").select_option("employers")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("button", name="Load the file")).to_be_visible(timeout=20_000)
    axe(page)
    assert not Organisation.objects.exists()
    page.get_by_role("button", name="Load the file").click()
    expect(page.get_by_role("button", name="Undo this import")).to_be_visible(timeout=20_000)
    axe(page)
    assert Organisation.objects.get().name == "Bay Hotel"
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the refused rows").click()
    assert download.value.suggested_filename == "firms.refused.csv"
    page.get_by_role("button", name="Undo this import").click()
    axe(page)
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text("has been taken back")).to_be_visible(timeout=20_000)
    assert not Organisation.objects.exists()


def test_columns_of_a_strange_file_are_named(page, axe, coordinator, worker, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    file = tmp_path / "strange.csv"
    file.write_text("Company,Company No\nBay Hotel,01234567\n")
    page.goto("/imports/new/")
    page.get_by_label("What the file holds").select_option("employers")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("heading", name="Which column is which?").wait_for()
    axe(page)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("button", name="Load the file")).to_be_visible(timeout=20_000)


def test_everything_works_without_scripts(browser, live_server, client, employer):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto("/follow-ups/new/")
    page.get_by_label("What is to be done").fill("Visit them")
    for part, value in (("day", "1"), ("month", "6"), ("year", "2040")):
        page.locator(f"[name=due_on_{part}]").fill(value)
    page.get_by_label("About").fill("bay hotel and conference centre")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Done Visit them")).to_be_visible()
    context.close()
