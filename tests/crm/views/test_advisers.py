"""Enterprise advisers: who waits, who is matched, and what a coordinator does about it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from guilds.impact.periods import academic_year
from guilds.impact.targets import set_target
from guilds.pledges.adviser_actions import match_adviser, sign_up
from guilds.pledges.advisers import AdviserPlace
from tests.crm.views.sent import words
from tests.factories import (
    make_commission_member,
    make_contact,
    make_coordinator,
    make_employer,
    make_open_pledge,
    make_school,
)

pytestmark = pytest.mark.django_db

LIST = reverse("adviser_list")


def day(name: str, when: date) -> dict[str, str]:
    return {f"{name}_day": str(when.day), f"{name}_month": str(when.month), f"{name}_year": str(when.year)}


def waiting(name="Waiting School", since=date(2016, 10, 3), **fields) -> AdviserPlace:
    return sign_up(by=None, organisation=make_school(name, **fields), signed_up_on=since)


def test_waiting_ones_come_first_and_the_commission_reads_no_names_of_people(client):
    employer = make_employer("Lantern Bakery")
    adviser = make_contact(employer, name="Una Adviser")
    match_adviser(by=None, place=waiting("Matched School", date(2016, 9, 1), coastal=True), employer=employer, contact=adviser,
                  matched_on=date(2017, 1, 9))  # fmt: skip
    waiting()
    client.force_login(make_commission_member())
    answer = client.get(LIST)
    read = words(answer)
    assert read.index("Waiting School") < read.index("Matched School Matched 1 Sep 2016 Lantern Bakery 9 Jan 2017")
    assert "2 schools signed up" in read and "1 of them matched" in read
    detail = reverse("adviser_detail", args=[AdviserPlace.objects.get(status="matched").pk])
    for shown in (read, words(client.get(detail))):
        assert "Una Adviser" not in shown
    assert "Waiting School" not in words(client.get(LIST, {"coastal": "true"}))
    client.force_login(make_coordinator())
    assert "Una Adviser" in words(client.get(LIST)) and "Una Adviser" in words(client.get(detail))


def test_a_coordinator_signs_up_matches_and_ends(client):
    client.force_login(make_coordinator())
    school, employer = make_school("Hill School"), make_employer("Lantern Bakery")
    promise = make_open_pledge(employer=employer, kind="enterprise_adviser", quantity=1)
    adviser = make_contact(employer)
    sent = {"form_token": "a" * 32, "organisation_text": "Hill School"} | day("signed_up_on", date(2016, 10, 3))
    assert client.post(reverse("adviser_new"), sent).status_code == 302
    place = AdviserPlace.objects.get(organisation=school)
    again = client.post(reverse("adviser_new"), sent | {"form_token": "b" * 32})
    assert again.status_code == 422 and "This school is signed up already" in words(again)

    verb = {name: reverse("adviser_verb", args=[place.pk, name]) for name in ("match", "end", "withdraw")}
    assert "Lantern Bakery: Sam Example" in words(client.get(verb["match"]))
    assert client.get(verb["end"]).status_code == 409, "nobody advises it yet"
    match = {"form_token": "c" * 32, "employer_text": "Lantern Bakery", "contact": str(adviser.pk), "pledge": str(promise.pk),
             "version": "1"} | day("matched_on", date(2017, 1, 9))  # fmt: skip
    assert client.post(verb["match"], match | day("matched_on", date(2016, 1, 9))).status_code == 422
    assert client.post(verb["match"], match).status_code == 302
    place.refresh_from_db()
    assert (place.status, place.employer, place.contact, place.pledge) == ("matched", employer, adviser, promise)
    end = {"form_token": "d" * 32, "reason": ""} | day("ended_on", date(2017, 6, 1))
    assert client.post(verb["end"], end).status_code == 422
    assert client.post(verb["end"], end | {"reason": "Moved away"}).status_code == 302
    assert "ended it" in words(client.get(reverse("adviser_detail", args=[place.pk])))


def test_targets_stand_beside_and_many_cost_the_same(client, django_assert_max_num_queries):
    client.force_login(make_coordinator())
    assert "No school has signed up yet" in words(client.get(LIST))
    counts = []
    for n in range(3):
        waiting(f"School {n}")
        with django_assert_max_num_queries(30) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[1] == counts[2]
    year = academic_year(timezone.localdate()).slug
    set_target(by=None, measure="adviser_schools_signed_up", period=year, value=20)
    assert "3 schools signed up, of 20 aimed at this year" in words(client.get(LIST))
