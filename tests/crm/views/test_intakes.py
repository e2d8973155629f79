"""The page of intakes: its numbers open lists of exactly what they count."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guilds.access.models import ExportLog
from tests import factories as make

pytestmark = pytest.mark.django_db
PAGE = "/apprenticeships/intakes/"


def fill() -> None:
    for guild in ("hospitality-tourism", "sciences"):
        for intake in ("september", "january", "april", "july", ""):
            for status in ("open", "filled", "closed_unfilled", "started"):
                days = {"starts_on": date(2017, 11, 1)} if status == "started" else {}
                make.make_apprenticeship(
                    guild=make.make_guild(guild), intake=intake, status=status, positions=2, opened_on=date(2017, 9, 2),
                    **days,
                )  # fmt: skip


def test_each_number_opens_what_it_counts_in_as_many_queries_for_many_as_for_few(client):
    client.force_login(make.make_coordinator())
    fill()
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE, {"year": "2017-18"})
    fill()
    with CaptureQueriesContext(connection) as many:
        page = client.get(PAGE, {"year": "2017-18"})
    assert len(many) == len(few) <= 15
    links = [link for table in page.context["tables"] for _, numbers in table["lines"] for link in numbers if link[0]]
    assert len(links) >= 40
    for number, address, _ in links[::5]:
        listed = client.get(address).context["listing"].rows
        assert sum(row.positions for row in listed) == number, parse_qs(urlsplit(address).query)


def test_the_year_as_a_file_has_each_guild_of_each_intake(client):
    client.force_login(make.make_coordinator())
    fill()
    page = client.get(PAGE, {"year": "2017-18"})
    assert 'href="?year=2017-18&amp;export=xlsx"' in page.content.decode()
    lines = client.get(PAGE, {"year": "2017-18", "export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Intake,Guild,Open,Filled,Started,Closed unfilled"
    assert (len(lines), lines[1]) == (11, "September 2017,Hospitality Tourism,2,2,2,2")
    assert client.get(PAGE, {"year": "1888-89", "export": "csv"}).context["form"].errors
    assert ExportLog.objects.get().list_name == "intakes"


def test_a_year_that_is_not_there_is_told_and_an_empty_one_says_so(client):
    client.force_login(make.make_employer_member())
    assert b"No positions of this academic year yet" in client.get(PAGE).content
    assert client.get(PAGE, {"year": "1888-89"}).context["form"].errors.keys() == {"year"}
    wrong = client.get("/apprenticeships/", {"year": "FY2017-18"})
    assert wrong.context["sound"] is False
