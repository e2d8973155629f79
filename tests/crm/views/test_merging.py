"""Likely duplicates on pages: offered, compared, merged, undone, told apart; only by those who care for both."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm import tasks
from guilds.merging.finding import find_duplicates
from guilds.merging.models import DuplicatePair, Merge
from guilds.organisations import actions as registry
from guilds.organisations.models import Organisation
from tests import factories as make

pytestmark = pytest.mark.django_db
LIST = "/organisations/duplicates/"


@pytest.fixture
def pair():
    thanet = make.make_district()
    return [make.make_employer(name, identifiers=[], district=thanet) for name in ("Bay Hotel", "Bay Hotel Ltd")]


@pytest.fixture
def coordinator(client):
    user = make.make_coordinator()
    client.force_login(user)
    return user


def compare(one, other) -> str:
    return reverse("organisation_compare", args=[one.pk, other.pk])


def test_pairs_are_offered_compared_and_merged_once_and_undone(client, coordinator, pair):
    one, other = pair
    make.make_open_pledge(employer=other)
    find_duplicates()
    assert compare(*pair).encode() in client.get(LIST).content
    content = client.get(compare(*pair)).content.decode()
    assert "Pledges" in content and "Bay Hotel Ltd" in content
    for _ in range(2):
        response = client.post(compare(*pair), {"winner": str(one.pk), "reason": "", "form_token": "once"})
        assert response["Location"] == reverse("organisation_detail", args=[one.pk])
    merge = Merge.objects.get()
    assert one.pledges.count() == 1 and compare(*pair).encode() not in client.get(LIST).content
    undo = reverse("organisation_merge_undo", args=[merge.pk])
    assert undo.encode() in client.get(response["Location"]).content and b"Pledges" in client.get(undo).content
    assert client.post(undo).status_code == 302
    assert other.pledges.count() == 1 and Organisation.objects.get(pk=other.pk).status == "active"
    again = client.post(undo)
    assert again.status_code == 409 and b"undone already" in again.content


def test_what_can_not_be_undone_any_more_is_said_in_words(client, coordinator, pair):
    one, other = pair
    contact = make.make_contact(other)
    client.post(compare(*pair), {"winner": str(one.pk)})
    contact.refresh_from_db()
    registry.correct_contact(by=None, contact=contact, role="Manager")
    response = client.post(reverse("organisation_merge_undo", args=[Merge.objects.get().pk]))
    assert response.status_code == 409 and b"changed since: contact Sam Example" in response.content


def test_refusals_stand_beside_the_choice(client, coordinator, pair):
    one, other = pair
    registry.close(by=None, organisation=one, reason="Gone")
    response = client.post(compare(*pair), {"winner": str(one.pk), "reason": "Same people"})
    assert b"keep the one that is active" in response.content and b"Same people" in response.content
    assert client.post(compare(*pair), {}).context["form"].errors.keys() == {"winner"}


def test_not_a_duplicate_is_remembered(client, coordinator, pair):
    find_duplicates()
    client.post(reverse("organisation_tell_apart", args=[pair[1].pk, pair[0].pk]))
    find_duplicates()
    assert DuplicatePair.objects.get().different
    assert b"No records look like duplicates" in client.get(LIST).content


def test_any_two_may_be_compared_from_their_page(client, coordinator, pair):
    address = reverse("organisation_merge", args=[pair[0].pk])
    assert address.encode() in client.get(reverse("organisation_detail", args=[pair[0].pk])).content
    assert client.post(address, {"other": str(pair[1].pk), "other_text": pair[1].name})["Location"] == compare(*pair)
    assert b"There is no organisation" in client.post(address, {"other_text": "Nobody and Sons"}).content


def test_only_those_who_care_for_both_merge(client, pair):
    make.make_membership(pair[0], "sciences")
    find_duplicates()
    client.force_login(make.make_coordinator("engineering-manufacturing"))
    content = client.get(LIST).content
    assert b"For the coordinators of its guilds" in content and compare(*pair).encode() not in content
    addresses = [compare(*pair), reverse("organisation_tell_apart", args=[one.pk for one in pair])]
    for address in addresses:
        assert client.post(address, {"winner": str(pair[0].pk)}).status_code == 403
    for member in (make.make_commission_member(), make.make_employer_member(pair[0])):
        client.force_login(member)
        assert client.get(LIST).status_code == 403
        for address in addresses:
            assert client.post(address, {"winner": str(pair[0].pk)}).status_code in (403, 404)
    assert not Merge.objects.exists()


def test_list_costs_as_many_queries_for_many_pairs(client, coordinator, pair):
    find_duplicates()
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _ in range(3):
        make.make_employer("Bay Hotel", identifiers=[], district=pair[0].district)
    find_duplicates()
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(LIST).context["rows"]) == 10
    assert len(many) == len(few) <= 12


def test_looking_again_is_asked_of_the_queue(client, coordinator, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks, "ask", lambda task, *ids: asked.append(task.name) or True)
    assert client.post(LIST).status_code == 302
    assert asked == ["crm.tasks.find_duplicates"]
