"""A placement or apprenticeship and the pledge that it fulfils change together or not at all."""

import pytest
from django.core.exceptions import ValidationError

from guilds.audit.refusals import Conflict
from guilds.opportunities.models import Placement
from guilds.pledges import fulfilling
from guilds.pledges.models import Delivery
from tests.factories import (
    DAY,
    make_administrator,
    make_apprenticeship,
    make_employer,
    make_open_pledge,
    make_placement,
    make_pledge,
)

pytestmark = pytest.mark.django_db


def test_a_placement_comes_with_its_pledge():
    pledge = make_open_pledge()
    placement = fulfilling.arrange_placement(by=None, pledge=pledge, employer=pledge.employer, arranged_on=DAY)
    assert Delivery.objects.get().placement == placement


@pytest.mark.parametrize(("make", "refusal"), [(make_open_pledge, ValidationError), (make_pledge, Conflict)])
def test_nothing_is_added_when_the_pledge_refuses(make, refusal):
    employer = make_employer()
    pledge = make() if make is make_open_pledge else make(employer=employer)
    with pytest.raises(refusal):
        fulfilling.arrange_placement(by=None, pledge=pledge, employer=employer, arranged_on=DAY)
    assert not Placement.objects.exists()


def test_a_correction_moves_the_credit_and_leaves_it_where_it_is_not_named():
    by, employer = make_administrator(), make_employer()
    first, second = make_open_pledge(employer=employer), make_open_pledge(employer=employer)
    placement = make_placement(employer=employer)
    fulfilling.correct_placement(by=by, placement=placement, pledge=first)
    link = Delivery.objects.get()
    fulfilling.correct_placement(by=by, placement=placement, pledge=first)
    fulfilling.correct_placement(by=by, placement=placement, learners=3)
    assert Delivery.objects.get() == link
    fulfilling.correct_placement(by=by, placement=placement, pledge=second)
    assert Delivery.objects.get().pledge == second
    fulfilling.correct_placement(by=by, placement=placement, pledge=None)
    assert not Delivery.objects.exists()


def test_apprenticeships_alike():
    pledge = make_open_pledge(kind="apprenticeship")
    opened = fulfilling.open_apprenticeship(
        by=None, pledge=pledge, employer=pledge.employer, standard_title="Chef", level=3, opened_on=DAY
    )
    assert Delivery.objects.get().apprenticeship == opened
    other = make_apprenticeship(employer=pledge.employer)
    fulfilling.correct_apprenticeship(by=make_administrator(), apprenticeship=other, pledge=pledge)
    assert Delivery.objects.count() == 2
