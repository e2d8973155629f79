"""Those who sign in: who sees whom, who changes whom, and at what cost."""

from itertools import count

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guilds.access.models import User
from tests import factories as make
from tests.crm.views.sent import words

pytestmark = pytest.mark.django_db
TOKEN = {"form_token": "e" * 32}
_tokens = count(1)


def door(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def listed(user) -> set[str]:
    return {row.name for row in door(user).get(reverse("people")).context["listing"].rows}


def press(user, verb: str, person, **more):
    sent = {"form_token": f"{next(_tokens):032}"} | more
    return door(user).post(reverse("person_verb", args=[person.pk, verb]), sent)


def test_everybody_sees_those_whom_they_look_after():
    own, foreign = make.make_employer(), make.make_employer()
    make.make_membership(own, "hospitality-tourism")
    make.make_membership(foreign, "sciences")
    first, second, other = (make.make_employer_member(org) for org in (own, own, foreign))
    coordinator = make.make_coordinator("hospitality-tourism")

    assert listed(first) == {first.name, second.name}
    assert listed(coordinator) == {first.name, second.name, coordinator.name}
    assert other.name in listed(make.make_administrator())
    assert door(second).get(reverse("people")).status_code == 403
    for reader in (first, coordinator):
        assert door(reader).get(reverse("person", args=[other.pk])).status_code == 404
        assert press(reader, "close", other).status_code == 404


def test_the_list_costs_the_same_however_many_there_are():
    client = door(make.make_administrator())

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("people"))
        return len(queries)

    make.make_coordinator()
    few = cost()
    for _ in range(4):
        make.make_coordinator("sciences", "hospitality-tourism")
        make.make_employer_member()
    assert cost() == few


def test_an_organisations_administrator_closes_a_colleagues_account_but_not_the_own():
    chief = make.make_employer_member()
    colleague = make.make_employer_member(chief.organisation)
    inside = door(colleague)
    assert press(chief, "close", colleague, reason="Has left").status_code == 302
    assert inside.get("/account/").status_code == 302
    assert press(chief, "close", chief).status_code == 403
    assert "Account closed" in words(door(chief).get(reverse("person", args=[colleague.pk])))
    assert press(chief, "open", colleague).status_code == 302
    press(chief, "appoint", colleague)
    colleague.refresh_from_db()
    assert (colleague.is_active, colleague.is_organisation_administrator) == (True, True)
    assert door(chief).get(reverse("person_correct", args=[colleague.pk])).status_code == 403
    assert press(chief, "second-step", colleague).status_code == 403
    assert press(chief, "nonsense", colleague).status_code == 404


def test_an_administrator_changes_a_role_and_that_signs_out():
    admin, person = make.make_administrator(), make.make_commission_member()
    make.make_guild("sciences")
    inside, client = door(person), door(admin)
    address = reverse("person_correct", args=[person.pk])
    wrong = client.post(address, {"name": "Pat", "email": person.email, "role": "employer", "version": 1, **TOKEN})
    assert wrong.status_code == 422
    assert "belong to an organisation" in words(wrong)
    client.post(address, {"name": "Pat", "email": person.email, "role": "coordinator", "guilds": ["sciences"],
                          "version": 1, **TOKEN})  # fmt: skip
    person = User.objects.get(pk=person.pk)
    assert (person.role, person.guild_slugs) == ("coordinator", {"sciences"})
    assert inside.get("/account/").status_code == 302
    overtaken = client.post(address, {"name": "Q", "email": person.email, "role": "commission", "version": 1,
                                      "form_token": "9" * 32})  # fmt: skip
    assert overtaken.status_code == 409
    assert "corrected it" in words(client.get(reverse("person", args=[person.pk])))


def test_a_lost_second_step_is_removed_by_an_administrator_and_history_tells():
    admin, person = make.make_administrator(), make.make_coordinator()
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    inside = door(person)
    assert "Authenticator app" in words(door(admin).get(reverse("person", args=[person.pk])))
    press(admin, "second-step", person)
    assert not Authenticator.objects.exists()
    assert inside.get("/account/").status_code == 302
    assert "removed the second step" in words(door(admin).get(reverse("person", args=[person.pk])))
    assert door(admin).get(reverse("person_verb", args=[person.pk, "second-step"])).status_code == 409
