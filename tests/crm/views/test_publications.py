"""Publications in the browser: drafted, published, signed off, compared, revised, and taken along as files."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from crm import tasks
from crm.exports.tables import FigureTable, as_csv, as_ods, as_xlsx
from guilds.access.models import ExportLog, User
from guilds.impact import cells
from guilds.opportunities import actions as opportunities
from guilds.publishing import actions
from guilds.publishing.models import Publication
from tests.factories import make_commission_member, make_coordinator, make_employer_member
from tests.guilds.publishing.world import Year

pytestmark = pytest.mark.django_db


@pytest.fixture
def year() -> Year:
    return Year()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return " ".join(response.content.decode().split())


def test_a_publication_from_draft_to_second_version(year):
    client = as_(year.by)
    cells.refresh()
    assert "Nothing has been published yet" in read(client, "/publications/")
    answer = client.post("/publications/new/", {"period": "2016-17", "guild": "", "district": "E07000114"})
    district = Publication.objects.get()
    assert answer.url == f"/publications/{district.pk}/"
    both = client.post(
        "/publications/new/", {"period": "2016-17", "guild": "hospitality-tourism", "district": "E07000114"}
    )
    assert "choose one" in both.content.decode()
    assert 'value="hospitality-tourism" selected' in both.content.decode(), "what was chosen stays"
    assert client.post("/publications/new/", {"period": "2016-17", "district": "E07000114"}).status_code == 409

    draft = year.draft()
    page = f"/publications/{draft.pk}/"
    assert "This is a draft" in read(client, page)
    assert "Choose" in client.post(f"{page}publish/", {"status": "never"}).content.decode()
    client.post(f"{page}publish/", {"status": "provisional"})
    shown = read(client, page)
    assert "Nothing: the records still say what was published" in shown
    assert "provisional (p)" in shown
    opportunities.correct_placement(by=year.by, placement=year.placement, learners=82)
    shown = read(client, page)
    assert "published 85, now 87" in shown
    assert f'href="/placements/{year.placement.pk}/"' in shown
    refused = client.post(f"{page}final/")
    assert refused.status_code == 409
    assert "Revise it" in refused.content.decode()
    missing = client.post(f"{page}revise/", {"reason": ""})
    assert 'href="#id_reason"' in missing.content.decode()
    client.post(f"{page}revise/", {"reason": "Two learners came later"})
    second = Publication.objects.get(edition=2)
    client.post(f"/publications/{second.pk}/publish/", {"status": "final"})

    commission = as_(make_commission_member())
    assert "was replaced" in read(commission, page)
    assert "Two learners came later" in read(commission, page)
    beside = read(commission, f"{page}versions/")
    assert "85</td><td" in beside.replace("> <", "><")
    assert "87</td>" in beside
    assert "Alex" not in beside
    listed = read(commission, "/publications/")
    assert listed.count("/publications/" + str(second.pk)) == 1
    assert client.get(f"/publications/{second.pk}/publish/").status_code == 409
    assert client.post(f"/publications/{second.pk}/discard/").status_code == 409


def test_each_reader_sees_what_is_theirs(year):
    assert "Nothing is published yet" in read(as_(make_commission_member()), "/")
    version = year.published()
    page, member = f"/publications/{version.pk}/", as_(make_employer_member(year.employer))
    shown = read(member, page)
    assert "In total" in shown
    assert "What has changed since" not in shown
    assert "This measure has no parts here" in shown
    assert "Made by" not in shown
    assert f"{page}revise/" not in shown
    commission = read(as_(make_commission_member()), f"{page}?measure=schools")
    assert "By district" in commission
    assert "Does not add up" in commission
    assert f"{page}revise/" not in commission
    assert read(as_(make_commission_member()), f"{page}?measure=nonsense")
    assert page in as_(make_commission_member()).get("/").content.decode(), "its home leads to what is published"


def test_two_people_and_a_time_to_come(year, settings):
    settings.PUBLICATION_SIGN_OFF = True
    draft, coordinator = year.draft(), make_coordinator()
    page, client, other = f"/publications/{draft.pk}/", as_(year.by), as_(coordinator)
    cells.refresh()
    assert "ask for a sign-off" in client.post(f"{page}publish/", {"status": "final"}).content.decode()
    client.post(f"{page}ask/")
    assert "is asked to sign it off" in read(other, page)
    waiting = '/publications/?needs=sign-off"'
    assert waiting in other.get("/").content.decode()
    assert waiting not in client.get("/").content.decode()
    assert page in other.get("/publications/?needs=sign-off").content.decode()
    assert page not in client.get("/publications/?needs=sign-off").content.decode()
    assert f"{page}sign-off/" not in read(client, page), "nobody signs off what is their own"
    assert client.post(f"{page}sign-off/").status_code == 409
    other.post(f"{page}sign-off/")
    assert coordinator.name in read(client, page)
    assert waiting not in other.get("/").content.decode()
    past = {"status": "final", "day_day": "1", "day_month": "1", "day_year": "2020", "time": ""}
    assert "Choose a time to come" in client.post(f"{page}schedule/", past).content.decode()
    day = timezone.localdate() + timedelta(days=2)
    soon = {"day_day": day.day, "day_month": day.month, "day_year": day.year}
    client.post(f"{page}schedule/", past | soon)
    assert "It is published as final on" in read(client, page)
    draft.refresh_from_db()
    assert timezone.localtime(draft.scheduled_for).hour == 9
    client.post(f"{page}unschedule/")
    actions.schedule(by=year.by, publication=draft, status="final", at=timezone.now() + timedelta(milliseconds=50))
    while timezone.now() < (draft.scheduled_for or timezone.now()):
        pass
    tasks.publish_due()
    draft.refresh_from_db()
    assert draft.status == "final"
    client.post(f"{page}show/")
    assert Publication.objects.public().exists()
    client.post(f"{page}hide/")
    assert not Publication.objects.public().exists()


def test_files_hold_every_figure_and_no_formula(year):
    version, client = year.published(), as_(make_commission_member())
    address = f"/publications/{version.pk}/figures."
    rows = list(csv.DictReader(StringIO(client.get(f"{address}csv").content.decode("utf-8-sig"))))
    [placed] = [row for row in rows if (row["measure"], row["by"]) == ("placements_arranged", "total")]
    assert (placed["value"], placed["symbol"], placed["version"], placed["status"]) == ("85", "p", "1", "provisional")
    assert placed["definition"]
    [low] = [row for row in rows if (row["measure"], row["by"], row["key"]) == ("encounters_fsm", "total", "total")]
    assert (low["value"], low["symbol"]) == ("0", "x p")
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{address}xlsx").content))
    assert len(book.get_sheet_by_name("Figures").to_python()) == len(rows) + 1
    assert any("confidential" in str(row[0]) for row in book.get_sheet_by_name("Notes").to_python())
    assert client.get(f"{address}ods").content[:2] == b"PK"
    logged = ExportLog.objects.order_by("id").values_list("list_name", "filters", "rows", "format")
    assert [(*one[:2], one[3]) for one in logged] == [
        ("publication_file", "period=2016-17&version=1", form) for form in ("csv", "xlsx", "ods")
    ]
    assert {one[2] for one in logged} == {len(rows)}

    table = FigureTable("T", ["=1+1", "n"], [["@SUM(A1)", 2], ["-3", 1.5], [None, -4]], ["=note"])
    assert b"'=1+1" in as_csv(table)
    assert b"'@SUM" in as_csv(table)
    for file in (as_xlsx(table), as_ods(table)):
        sheet = CalamineWorkbook.from_filelike(BytesIO(file)).get_sheet_by_index(0)
        assert sheet.to_python() == [["'=1+1", "n"], ["'@SUM(A1)", 2], ["'-3", 1.5], ["", -4]]


def test_the_page_costs_the_same_however_much_there_is(year, django_assert_max_num_queries):
    version, client = year.published(), as_(year.by)
    opportunities.correct_placement(by=year.by, placement=year.placement, learners=82)
    page = f"/publications/{version.pk}/"
    client.get(page)
    with django_assert_max_num_queries(150) as first:
        client.get(page)
    for number in range(3):
        year.event(send=(None, None), title=f"Event {number}")
        year.draft(period=f"2017-0{number + 1}")
    cells.refresh()
    with django_assert_max_num_queries(len(first) + 8):
        client.get(page)
    with django_assert_max_num_queries(10):
        client.get("/publications/")
