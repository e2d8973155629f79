"""Publications for anybody: only while switched on, only what was published, the same figures in every form."""

import csv
import json
from datetime import date
from io import StringIO

import pytest
from django.test import Client

from guilds.impact import cells
from guilds.opportunities import actions as opportunities
from guilds.publishing import actions
from guilds.publishing.models import PublishedFigure
from tests.crm.api.caller import Caller
from tests.factories import moment
from tests.guilds.publishing.world import Year

pytestmark = pytest.mark.django_db
FORMS = ("/", ".csv", ".json", ".csv-metadata.json", "/embed/encounters/")


@pytest.fixture
def year() -> Year:
    return Year()


@pytest.fixture
def version(year):
    return actions.show_in_public(by=year.by, publication=year.published(), on=True)


def read(address: str, **headers) -> str:
    response = Client(headers=headers).get(address)
    assert response.status_code == 200, address
    return " ".join(response.content.decode().split())


def test_only_what_is_published_and_switched_on_is_there(year):
    draft = year.draft()
    address = f"/published/{draft.token}"
    assert all(Client().get(address + form).status_code == 404 for form in FORMS)
    actions.publish(by=year.by, publication=draft, status="provisional")
    assert all(Client().get(address + form).status_code == 404 for form in FORMS), "published is not public"
    actions.show_in_public(by=year.by, publication=draft, on=True)
    assert all(Client().get(address + form).status_code == 200 for form in FORMS)
    assert Client().get(f"{address}/embed/nonsense/").status_code == 404
    assert Client().post(f"{address}/").status_code == 405
    kept = Client().get(f"{address}/")["ETag"]
    revision = actions.revise(by=year.by, publication=draft, reason="Learners came later")
    assert revision.is_public and Client().get(f"/published/{revision.token}/").status_code == 404, (
        "a draft is the team's"
    )
    actions.show_in_public(by=year.by, publication=draft, on=False)
    assert all(Client().get(address + form).status_code == 404 for form in FORMS)
    assert Client(headers={"If-None-Match": kept}).get(f"{address}/").status_code == 404, "copies end with it"


def test_the_same_figures_on_the_page_in_the_files_and_by_the_api(year, version):
    address = f"/published/{version.token}"
    by_api = Caller(year.by).get(f"/api/v1/publications/{version.pk}/").json()["figures"]
    found = json.loads(read(f"{address}.json"))
    told = [{name: figure[name] for name in found["figures"][0]} for figure in by_api]
    assert found["figures"] == told and len(told) > 100
    assert (found["status"], found["status_symbol"], found["version"]) == ("provisional", "p", 1)
    assert {"definition", "counting_date", "unit"} <= found["measures"][0].keys()

    lines = Client().get(f"{address}.csv")
    rows = list(csv.DictReader(StringIO(lines.content.decode("utf-8-sig"))))

    def number(value: str) -> float | None:
        return float(value) if value else None

    assert [(r["measure"], r["by"], r["key"], number(r["value"])) for r in rows] == [
        (f["measure"], f["by"], f["key"], None if f["value"] is None else pytest.approx(f["value"])) for f in told
    ]
    assert all(row["definition"] for row in rows)
    meaning = json.loads(read(f"{address}.csv-metadata.json"))
    assert [column["name"] for column in meaning["tableSchema"]["columns"]] == list(rows[0])
    assert f"{address}.csv-metadata.json" in lines["Link"] and meaning["url"].endswith(f"{address}.csv")

    page = read(f"{address}/")
    assert "There were 150 encounters with employers." in page
    assert "Placements were arranged for 85 learners." in page
    assert "provisional (p)" in page and "By district" in page
    assert "By district" in read(f"{address}/embed/encounters/?by=district")
    assert "By month" not in read(f"{address}/embed/encounters/?by=district")


def test_few_young_people_are_told_nowhere(year):
    year.event(send=(3, 0), title="A small event", starts_at=moment(date(2017, 1, 10)))
    cells.refresh()
    version = actions.show_in_public(by=year.by, publication=year.published(), on=True)
    hidden = PublishedFigure.objects.filter(publication=version, symbol="c")
    assert hidden.exists()
    found = json.loads(read(f"/published/{version.token}.json"))["figures"]
    told = {(f["measure"], f["by"], f["key"]): f for f in found}
    for figure in hidden:
        one = told[figure.measure, figure.by, figure.key]
        assert (one["value"], one["confirmed"], one["missing"], one["symbol"]) == (None, None, None, "c")
    assert "confidential (c)" in read(f"/published/{version.token}/")


def test_a_replaced_version_says_so_and_leads_to_the_newer(year, version):
    opportunities.correct_placement(by=year.by, placement=year.placement, learners=82)
    second = actions.revise(by=year.by, publication=version, reason="Two learners came later")
    actions.publish(by=year.by, publication=second, status="final")
    for form in ("/", "/embed/placements_arranged/"):
        page = read(f"/published/{version.token}{form}")
        assert "was replaced by version 2: Two learners came later" in page
        assert f'/published/{second.token}/"' in page
        assert "85" in page
    newer = json.loads(read(f"/published/{version.token}.json"))
    assert newer["addresses"]["newer"].endswith(f"/published/{second.token}/") and newer["status_symbol"] == "r"
    assert "for 87 learners" in read(f"/published/{second.token}/")
    actions.show_in_public(by=year.by, publication=second, on=False)
    assert "not shown in public" in read(f"/published/{version.token}/")


def test_the_year_before_is_what_was_published_then(year):
    actions.publish(by=year.by, publication=year.draft(period="2015-16"), status="final")
    version = actions.show_in_public(by=year.by, publication=year.published(), on=True)
    before = read(f"/published/{version.token}/")
    assert "There were 150 encounters with employers, after none the year before." in before
    late = actions.revise(by=year.by, publication=actions.Publication.objects.get(period="2015-16"), reason="More")
    year.event(send=(None, None), starts_at=moment(date(2016, 3, 1)))
    actions.publish(by=year.by, publication=late, status="final")
    assert read(f"/published/{version.token}/") == before, "what is said of a version does not change"


def test_frames_copies_and_other_peoples_programs(year, version, django_assert_num_queries):
    page = Client().get(f"/published/{version.token}/")
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"] and page["X-Frame-Options"] == "DENY"
    frame = Client().get(f"/published/{version.token}/embed/encounters/")
    assert "frame-ancestors *" in frame["Content-Security-Policy"] and "X-Frame-Options" not in frame
    assert "default-src 'self'" in frame["Content-Security-Policy"]
    for form in (".csv", ".json", ".csv-metadata.json"):
        assert Client().get(f"/published/{version.token}{form}")["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in page
    for form in FORMS:
        first = Client().get(f"/published/{version.token}{form}")
        assert (first["Cache-Control"], first["X-Robots-Tag"]) == ("public, no-cache", "noindex")
        assert not first.cookies
        again = Client(headers={"If-None-Match": first["ETag"]}).get(f"/published/{version.token}{form}")
        assert again.status_code == 304
    with django_assert_num_queries(7):
        read(f"/published/{version.token}/")
    signed_in = Client()
    signed_in.force_login(year.by)
    assert signed_in.get(f"/published/{version.token}/").content == page.content, "it knows no reader"
