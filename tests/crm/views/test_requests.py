"""Pages of requests: a school asks for itself, the team for one, and each ends in its own way."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from guilds.pledges import actions
from guilds.pledges.requests import Request
from tests import factories as make
from tests.crm.views.sent import words

pytestmark = pytest.mark.django_db
TOKEN = {"form_token": "a" * 32}


def door(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asking(**more) -> dict:
    return {"kind": "placement", "quantity": "4", **TOKEN} | more


def test_a_school_asks_for_itself_once_whatever_it_sends():
    school, other = make.make_school("Firth School"), make.make_school("Glen School")
    client = door(make.make_school_member(school))
    sent = asking(provider_text=other.name, year_groups=["10"], level="2", for_send="on", note="A kitchen")
    for _ in range(2):
        response = client.post(reverse("request_new"), sent)

    asked = Request.objects.get()
    assert response.headers["Location"] == reverse("request_detail", args=[asked.pk])
    assert (asked.provider, asked.quantity, asked.year_groups, asked.level) == (school, 4, ["10"], 2)
    html = client.get(response.headers["Location"]).content.decode()
    assert "4 work placements" in html
    assert "For young people with special educational needs" in html
    assert reverse("request_match", args=[asked.pk]) not in html


def test_the_team_asks_for_a_school_and_mistakes_lose_nothing():
    make.make_school("Firth School")
    client = door(make.make_coordinator())
    nobody = client.post(reverse("request_new"), asking(provider_text="Nobody School", note="A kitchen"))
    days = {f"wanted_{end}_{part}": value for end, month in (("from", "6"), ("until", "5"))
            for part, value in (("day", "1"), ("month", month), ("year", "2030"))}  # fmt: skip
    turned = client.post(reverse("request_new"), asking(provider_text="firth school", **days))

    assert "There is no school or college" in words(nobody)
    assert "A kitchen" in nobody.content.decode()
    assert "must not be before the first" in words(turned)
    assert not Request.objects.exists()
    client.post(reverse("request_new"), asking(provider_text="firth school"))
    assert Request.objects.get().provider.name == "Firth School"


def test_the_list_shows_what_is_left_and_narrows():
    met, thanet = make.make_request(provider=make.make_school("Met School")), make.make_district()
    make.make_request(provider=make.make_school("Open School", district=thanet), guild=make.make_guild("sciences"))
    actions.allocate(by=None, pledge=make.make_open_pledge(), provider=met.provider, quantity=4, request=met)
    client = door(make.make_coordinator())

    def found(**asked) -> set[str]:
        html = client.get(reverse("request_list"), asked).content.decode()
        return {name for name in ("Met School", "Open School") if name in html}

    assert found() == {"Met School", "Open School"}
    assert found(status="met") == found(whose="mine") == {"Met School"}
    assert found(status="open") == found(district=thanet.code) == found(guild="sciences") == {"Open School"}
    assert found(suits="send") == set()
    assert "Met" in client.get(reverse("request_list"), {"export": "csv"}).getvalue().decode()


def test_the_list_and_a_request_cost_the_same_for_many(django_assert_max_num_queries):
    asked = make.make_request(quantity=50)
    client = door(make.make_coordinator())

    def costs() -> list[int]:
        found = []
        for address in (reverse("request_list"), reverse("request_detail", args=[asked.pk])):
            with django_assert_max_num_queries(20) as queries:
                client.get(address)
            found.append(len(queries))
        return found

    few = costs()
    for _ in range(5):
        make.make_request()
        actions.allocate(by=None, pledge=make.make_open_pledge(), provider=asked.provider, quantity=1, request=asked)
    assert costs() == few


def test_corrected_withdrawn_and_opened_again_by_the_school_closed_by_the_team():
    asked = make.make_request()
    school, team = door(make.make_school_member(asked.provider)), door(make.make_coordinator())

    def at(name: str, **sent) -> int:
        client = team if name == "close" else school
        address = reverse(
            "request_correct" if name == "correct" else "request_verb", args=[asked.pk, name][: 1 + (name != "correct")]
        )
        status = client.post(address, {"reason": "Because", "form_token": uuid4().hex} | sent).status_code
        asked.refresh_from_db()
        return status

    assert at("correct", kind="placement", quantity="6", version="1") == 302
    assert at("correct", kind="placement", quantity="8", version="1") == 409
    assert (asked.quantity, at("withdraw"), asked.status) == (6, 302, "withdrawn")
    assert at("close") == 409
    assert (at("reopen"), at("close"), asked.status) == (302, 302, "closed")
    assert "Because" in words(school.get(reverse("request_detail", args=[asked.pk])))
