"""Who fits whom, on the page: points in words, several given at once, and nothing typed is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from guilds.pledges import actions
from guilds.pledges.models import Allocation
from tests import factories as make
from tests.crm.views.sent import words

pytestmark = pytest.mark.django_db


def door(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def box(record) -> str:
    return f"give_{record.pk.hex}"


def send(client, name, record, shares, token="a"):
    sent = {box(row): str(number) for row, number in shares.items()}
    return client.post(reverse(name, args=[record.pk]), sent | {"form_token": token * 32})


def test_several_schools_are_given_places_at_once_and_what_they_asked_for_is_met():
    firth, glen = make.make_school("Firth School"), make.make_school("Glen School")
    asked, pledge = make.make_request(provider=firth, quantity=3), make.make_open_pledge(quantity=5)
    client = door(make.make_coordinator())
    html = words(client.get(reverse("pledge_match", args=[pledge.pk])))
    assert html.index("Firth School") < html.index("Glen School")
    assert "Met: Asks for this : Asks for 3" in html
    assert "Not met: Asks for this : Has not asked" in html

    for _ in range(2):
        done = send(client, "pledge_match", pledge, {firth: 3, glen: 2})
    assert done.status_code == 302
    parts = set(Allocation.objects.values_list("provider", "quantity", "status", "request"))
    assert parts == {(firth.pk, 3, "agreed", asked.pk), (glen.pk, 2, "agreed", None)}
    late = client.get(reverse("pledge_match", args=[pledge.pk]))
    assert (late.status_code, "All of this pledge is given already" in words(late)) == (409, True)


def test_too_many_is_said_beside_its_row_and_nothing_is_given():
    schools = [make.make_school() for _ in range(3)]
    pledge = make.make_open_pledge(quantity=5)
    client = door(make.make_coordinator())
    over = send(client, "pledge_match", pledge, dict.fromkeys(schools, 2))
    html = over.content.decode()

    assert over.status_code == 409
    assert "Only 1 remain of this pledge" in html
    assert [html.count(f'name="{box(school)}" value="2"') for school in schools] == [1, 1, 1]
    assert not Allocation.objects.exists()
    wrong = send(client, "pledge_match", pledge, {schools[0]: "some"})
    assert (wrong.status_code, "Write a whole number" in words(wrong)) == (422, True)
    nothing = send(client, "pledge_match", pledge, {schools[0]: ""})
    assert "Say beside one or more of the rows" in words(nothing)


def test_only_what_fits_unless_one_asks_for_more():
    thanet, dover = make.make_district(), make.make_district("E07000108", "Dover")
    make.make_school("Firth School", district=thanet)
    make.make_school("Glen School", district=dover)
    pledge = make.make_open_pledge(districts=[thanet])
    client, address = door(make.make_coordinator()), reverse("pledge_match", args=[pledge.pk])

    assert "Glen School" not in words(client.get(address))
    assert "it is for Thanet only" in words(client.get(address, {"partly": "yes"}))
    assert "Firth School" not in words(client.get(address, {"partly": "yes", "q": "glen"}))
    assert "Look at those that fit in part" in words(client.get(address, {"q": "nobody"}))


def test_a_request_takes_from_the_pledges_that_one_leads():
    asked = make.make_request(quantity=4)
    own, other = make.make_open_pledge(quantity=3), make.make_open_pledge(guild=make.make_guild("sciences"))
    client = door(make.make_coordinator())
    html = client.get(reverse("request_match", args=[asked.pk])).content.decode()
    assert (box(own) in html, box(other) in html) == (True, False)
    assert "Sciences leads it: ask its coordinator" in html

    send(client, "request_match", asked, {own: 3, other: 1})
    assert set(Allocation.objects.values_list("pledge", "provider", "quantity", "request")) == {
        (own.pk, asked.provider_id, 3, asked.pk)
    }
    actions.allocate(by=None, pledge=other, provider=asked.provider, quantity=1, request=asked)
    late = client.get(reverse("request_match", args=[asked.pk]))
    assert (late.status_code, "This request is met" in words(late)) == (409, True)


def test_pages_of_twenty_for_the_same_queries(django_assert_max_num_queries):
    pledge, client = make.make_open_pledge(), door(make.make_coordinator())
    address = reverse("pledge_match", args=[pledge.pk])

    def cost() -> int:
        with django_assert_max_num_queries(20) as queries:
            client.get(address)
        return len(queries)

    make.make_school("School 00")
    few = cost()
    for number in range(1, 22):
        make.make_school(f"School {number:02}")
    assert cost() == few
    second = words(client.get(address, {"page": "2"}))
    assert ("School 19" in second, "School 20" in second) == (False, True)
