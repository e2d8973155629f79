"""The page of public bodies: who reads it, what its totals and links say, and its file."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.crm.views.test_list_files import csv_of

pytestmark = pytest.mark.django_db
PAGE = "/organisations/public-sector/"


def add_body(name: str, headcount: int, starts: int) -> None:
    body = make.make_employer(name, headcount=headcount)
    make.make_apprenticeship(employer=body, status="started", positions=starts, starts_on=date(2017, 9, 4))


def test_it_is_for_the_team_and_the_commission(client):
    for reader, status in (
        (make.make_coordinator(), 200),
        (make.make_commission_member(), 200),
        (make.make_employer_member(), 403),
        (make.make_school_member(), 403),
    ):
        client.force_login(reader)
        assert client.get(PAGE).status_code == status, reader.role


@time_machine.travel("2018-05-01")
def test_totals_are_of_all_that_is_filtered_and_starts_open_their_rows(client):
    client.force_login(make.make_commission_member())
    for number in range(30):
        add_body(f"Body {number:02}", 1000 + number, 2)
    add_body("Village school", 40, 3)
    page = client.get(PAGE, {"year": "FY2017-18"})
    assert page.context["total"][:1] == (31,) and page.context["total"].started == 63
    assert len(page.context["listing"].rows) == 25 and page.context["listing"].rows[0].name == "Body 29"
    first = page.context["listing"].rows[0]
    assert sum(row.positions for row in client.get(first.starts_address).context["listing"].rows) == first.started == 2
    small = client.get(PAGE, {"year": "FY2017-18", "duty": "false"})
    assert (small.context["total"].bodies, str(small.context["reached"])) == (1, "300.0")
    assert client.get(PAGE).context["total"].started == 0, "this financial year begins in April 2018"
    assert client.get(PAGE, {"year": "2017-18"}).context["sound"] is False
    rows = csv_of(client.get(PAGE, {"year": "FY2017-18", "ordering": "name", "export": "csv"}))
    assert rows[0][:6] == ["Public body", "Headcount", "Target (2.3%)", "Started", "Still to start", "Reached (%)"]
    assert rows[-1][:7] == ["Village school", "40", "1", "3", "0", "300.0", "The county's own aim"]


def test_it_costs_as_many_queries_for_30_rows_as_for_3(client):
    client.force_login(make.make_coordinator())
    assert b"No organisation has a headcount yet" in client.get(PAGE).content
    for number in range(3):
        add_body(f"Body {number:02}", 1000, 2)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for number in range(27):
        add_body(f"More {number:02}", 1000, 2)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) == len(few) <= 8
