"""Who sees which pledges and parts of them."""

import pytest
from django.contrib.auth.models import AnonymousUser

from guilds.pledges import actions
from guilds.pledges.models import Allocation, Amendment, Delivery, Pledge
from tests.factories import (
    make_commission_member,
    make_coordinator,
    make_district,
    make_employer_member,
    make_open_pledge,
    make_placement,
    make_pledge,
    make_school,
    make_school_member,
)

pytestmark = pytest.mark.django_db
MODELS = (Pledge, Allocation, Delivery, Amendment)


@pytest.fixture
def scene():
    """A pledge with parts, an amendment and a delivery; the members concerned, and some who are not."""
    employer, school = make_employer_member(), make_school_member()
    pledge = make_open_pledge(employer=employer.organisation, notes="with parts", districts=[make_district()])
    own = actions.allocate(by=None, pledge=pledge, provider=school.organisation, quantity=2)
    actions.allocate(by=None, pledge=pledge, provider=school.organisation, quantity=1)
    actions.allocate(by=None, pledge=pledge, provider=make_school(), quantity=1)
    placement = make_placement(employer=pledge.employer, status="started")
    actions.credit(by=None, pledge=pledge, placement=placement, allocation=own)
    actions.amend(by=None, pledge=pledge, quantity=11, reason="One more")
    make_pledge(notes="unverified")
    return {"employer": employer, "school": school}


def counts(user):
    return tuple(model.objects.visible_to(user).count() for model in MODELS)


def test_the_team_sees_all(scene):
    assert counts(make_coordinator("sciences")) == (2, 3, 1, 1)


def test_the_employer_sees_its_own(scene):
    assert counts(scene["employer"]) == (1, 3, 1, 1)
    assert counts(make_employer_member()) == (0, 0, 0, 0)


def test_the_school_sees_its_parts_and_what_they_are_part_of(scene):
    assert counts(scene["school"]) == (1, 2, 1, 1)


def test_the_commission_sees_pledges_that_count_and_nobodys_arrangements(scene):
    assert counts(make_commission_member()) == (1, 0, 0, 0)


def test_nobody_sees_nothing(scene):
    assert counts(AnonymousUser()) == (0, 0, 0, 0)


def test_a_school_sees_open_pledges_offered_to_its_district():
    thanet, medway = make_district(), make_district("E06000035", "Medway")
    member = make_school_member(make_school(district=thanet))
    make_open_pledge(notes="here", districts=[thanet, medway])
    make_open_pledge(notes="there", districts=[medway])
    make_open_pledge(notes="anywhere")
    make_pledge(notes="unverified", districts=[thanet])
    make_open_pledge(notes="over", districts=[thanet], status="lapsed")
    assert {pledge.notes for pledge in Pledge.objects.visible_to(member)} == {"here", "anywhere"}
