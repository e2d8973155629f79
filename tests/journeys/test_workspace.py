"""A coordinator's morning: a pledge of an employer nobody knew, many placements at once, a note taken back, a draft kept."""

import pytest
from playwright.sync_api import expect

from guilds.opportunities.models import Placement
from guilds.organisations.models import Organisation
from guilds.pledges.models import Pledge
from tests.factories import make_contact, make_coordinator, make_employer, make_membership, make_placement

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_a_missing_employer_its_people_many_at_once_and_a_note_taken_back(page, be, axe):
    bay = make_employer("Bay Hotel")
    make_membership(bay), make_contact(bay, name="Sam Example")
    for _ in range(3):
        make_placement(employer=bay)
    be(make_coordinator())

    page.goto("/pledges/new/")
    page.get_by_label("How many").fill("7")
    page.get_by_label("Employer", exact=True).fill("Quay Works")
    page.get_by_role("button", name="Not in the list? Add it for Employer").click()
    page.get_by_role("group", name="Add an employer").wait_for()
    expect(page.get_by_label("Name")).to_have_value("Quay Works")
    axe(page)
    page.get_by_label("Name").press("Enter")
    page.get_by_role("group", name="Add an employer").wait_for(state="detached")
    expect(page.get_by_label("Employer", exact=True)).to_have_value("Quay Works")
    expect(page.get_by_label("How many")).to_have_value("7")
    assert Organisation.objects.filter(name="Quay Works").exists()

    page.get_by_label("Employer", exact=True).fill("Bay Ho")
    page.get_by_role("option", name="Bay Hotel").click()
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.get_by_label("Whom to ask about it").select_option("Sam Example")
    axe(page)
    page.get_by_label("What is promised").select_option("workshop")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").get_by_text("The pledge is recorded").wait_for()
    assert Pledge.objects.get().contact.name == "Sam Example"

    page.goto("/placements/?status=arranged")
    page.get_by_label("Do this").select_option("Say that it is cancelled")
    page.get_by_role("button", name="With all that fit these filters").click()
    page.get_by_role("button", name="Say that it is cancelled (3)").wait_for()
    axe(page)
    page.get_by_label("The employer").check()
    page.get_by_label("Why").fill("The kitchen is closed")
    page.get_by_role("button", name="Say that it is cancelled (3)").click()
    page.get_by_text("3 of 3 chosen").wait_for()
    assert set(Placement.objects.values_list("status", flat=True)) == {"cancelled"}

    page.goto(f"/organisations/{bay.pk}/")
    page.get_by_label("What was said").fill("They are moving")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Correct the note of").click()
    axe(page)
    page.go_back()
    page.get_by_role("link", name="History of the note of").click()
    axe(page)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("alert").get_by_text("The change is undone").wait_for()
    assert not bay.interactions.exists()
