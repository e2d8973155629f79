"""Supported routes: how they went, what came of them, and how few are kept from those outside the team."""

from datetime import date

import pytest
from django.urls import reverse

from guilds.impact.periods import parse
from guilds.impact.supported import hidden, routes
from guilds.opportunities.outcomes import record_outcome
from tests.crm.views.sent import words
from tests.factories import make_administrator, make_apprenticeship, make_commission_member, make_placement

pytestmark = pytest.mark.django_db

PAGE = reverse("supported_routes")
START, END, LATER = date(2016, 10, 3), date(2017, 3, 31), date(2017, 9, 1)


def internship(learners: int, status: str = "completed", outcome: str = "", **fields):
    days = {"starts_on": START} | ({"ends_on": END} if status in ("completed", "withdrawn") else {})
    reason = {"reason": "Moved away"} if status == "withdrawn" else {}
    made = make_placement(programme="supported_internship", learners=learners, status=status, **reason, **days | fields)
    return record_outcome(by=None, record=made, outcome=outcome, on=LATER) if outcome else made


def page(client, user):
    client.force_login(user)
    return client.get(PAGE, {"period": "2016-17"})


def test_the_team_reads_all_of_it_and_says_what_came_of_them(client):
    internship(6, outcome="paid_work")
    waiting = internship(2, "withdrawn")
    internship(3, "started")
    internship(1, "did_not_attend")
    internship(9, "arranged")
    make_placement(programme="work_experience", learners=50, status="completed", starts_on=START, ends_on=END)
    assisted = {"assisted": True, "positions": 4, "status": "completed", "starts_on": START, "ends_on": END}
    record_outcome(by=None, record=make_apprenticeship(**assisted), outcome="none", on=LATER)
    make_placement(programme="assisted_apprenticeship", learners=1, status="started", starts_on=START)
    read = words(page(client, make_administrator()))
    assert "Supported internships 11 3 6 2 1" in read
    assert "Assisted apprenticeships 5 1 4 0 0" in read
    assert "Supported internships 8 6 0 0 0 0 2 100%, 6 of 6" in read
    assert "Assisted apprenticeships 4 0 0 0 0 4 0 0%, 0 of 4" in read
    address = reverse("placement_outcome", args=[waiting.pk])
    assert address in page(client, make_administrator()).content.decode()
    assert client.post(address, {"form_token": "a" * 32}).status_code == 422
    client.post(address, {"form_token": "b" * 32, "outcome": "learning"})
    waiting.refresh_from_db()
    assert waiting.outcome == "learning"
    assert address not in page(client, make_administrator()).content.decode()


def test_few_young_people_are_kept_from_others(client):
    internship(30, outcome="paid_work")
    internship(4, "withdrawn", "none")
    internship(20, "started")
    make_apprenticeship(assisted=True, positions=5, status="started", starts_on=START)
    read = words(page(client, make_commission_member()))
    assert "Assisted apprenticeships c c c c 0" in read
    assert "Supported internships 54 c 30 c 0" in read or "Supported internships 54 20 c c 0" in read
    assert "Supported internships c c c c c c c c" in read, "what became of them would say how many left early"
    assert "fewer than 10 young people" in read
    assert "what became of them?" not in read
    file = client.get(PAGE, {"period": "2016-17", "file": "csv"}).content.decode()
    assert "2016-17,Supported internships,total,all,Began,54" in file
    assert "2016-17,Supported internships,outcome,paid_work,In paid work,c" in file
    assert "2016-17,Assisted apprenticeships,total,all,Began,c" in file
    route = routes(parse("2016-17"))[0]
    assert hidden(route, below=1) == set()


def test_nobody_and_a_period_that_is_none(client):
    read = words(page(client, make_commission_member()))
    assert "Nobody began a supported internship" in read
    assert client.get(PAGE, {"period": "soon"}).status_code in (200, 422)
