"""Asking to join: the same answer for everybody, not too often; a coordinator decides."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from guilds.access.invitations import Invitation, JoinRequest
from tests import factories as make
from tests.crm.views.sent import words

pytestmark = pytest.mark.django_db
TOKEN = {"form_token": "d" * 32}
SAID = {"name": "Ari Asker", "email": "ari@hill.example", "role": "school", "organisation_text": "Hill Fort School"}


def door(user=None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def test_known_and_unknown_get_the_same_answer():
    known = make.make_school_member()
    answers = [
        door().post(reverse("join"), SAID | {"email": email}, follow=True) for email in (known.email, SAID["email"])
    ]

    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert words(answers[0]) == words(answers[1])
    assert [request.email for request in JoinRequest.objects.all()] == [SAID["email"]]
    assert mail.outbox == []


def test_mistakes_keep_what_was_typed_and_asking_too_often_ends():
    client = door()
    wrong = client.post(reverse("join"), SAID | {"email": "nonsense"})
    assert wrong.status_code == 422
    assert "Ari Asker" in wrong.content.decode()
    statuses = [client.post(reverse("join"), SAID | {"organisation_text": f"School {n}"}).status_code for n in range(6)]
    assert statuses == [302] * 5 + [429]


def test_a_coordinator_finds_the_organisation_and_invites():
    school = make.make_school("Hill Fort School")
    client = door(make.make_coordinator())
    door().post(reverse("join"), SAID)
    asked = JoinRequest.objects.get()
    assert "1 request to join" in words(client.get("/"))
    assert "Hill Fort School" in words(client.get(f"{reverse('join_requests')}?status=waiting"))
    page = client.get(reverse("join_request", args=[asked.pk]))
    assert str(school.pk) in page.content.decode()
    client.post(reverse("join_request", args=[asked.pk]), {"organisation_text": "Hill Fort School", **TOKEN})

    assert Invitation.objects.get().organisation == school
    assert mail.outbox[-1].to == [SAID["email"]]
    assert "Invited" in words(client.get(reverse("join_request", args=[asked.pk])))
    assert client.get(reverse("join_decline", args=[asked.pk])).status_code == 409


def test_a_coordinator_declines_with_a_reason_that_is_sent():
    make.make_school("Another School")
    door().post(reverse("join"), SAID)
    asked = JoinRequest.objects.get()
    client = door(make.make_coordinator())
    assert "Nothing here is called like this" in words(client.get(reverse("join_request", args=[asked.pk])))
    assert client.post(reverse("join_decline", args=[asked.pk]), TOKEN).status_code == 422
    client.post(reverse("join_decline", args=[asked.pk]), {"reason": "Ask your head first", **TOKEN})

    assert "Ask your head first" in mail.outbox[-1].body
    assert JoinRequest.objects.get().status == "declined"
    assert not Invitation.objects.exists()


def test_members_do_not_decide():
    member = make.make_school_member()
    door().post(reverse("join"), SAID)
    assert door(member).get(reverse("join_requests")).status_code == 403
    assert door(member).get(reverse("join_request", args=[JoinRequest.objects.get().pk])).status_code == 404
