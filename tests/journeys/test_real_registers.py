"""A coordinator's morning among the real schools and companies of the county: found with a slip, told apart, logged, listed."""

import csv
import io
import time

import pytest
from django.db.models import Count

from guilds.engagement.models import Engagement
from guilds.importing.apply import run
from guilds.organisations.models import Organisation
from guilds.reference.loading import load_reference
from tests.factories import make_coordinator
from tests.guilds.importing.conftest import register  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

SCHOOLS = "dfe_register_schools_2022-07_kent_postcode_areas.csv"
COMPANIES = "companies_house_search_results_2024-01_kent_postcode_areas.csv"


@pytest.fixture
def registry(register):  # noqa: F811
    load_reference()
    for kind, name in (("providers", SCHOOLS), ("employers", COMPANIES)):
        run(kind=kind, path=register(name))
    return Organisation.objects.filter(status="active")


def test_a_morning_among_real_organisations(page, be, axe, registry):
    be(make_coordinator("hospitality-tourism"))
    names = registry.filter(is_provider=True).values("name").annotate(many=Count("pk"))
    twice = names.filter(many=2).order_by("name").first()["name"]
    alone = names.filter(many=1, name__contains="Grammar").order_by("name").first()["name"]
    company = registry.filter(is_employer=True, identifiers__scheme="companies_house").order_by("name").first()

    # found in less than five seconds, though "Grammar" is misspelt
    page.goto("/")
    began = time.monotonic()
    page.keyboard.press("/")
    page.keyboard.type(alone.replace("Grammar", "Grammer"))
    page.get_by_role("link", name=alone).first.click()
    page.get_by_role("heading", name=alone, level=1).wait_for()
    assert time.monotonic() - began < 5
    axe(page)

    # two schools of one name are told apart by number and place
    page.goto("/engagements/new/")
    page.get_by_label("Kind").select_option("workshop")
    page.get_by_label("Title").fill("Kitchen skills")
    for part, value in (("day", "14"), ("month", "3"), ("year", "2024")):
        page.locator(f"[name=date_{part}]").fill(value)
    page.get_by_label("It has happened").check()
    box = page.locator("[name=attendances-0-provider_text]")
    box.press_sequentially(twice)
    options = page.get_by_role("option").filter(has_text=twice)
    options.nth(1).wait_for()
    assert len({option.inner_text() for option in options.all()}) == options.count() >= 2
    axe(page)
    options.first.click()
    page.locator("[name=attendances-0-learners]").fill("25")
    number = company.identifiers.get(scheme="companies_house").value
    page.locator("[name=participations-0-employer_text]").press_sequentially(number)
    page.get_by_role("option", name=company.name).first.click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("heading", name="Kitchen skills", level=1).wait_for()
    logged = Engagement.objects.get()
    assert logged.attendances.get().provider.name == twice
    assert logged.participations.get().employer == company

    # the whole list goes into a file: as many rows as there are schools
    page.goto("/organisations/?role=provider&status=active")
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) - 1 == registry.filter(is_provider=True).count() == 1_034
