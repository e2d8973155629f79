"""Hundreds of pledges in one go: exactly those that were shown, once, and what is refused is told."""

import pytest
from django.test import Client
from django.urls import reverse

from guilds.engagement.follow_ups import FollowUp
from guilds.pledges import actions
from guilds.pledges.models import Pledge
from tests import factories as make
from tests.crm.views.sent import words

pytestmark = pytest.mark.django_db
TOKEN = {"form_token": "a" * 32}


@pytest.fixture
def coordinator():
    return make.make_coordinator("hospitality-tourism")


def door(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def bulk(**asked) -> str:
    pairs = [f"{name}={one}" for name, value in asked.items() for one in ([value] if isinstance(value, str) else value)]
    return f"{reverse('pledge_bulk')}?{'&'.join(pairs)}"


def about(page) -> dict:
    return {"about": page.context["decided_on"]} | TOKEN


def test_all_that_fit_the_filters_are_verified_and_no_other(coordinator):
    made_at = make.make_engagement()
    pledges = [make.make_pledge(engagement=made_at) for _ in range(3)]
    make.make_pledge(engagement=made_at, guild=make.make_guild("sciences"))
    elsewhere = make.make_pledge()
    client, address = door(coordinator), bulk(verb="verify", all="1", engagement=str(made_at.pk))
    page = client.get(address)
    assert "Verify: 3 pledges" in words(page)
    assert "1 of those chosen stays as it is" in words(page)
    later = make.make_pledge(engagement=made_at)

    done = [client.post(address, about(page)) for _ in range(2)]
    assert [answer.headers["Location"] for answer in done] == [f"{reverse('pledge_list')}?engagement={made_at.pk}"] * 2
    assert set(Pledge.objects.open()) == set(pledges)
    assert {later.status, elsewhere.status} == {"unverified"}
    assert "3 of 3 pledges are verified" in words(client.get(done[0].headers["Location"]))


def test_the_chosen_are_rejected_with_a_reason_or_followed_up(coordinator):
    first, second, third = [make.make_pledge() for _ in range(3)]
    client, chosen = door(coordinator), [str(first.pk), str(second.pk)]
    page = client.get(bulk(verb="reject", chosen=chosen))
    assert "Enter" in words(client.post(bulk(verb="reject"), about(page)))
    client.post(bulk(verb="reject"), about(page) | {"reason": "A test of the form"})
    assert set(Pledge.objects.filter(status="rejected")) == {first, second}

    address = bulk(verb="follow-up", chosen=str(third.pk))
    sent = {"what": "Ring them", "due_on_day": "1", "due_on_month": "6", "due_on_year": "2030"}
    client.post(address, about(client.get(address)) | sent | {"assigned_to": coordinator.pk, "form_token": "b" * 32})
    assert FollowUp.objects.get(pledge=third).what == "Ring them"


def test_what_somebody_else_has_decided_meanwhile_is_told(coordinator):
    first, second = make.make_pledge(), make.make_pledge()
    client, address = door(coordinator), bulk(verb="verify", all="1")
    page = client.get(address)
    actions.reject(by=None, pledge=second, reason="No")
    landed = client.post(address, about(page), follow=True)

    assert "1 of 2 pledges are verified" in words(landed)
    assert "1 more stay as they are" in words(landed)
    assert (Pledge.objects.get(pk=first.pk).status, Pledge.objects.get(pk=second.pk).status) == ("open", "rejected")


def test_nothing_chosen_leads_back_and_a_list_offers_it_to_the_team_only(coordinator):
    make.make_pledge()
    client = door(coordinator)
    assert client.get(bulk(verb="verify")).headers["Location"] == reverse("pledge_list")
    assert client.get(bulk(verb="burn", all="1")).status_code == 404
    html = client.get(
        reverse("pledge_list"), {"needs": "unmatched", "stage": "verify", "whose": "mine"}
    ).content.decode()
    assert "Nothing fits these filters" in html
    assert 'action="/pledges/bulk/"' in client.get(reverse("pledge_list")).content.decode()
    employer = door(make.make_employer_member())
    assert 'action="/pledges/bulk/"' not in employer.get(reverse("pledge_list")).content.decode()
    assert employer.get(bulk(verb="verify", all="1")).status_code == 403


def test_hundreds_cost_no_more_queries_than_a_few(coordinator, django_assert_max_num_queries):
    for _ in range(30):
        make.make_pledge()
    client, address = door(coordinator), bulk(verb="verify", all="1")
    with django_assert_max_num_queries(12):
        page = client.get(address)
    with django_assert_max_num_queries(40):
        client.post(address, about(page))
    assert Pledge.objects.open().count() == 30
