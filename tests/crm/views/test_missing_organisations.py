"""Beside every picker an organisation that is not on our books is added, before the form is saved and with nothing lost."""

from datetime import date

import pytest
from django.urls import reverse

from guilds.access.invitation_actions import ask_to_join
from guilds.access.invitations import Invitation
from guilds.desk.actions import receive
from guilds.engagement.follow_ups import FollowUp
from guilds.engagement.models import Engagement
from guilds.opportunities.models import Placement
from guilds.organisations.models import Organisation
from guilds.pledges.adviser_actions import sign_up
from guilds.pledges.models import Pledge
from tests import factories as make
from tests.crm.views.sent import filled, words
from tests.crm.views.test_placements import parts
from tests.guilds.desk.test_actions import open_desk, wrote

pytestmark = pytest.mark.django_db

NEW = "/placements/new/"
SENT = {"employer_text": "Bay Hotle", "programme": "work_experience", "learners": "3", "form_token": "f" * 32}


@pytest.fixture
def coordinator(client):
    user = make.make_coordinator()
    client.force_login(user)
    return user


def added(client, address: str, sent: dict, box: str, **facts: str):
    """Press the button, describe it, add it; gives the page with the picker filled in, and what that sends."""
    opened = client.post(address, sent | {f"{box}_new": "open"})
    assert (opened.status_code, "There is a problem" in words(opened)) == (200, False)
    described = {f"{box}_new-{name}": value for name, value in facts.items()}
    page = client.post(address, sent | described | {f"{box}_new": "add"})
    found = Organisation.objects.get(name=facts["name"])
    assert f'name="{box}" value="{found.pk}"' in page.content.decode()
    return page, {box: str(found.pk), f"{box}_text": found.name}


def test_placement_of_an_employer_and_a_school_that_were_missing(client, coordinator):
    sent = SENT | parts("arranged_on", 1, 3, 2017) | {"status": "arranged"}
    opened = client.post(NEW, sent | {"employer_new": "open"}).content.decode()
    assert 'value="Bay Hotle"' in opened and 'name="learners" value="3"' in opened
    refused = client.post(NEW, sent | {"employer_new": "add", "employer_new-name": ""})
    assert refused.status_code == 422 and "Error:" in words(refused) and not Organisation.objects.exists()
    page, employer = added(client, NEW, sent, "employer", name="Bay Hotel")
    assert 'name="learners" value="3"' in page.content.decode()
    waiting = sent | employer | {"provider_new": "shown", "provider_new-name": "Hill School"}
    assert "Press “Add it” below for the school or college" in words(client.post(NEW, waiting))
    kind = {"provider_kind": "secondary"}
    _, provider = added(client, NEW, sent | employer, "provider", name="Hill School", **kind)
    client.post(NEW, sent | employer | provider)
    made = Placement.objects.get()
    assert (made.employer.name, made.provider.name, made.learners) == ("Bay Hotel", "Hill School", 3)


def test_pledge_follow_up_venue_and_member_have_it_and_who_may_add_nothing_has_not(client, coordinator):
    page, employer = added(client, "/pledges/new/", {"kind": "placement"}, "employer", name="Bay Hotel")
    assert "Whom to ask about it" in words(page)
    alike = {"organisation_new": "add", "organisation_new-name": "Bay Hotel"}
    assert "Is it one of these" in words(client.post(reverse("follow_up_new"), alike))
    member = added(client, f"/guilds/{make.make_guild().slug}/members/new/", {}, "organisation", name="Quay Café")
    assert "There is a problem" not in words(member[0])
    new = "/engagements/new/"
    whole, venue = added(client, new, filled(notes="Lift"), "venue", name="Pier Hall")
    assert "Lift" in whole.content.decode()
    client.post(new, filled() | venue)
    assert Engagement.objects.get().venue.name == "Pier Hall" and not FollowUp.objects.exists()

    client.force_login(make.make_employer_member())
    pressed = client.post("/pledges/new/", {"employer_new": "add", "employer_new-name": "Other"})
    assert "_new" not in pressed.content.decode() and not Organisation.objects.filter(name="Other").exists()


def test_adviser_entry_at_a_desk_and_people_asked_in_have_it_too(client, coordinator):
    waiting = sign_up(by=None, organisation=make.make_school("Hill School"), signed_up_on=date(2016, 10, 3))
    match = reverse("adviser_verb", args=[waiting.pk, "match"])
    added(client, match, {"version": "1"} | parts("matched_on", 9, 1, 2017), "employer", name="Lantern Bakery")

    facts = {"email": "una@hill.example", "role": "school", "form_token": "f" * 32}
    _, fort = added(client, reverse("invite"), facts, "organisation", name="Fort School", provider_kind="special")
    client.post(reverse("invite"), facts | fort)
    of = Invitation.objects.get().organisation
    assert (of.name, of.is_provider, of.is_employer) == ("Fort School", True, False), "as the role needs it"
    asked = ask_to_join(name="Ari", email="ari@abbey.example", role="employer", organisation_text="Abbey Brewery")
    let_in = reverse("join_request", args=[asked.pk])
    assert 'value="Abbey Brewery"' in client.post(let_in, {"organisation_new": "open"}).content.decode()
    assert added(client, let_in, {}, "organisation", name="Abbey Brewery")

    entry, _ = receive(desk=open_desk(), organisation_name="Quay Catring", **wrote())
    desk = f"/desks/{entry.desk_id}/entries/{entry.pk}/"
    assert 'value="Quay Catring"' in client.post(desk, {"other_new": "open"}).content.decode()
    described = {"other_new": "shown", "other_new-name": "Quay Catering", "decision": "accept"}
    for likely in ({}, {"employer": str(make.make_employer("Quay").pk)}):
        assert "Press “Add it” below for the employer" in words(client.post(desk, described | likely))
    refused = client.post(desk, {"other_new": "add", "other_new-name": ""})
    assert refused.status_code == 422 and "Error:" in words(refused)
    _, quay = added(client, desk, {}, "other", name="Quay Catering")
    assert client.post(desk, quay | {"decision": "accept"}).status_code == 302
    assert Pledge.objects.get().employer.name == "Quay Catering"

    client.force_login(make.make_employer_member())
    assert "_new" not in client.get(reverse("invite")).content.decode()
