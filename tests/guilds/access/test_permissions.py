"""The table of permissions, by role: what domain.md says in words."""

import pytest
from django.contrib.auth.models import AnonymousUser

from guilds.access.permissions import PERMISSIONS, allowed
from guilds.engagement.models import Attendance, Engagement
from guilds.organisations.models import Membership
from guilds.pledges.models import Pledge
from tests.factories import (
    DAY,
    make_administrator,
    make_commission_member,
    make_coordinator,
    make_employer,
    make_employer_member,
    make_guild,
    make_membership,
    make_school_member,
)

pytestmark = pytest.mark.django_db

#: Which roles have anything to do with a permission at all: who may open its page.
TEAM = {"administrator", "coordinator"}
ALL = {*TEAM, "employer", "school", "commission"}
WHO = {
    "home.view": ALL, "reference.view": ALL, "organisation.view": ALL, "organisation.pick": ALL, "contact.view": ALL,
    "engagement.view": ALL, "pledge.view": ALL, "placement.view": ALL, "apprenticeship.view": ALL,
    "reference.change": {"administrator"}, "user.view": {*TEAM, "employer", "school"}, "user.change": {"administrator"},
    "join.decide": TEAM, "account.view": ALL, "account.password": TEAM,
    "apiclient.change": {"administrator"}, "target.change": {"administrator"},
    "organisation.add": TEAM, "organisation.change": TEAM, "contact.change": TEAM, "membership.change": TEAM,
    "engagement.add": TEAM, "engagement.change": TEAM, "interaction.view": TEAM, "interaction.change": TEAM,
    "followup.view": TEAM, "followup.change": TEAM, "pledge.verify": TEAM, "pledge.match": TEAM,
    "placement.confirm": {*TEAM, "school"}, "publicsector.view": {*TEAM, "commission"},
    "placement.change": TEAM, "apprenticeship.change": TEAM, "import.view": TEAM, "import.run": TEAM,
    "engagement.answer": {"school"}, "pledge.ask": {*TEAM, "school"}, "pledge.release": {*TEAM, "school"},
    "pledge.add": {*TEAM, "employer"}, "contact.add": {*TEAM, "employer"},
    "impact.view": {*TEAM, "commission"}, "impact.evidence": {*TEAM, "commission"}, "target.view": {*TEAM, "commission"},
    "pack.view": {*TEAM, "commission"}, "pack.make": TEAM,
}  # fmt: skip


@pytest.fixture
def people():
    return {
        "administrator": make_administrator(),
        "coordinator": make_coordinator(),
        "employer": make_employer_member(),
        "school": make_school_member(),
        "commission": make_commission_member(),
    }


@pytest.mark.parametrize("permission", sorted(WHO))
def test_who_may_at_all(people, permission):
    assert {role for role, user in people.items() if allowed(user, permission)} == WHO[permission]


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_nobody_may_anything(permission):
    assert not allowed(AnonymousUser(), permission)


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_who_has_left_may_nothing(permission):
    user = make_administrator()
    user.is_active = False
    assert not allowed(user, permission)


def test_a_mistyped_permission_is_no_no(people):
    with pytest.raises(KeyError):
        allowed(people["administrator"], "engagement.chnage")


@pytest.mark.parametrize(
    "permission", ["engagement.add", "engagement.change", "pledge.verify", "pledge.match", "placement.change"]
)
def test_coordinators_change_what_their_guilds_lead_and_what_none_leads(people, permission):
    def may(guild, role="coordinator"):
        return allowed(people[role], permission, Engagement(guild=guild))

    own, others = make_guild(), make_guild("sciences")
    assert (may(own), may(None), may(others)) == (True, True, False)
    assert may(others, "administrator")
    assert not any(may(guild, role) for guild in (own, None) for role in ("employer", "school", "commission"))


def test_employers_care_for_their_pledges_until_they_are_verified_and_amend_them_after(people):
    employer = people["employer"]
    own = Pledge(employer=employer.organisation, guild=make_guild("sciences"))
    for permission in ("pledge.correct", "pledge.withdraw", "pledge.amend"):
        assert allowed(employer, permission, own)
    own.verified_on = DAY
    assert not allowed(employer, "pledge.correct", own)
    assert allowed(employer, "pledge.amend", own)
    others = Pledge(employer=make_employer(), guild=None)
    assert not any(allowed(employer, permission, others) for permission in ("pledge.correct", "pledge.amend"))
    assert not allowed(employer, "pledge.verify", own)
    assert allowed(employer, "pledge.add", employer.organisation_id)
    assert not allowed(employer, "pledge.add", others.employer_id)


def test_schools_answer_for_themselves(people):
    school = people["school"]
    assert allowed(school, "engagement.answer", Attendance(provider=school.organisation))
    assert not allowed(school, "engagement.answer", Attendance(provider=make_school_member().organisation))
    assert not allowed(people["administrator"], "engagement.answer", Attendance(provider=school.organisation))


@pytest.mark.parametrize("permission", ["organisation.change", "contact.change", "contact.add"])
def test_details_are_changed_by_the_employer_itself_and_by_whose_guilds_work_with_it(people, permission):
    own, nobodys, others = people["employer"].organisation, make_employer(), make_employer()
    make_membership(own)
    make_membership(others, "sciences")

    def may(role):
        return [allowed(people[role], permission, organisation) for organisation in (own, nobodys, others)]

    assert may("administrator") == [True, True, True]
    assert may("coordinator") == [True, True, False]
    assert may("employer") == [True, False, False]
    assert may("commission") == [False, False, False]
    assert not allowed(people["school"], permission, people["school"].organisation)


def test_coordinators_say_who_is_in_their_own_guilds(people):
    own, others = Membership(guild=make_guild()), Membership(guild=make_guild("sciences"))
    coordinator = people["coordinator"]
    assert allowed(coordinator, "membership.change", own)
    assert not allowed(coordinator, "membership.change", others)
    assert allowed(people["administrator"], "membership.change", others)
    assert allowed(coordinator, "membership.change", make_employer())


def test_employers_look_after_those_who_sign_in_for_them(people):
    employer = people["employer"]
    colleague = make_employer_member(employer.organisation)
    assert allowed(employer, "user.close", colleague)
    assert not allowed(employer, "user.close", make_employer_member())
    assert not allowed(employer, "user.close", people["administrator"])
    assert not allowed(colleague, "user.view")
    assert allowed(employer, "invitation.send", employer.organisation)
    assert not allowed(employer, "invitation.send", make_employer())
    assert not allowed(colleague, "invitation.send")


def test_nobody_closes_the_own_account_and_coordinators_that_of_their_organisations(people):
    ours, theirs = make_employer_member(), make_employer_member()
    make_membership(ours.organisation, "hospitality-tourism")
    make_membership(theirs.organisation, "sciences")
    coordinator, administrator = make_coordinator("hospitality-tourism"), people["administrator"]
    assert allowed(coordinator, "user.close", ours)
    assert not allowed(coordinator, "user.close", theirs)
    assert not allowed(coordinator, "user.close", administrator)
    assert allowed(administrator, "user.close", coordinator)
    assert not allowed(administrator, "user.close", administrator)


READING = ("view", "evidence", "pick", "choose", "compare")


def test_the_commission_changes_nothing(people):
    changing = [name for name in PERMISSIONS if name.rpartition(".")[2] not in READING]
    assert not [name for name in changing if allowed(people["commission"], name)]
