"""Who sees which organisations, and whose personal details."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from guilds.organisations.models import Contact, Identifier, Membership, Organisation
from tests.factories import (
    make_administrator,
    make_commission_member,
    make_contact,
    make_coordinator,
    make_employer,
    make_employer_member,
    make_engagement,
    make_guild,
    make_membership,
    make_pledge,
    make_school,
    make_school_member,
)

pytestmark = pytest.mark.django_db


def people(user):
    """Everybody that may be seen, and the same asked of one organisation after the other."""
    seen = {contact.name for contact in Contact.objects.visible_to(user)}
    each = [contact.name for one in Organisation.objects.all() for contact in Contact.objects.seen_at(one, user)]
    assert seen == set(each)
    return seen


@pytest.fixture
def scene():
    """People at a member of Hospitality, at a member of Sciences, and at an employer of no guild yet."""
    hospitality, sciences, nobodys = make_employer(), make_employer(), make_employer()
    make_membership(hospitality)
    make_membership(sciences, "sciences")
    for name, organisation in (("Hope", hospitality), ("Sal", sciences), ("Nat", nobodys)):
        make_contact(organisation, name=name)
    return {"hospitality": hospitality, "sciences": sciences, "nobodys": nobodys}


def test_coordinators_see_people_whom_their_guilds_work_with_or_no_guild_yet(scene):
    assert people(make_coordinator()) == {"Hope", "Nat"}
    assert people(make_coordinator("sciences")) == {"Sal", "Nat"}
    assert people(make_coordinator("sciences", "hospitality-tourism")) == {"Hope", "Sal", "Nat"}


def test_a_guild_also_works_with_whoever_pledged_or_took_part(scene):
    make_pledge(employer=scene["sciences"], guild=make_guild())
    assert people(make_coordinator()) == {"Hope", "Sal", "Nat"}
    school = make_school()
    make_membership(school, "sciences")
    make_contact(school, name="Head")
    assert "Head" not in people(make_coordinator())
    make_engagement(attendances=[{"provider": school}])
    assert "Head" in people(make_coordinator())


def test_who_has_left_a_guild_is_no_longer_worked_with():
    employer = make_employer()
    make_contact(employer, name="Left")
    make_membership(employer, left_on=date(2017, 1, 1))
    make_membership(employer, "sciences")
    assert people(make_coordinator()) == set()


def test_administrators_see_everybody_and_the_commission_nobody(scene):
    assert people(make_administrator()) == {"Hope", "Sal", "Nat"}
    assert people(make_commission_member()) == set()
    assert people(AnonymousUser()) == set()


def test_members_see_the_people_of_their_own_organisation(scene):
    assert people(make_employer_member(scene["hospitality"])) == {"Hope"}
    assert people(make_school_member()) == set()


def test_the_registry_is_the_teams_and_the_commissions_and_members_see_their_own(scene):
    for user in (make_administrator(), make_coordinator(), make_commission_member()):
        assert Organisation.objects.visible_to(user).count() == 3
        assert Membership.objects.visible_to(user).count() == 2
    member = make_employer_member(scene["hospitality"])
    assert list(Organisation.objects.visible_to(member)) == [scene["hospitality"]]
    assert Membership.objects.visible_to(member).count() == Identifier.objects.visible_to(member).count() == 1
    assert not Organisation.objects.visible_to(AnonymousUser()).exists()
