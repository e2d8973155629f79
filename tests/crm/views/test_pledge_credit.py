"""Crediting on the pledge's page: what has happened, is that employer's and is credited to nothing yet."""

import pytest
from django.test import Client
from django.urls import reverse

from guilds.audit.models import Event
from guilds.pledges import actions
from guilds.pledges.models import Delivery, Pledge
from tests import factories as make
from tests.crm.views.sent import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    client = Client()
    client.force_login(make.make_coordinator("hospitality-tourism"))
    return client


def test_a_placement_is_credited_to_a_part_once_and_taken_back_with_a_reason(client):
    pledge = make.make_open_pledge(quantity=3)
    part = actions.allocate(by=None, pledge=pledge, provider=make.make_school(), quantity=3)
    done = make.make_placement(employer=pledge.employer, learners=3, status="completed")
    make.make_placement(employer=pledge.employer)
    make.make_placement(status="completed")
    address = reverse("pledge_credit", args=[pledge.pk])
    page = client.get(address)
    assert list(page.context["form"].fields["what"].queryset) == [done]

    sent = {"what": str(done.pk), "allocation": str(part.pk), "form_token": "a" * 32}
    for _ in range(2):
        client.post(address, sent)
    delivery = Delivery.objects.get()
    assert (delivery.placement, delivery.allocation) == (done, part)
    assert "Fulfilled" in words(client.get(reverse("pledge_detail", args=[pledge.pk])))
    assert "no placement of this employer that has started" in words(client.get(address))

    undo = reverse("pledge_uncredit", args=[pledge.pk, delivery.pk])
    assert undo in client.get(reverse("pledge_detail", args=[pledge.pk])).content.decode()
    assert "Say why" in words(client.post(undo, {"form_token": "b" * 32}))
    client.post(undo, {"reason": "Another pledge", "form_token": "b" * 32})
    assert Event.objects.get(verb="uncredited").reason == "Another pledge"
    assert Pledge.objects.with_progress().get(pk=pledge.pk).standing == "open"
    assert client.get(undo).status_code == 404


def test_an_engagement_says_how_many_of_what_was_promised(client):
    pledge = make.make_open_pledge(kind="workshop", quantity=2)
    parts = {"participations": [{"employer": pledge.employer}]}
    held = make.make_engagement(title="Bread day", kind="workshop", status="delivered", **parts)
    make.make_engagement(title="Planned", **parts)
    address = reverse("pledge_credit", args=[pledge.pk])
    assert list(client.get(address).context["form"].fields["what"].queryset) == [held]

    assert "There is a problem" in words(client.post(address, {"what": str(held.pk), "quantity": "0"}))
    client.post(address, {"what": str(held.pk), "quantity": "2", "form_token": "a" * 32})
    assert Delivery.objects.get().quantity == 2


def test_what_was_never_verified_is_credited_nothing(client):
    page = client.get(reverse("pledge_credit", args=[make.make_pledge().pk]))
    assert (page.status_code, "verify it before" in words(page)) == (409, True)
    lapsed = make.make_pledge(status="lapsed", kind="apprenticeship")
    assert "no apprenticeship of this employer" in words(client.get(reverse("pledge_credit", args=[lapsed.pk])))
