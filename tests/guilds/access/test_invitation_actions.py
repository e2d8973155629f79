"""Who may be asked in, how often a link works, and what becomes of those who ask."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from guilds.access import invitation_actions as actions
from guilds.access.invitations import Invitation, JoinRequest
from guilds.access.models import Role, User
from guilds.audit.models import Event
from guilds.audit.refusals import Conflict
from tests import factories as make

pytestmark = pytest.mark.django_db


def invited(**fields):
    organisation = fields.pop("organisation", None) or make.make_employer()
    return actions.invite(**{"by": make.make_coordinator(), "email": "New@Harbour.example", "role": "employer",
                             "organisation": organisation} | fields)  # fmt: skip


def refused(act) -> dict:
    with pytest.raises(ValidationError) as refusal:
        act()
    return refusal.value.message_dict


def test_a_link_lets_in_once_and_the_first_looks_after_those_who_follow():
    invitation, token = invited(name="Una New")
    assert (invitation.email, invitation.standing) == ("new@harbour.example", "open")
    assert token not in str(Invitation.objects.values().get())
    user = actions.accept(token=token, name="Una New")

    assert (user.organisation, user.role, user.is_organisation_administrator) == (
        invitation.organisation, Role.EMPLOYER, True)  # fmt: skip
    assert not user.has_usable_password()
    with pytest.raises(Conflict):
        actions.accept(token=token, name="Una Again")
    second = actions.invite(by=user, email="two@harbour.example", role="employer", organisation=user.organisation)
    assert not actions.accept(token=second[1], name="Two").is_organisation_administrator
    assert [event.verb for event in Event.objects.about(Invitation.objects.get(person=user))] == ["accept", "invited"]


def test_a_link_is_of_no_use_after_14_days_when_renewed_or_taken_back(time_machine):
    time_machine.move_to("2027-03-01 10:00:00+00:00", tick=False)
    invitation, old = invited()
    new = actions.renew(by=None, invitation=invitation)
    for token in (old, "guessed", ""):
        with pytest.raises(Conflict):
            actions.accept(token=token, name="X")
    time_machine.shift(timedelta(days=14))
    assert Invitation.objects.get().standing == "expired"
    with pytest.raises(Conflict):
        actions.accept(token=new, name="X")
    newest = actions.renew(by=None, invitation=invitation)
    actions.revoke(by=None, invitation=invitation)
    with pytest.raises(Conflict):
        actions.accept(token=newest, name="X")
    with pytest.raises(Conflict):
        actions.renew(by=None, invitation=invitation)
    assert not User.objects.filter(email="new@harbour.example").exists()


def test_invitations_that_make_no_sense_are_refused():
    invited()
    school, coordinator = make.make_school(), make.make_coordinator()
    assert "invited already" in refused(invited)["email"][0]
    assert "may sign in already" in refused(lambda: invited(email=coordinator.email.upper()))["email"][0]
    assert "another kind" in refused(lambda: invited(email="b@c.example", organisation=school))["organisation"][0]
    nobodys = refused(lambda: actions.invite(by=None, email="b@c.example", role="school"))
    assert nobodys["organisation"] == ["Choose the organisation"]
    assert "Only coordinators" in refused(lambda: invited(email="b@c.example", guilds=["sciences"]))["guilds"][0]


def test_a_coordinator_is_invited_with_guilds():
    make.make_guild("sciences")
    _, token = actions.invite(
        by=make.make_administrator(), email="c@d.example", role="coordinator", guilds=["sciences"]
    )
    assert actions.accept(token=token, name="Cleo").guild_slugs == {"sciences"}


def test_who_sees_an_invitation():
    member = make.make_employer_member()
    invitation, _ = invited(organisation=member.organisation)
    make.make_membership(member.organisation, "hospitality-tourism")
    colleague, stranger = make.make_employer_member(member.organisation), make.make_employer_member()
    sees = [make.make_administrator(), make.make_coordinator("hospitality-tourism"), member, invitation.invited_by]
    not_theirs = [make.make_coordinator("sciences"), colleague, stranger, make.make_commission_member()]

    assert all(Invitation.objects.visible_to(user).exists() for user in sees)
    assert not any(Invitation.objects.visible_to(user).exists() for user in not_theirs)
    assert member.is_organisation_administrator
    assert not colleague.is_organisation_administrator


def ask(**more):
    said = {"name": "Ari", "email": "ari@x.example", "role": "school", "organisation_text": "Hill School"}
    return actions.ask_to_join(**said | more)


def test_asking_to_join_is_kept_a_few_times_and_not_for_somebody_known():
    known = make.make_school_member()
    assert ask(email=known.email.upper()) is None
    assert ask()
    assert ask() is None
    for number in range(5):
        ask(organisation_text=f"Hill School {number}")
    assert JoinRequest.objects.count() == actions.ASKED_AT_MOST
    assert JoinRequest.objects.visible_to(make.make_coordinator()).exists()
    assert not JoinRequest.objects.visible_to(known).exists()


def test_a_request_is_decided_once():
    by, school = make.make_coordinator(), make.make_school()
    asked, other = ask(), ask(email="b@x.example")
    invitation, token = actions.let_join(by=by, request=asked, organisation=school)
    assert "reason" in refused(lambda: actions.decline_join(by=by, request=other, reason=" "))
    actions.decline_join(by=by, request=other, reason="We do not know this school")

    assert actions.accept(token=token, name="Ari").organisation == school
    assert (asked.status, asked.invitation, other.status) == ("accepted", invitation, "declined")
    with pytest.raises(Conflict):
        actions.decline_join(by=by, request=asked, reason="After all")
    with pytest.raises(Conflict):
        actions.let_join(by=by, request=other, organisation=school)
    assert timezone.now() < invitation.expires_at
