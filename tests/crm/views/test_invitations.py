"""Inviting, and the page behind the link: opening it does nothing, its button lets in once, a code proves the address."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guilds.access import invitation_actions as actions
from guilds.access.invitations import Invitation
from guilds.access.models import Role, User
from tests import factories as make
from tests.crm.views.sent import words

pytestmark = pytest.mark.django_db
TOKEN = {"form_token": "b" * 32}
NEW = "una@harbour.example"


def door(user=None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def link() -> str:
    return re.search(r"/invitations/[\w-]+/", mail.outbox[-1].body)[0]


def invite(user, **more):
    return door(user).post(reverse("invite"), {"email": NEW, **TOKEN} | more)


def test_from_a_contact_to_signed_in():
    coordinator, employer = make.make_coordinator(), make.make_employer()
    contact = make.make_contact(employer, email=NEW, name="Una New")
    client = door(coordinator)
    page = client.get(f"{reverse('invite')}?contact={contact.pk}").content.decode()
    assert f'value="{NEW}"' in page
    assert employer.name in page
    client.post(f"{reverse('invite')}?contact={contact.pk}",
                {"email": NEW, "name": "Una New", "role": "employer", "organisation_text": employer.name, **TOKEN})  # fmt: skip
    assert mail.outbox[-1].to == [NEW]
    address, guest = link(), door()

    for _ in range(3):
        assert "You are invited" in words(guest.get(address))
    assert guest.head(address).status_code in (200, 405)
    assert not User.objects.filter(email=NEW).exists()
    unsure = guest.post(address, {"name": ""})
    assert unsure.status_code == 422
    assert "Tick the box" in words(unsure)
    accepted = guest.post(address, {"name": "Una", "agrees": "on"})
    code = re.search(r"\b\d{6}\b", mail.outbox[-1].body)[0]
    assert mail.outbox[-1].to == [NEW]
    assert "_auth_user_id" not in guest.session
    signed_in = guest.post(accepted.url, {"code": code})
    assert signed_in.url == "/"
    user = User.objects.get(email=NEW)
    assert (user.organisation, user.name, guest.session["_auth_user_id"]) == (employer, "Una", str(user.pk))
    replay = door()
    assert replay.post(address, {"name": "Eve", "agrees": "on"}).status_code == 404
    assert replay.get(address).status_code == 404
    assert "ask to join" in words(replay.get(address))


def test_links_that_do_not_work_all_say_the_same(time_machine):
    time_machine.move_to("2027-03-01 10:00:00+00:00", tick=False)
    invitation, token = actions.invite(by=None, email=NEW, role="employer", organisation=make.make_employer())
    time_machine.shift(timedelta(days=14, seconds=1))
    late = door().get(reverse("invitation", args=[token]))
    guessed = door().get(reverse("invitation", args=["x" * 43]))
    assert (late.status_code, words(late)) == (guessed.status_code, words(guessed)) == (404, words(late))


def test_an_organisations_administrator_invites_colleagues_only():
    member = make.make_employer_member()
    other = make.make_employer()
    assert "organisation" not in door(member).get(reverse("invite")).context["form"].fields
    invite(member, role="administrator", organisation_text=other.name)
    invitation = Invitation.objects.get()
    assert (invitation.organisation, invitation.role) == (member.organisation, Role.EMPLOYER)
    colleague = make.make_employer_member(member.organisation)
    assert invite(colleague, email="x@y.example").status_code == 403
    assert door(member).get(f"{reverse('invite')}?organisation={other.pk}").status_code == 404


def test_a_coordinator_invites_no_staff_and_nobody_of_organisations_of_other_guilds():
    coordinator, others = make.make_coordinator("hospitality-tourism"), make.make_employer()
    make.make_membership(others, "sciences")
    foreign = invite(coordinator, role="employer", organisation_text=others.name)
    staff = invite(coordinator, role="administrator")
    assert foreign.status_code == staff.status_code == 422
    assert "your guilds work with" in words(foreign)
    assert NEW in foreign.content.decode()
    assert not Invitation.objects.exists()
    assert invite(make.make_administrator(), role="administrator").status_code == 302


def test_all_invitations_are_listed_by_what_became_of_them_to_those_who_see_them(django_assert_max_num_queries):
    own, me = make.make_employer("Own Hotel"), make.make_coordinator()
    make.make_membership(own)
    for number in range(8):
        actions.invite(by=me, email=f"guest{number}@harbour.example", name="", role="employer", organisation=own)
    Invitation.objects.filter(email__startswith="guest0").update(expires_at=timezone.now() - timedelta(days=1))
    actions.revoke(by=me, invitation=Invitation.objects.get(email__startswith="guest1"))
    far = make.make_employer()
    make.make_membership(far, "sciences")
    actions.invite(by=None, email="far@sea.example", name="", role="employer", organisation=far)
    list_of = reverse("invitation_list")

    def listed(user, query="") -> list[str]:
        page = door(user).get(f"{list_of}{query}")
        return [row.email.split("@")[0] for row in page.context["listing"].rows]

    assert len(listed(me)) == 8 and len(listed(make.make_administrator())) == 9
    assert listed(me, "?status=expired") == ["guest0"] and listed(me, "?status=revoked") == ["guest1"]
    assert len(listed(me, "?status=open")) == 6
    head, clerk = make.make_employer_member(own), make.make_employer_member(own)
    assert len(listed(head)) == 8 and door(clerk).get(list_of).status_code == 403
    assert listed(make.make_coordinator("sciences")) == ["far"]
    file = b"".join(door(me).get(f"{list_of}?export=csv&status=expired").streaming_content).decode()
    assert "guest0@harbour.example" in file and "Expired" in file
    with django_assert_max_num_queries(24):
        page = words(door(me).get(reverse("people")))
    assert "These are the newest 5" in page and "All invitations" in page


def test_again_and_back_only_for_those_who_see_it():
    member = make.make_employer_member()
    invitation, old = actions.invite(by=member, email=NEW, role="employer", organisation=member.organisation)
    again, back = (
        reverse("invitation_verb", kwargs={"pk": invitation.pk, "verb": verb}) for verb in ("again", "revoke")
    )
    assert door(make.make_employer_member()).post(back, TOKEN).status_code == 404
    client = door(member)
    assert Invitation.objects.get().status == "open"
    client.post(again, TOKEN)
    assert old not in mail.outbox[-1].body
    assert door().get(link()).status_code == 200
    assert "Send again" in words(client.get(reverse("people")))
    client.post(back, TOKEN | {"form_token": "c" * 32})
    assert door().get(link()).status_code == 404
    assert client.get(again).status_code == 409


def test_mail_that_may_not_go_is_told_and_the_invitation_stays():
    employer = make.make_employer()
    make.make_contact(employer, email=NEW, do_not_contact=True)
    answer = door(make.make_administrator()).post(
        reverse("invite"), {"email": NEW, "role": "employer", "organisation_text": employer.name, **TOKEN}, follow=True
    )
    assert "could not be sent" in words(answer)
    assert mail.outbox == []
    assert Invitation.objects.count() == 1
