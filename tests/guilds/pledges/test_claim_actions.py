"""“We did it”: an employer's word counts nothing until a coordinator has accepted it, and then on the day it happened."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from guilds.audit.refusals import Conflict
from guilds.pledges import actions, claim_actions, queries
from guilds.pledges.claims import DeliveryClaim
from guilds.pledges.models import Allocation, Delivery, Pledge
from tests import factories as make

pytestmark = pytest.mark.django_db
ON = date(2017, 5, 2)


def told(pledge, **fields):
    return claim_actions.claim(**{"by": None, "pledge": pledge, "happened_on": ON, "quantity": 2} | fields)


def delivered(pledge) -> int:
    return Pledge.objects.with_progress().get(pk=pledge.pk).delivered


def test_a_word_counts_nothing_until_it_is_accepted_and_is_seen_to_once():
    pledge, school = make.make_open_pledge(quantity=3), make.make_school()
    part = actions.allocate(by=None, pledge=pledge, provider=school, quantity=2)
    claim = told(pledge, allocation=part)
    assert (delivered(pledge), list(queries.claimed(Pledge.objects.all()))) == (0, [pledge])

    delivery = claim_actions.accept(by=None, claim=claim)

    assert (claim.status, claim.delivery, delivered(pledge)) == ("accepted", delivery, 2)
    placement = delivery.placement
    assert (placement.provider, placement.learners, placement.starts_on, placement.status) == (school, 2, ON, "started")
    assert Allocation.objects.with_progress().get(pk=part.pk).standing == "delivered"
    assert not queries.claimed(Pledge.objects.all()).exists()
    for again in (claim_actions.accept, claim_actions.withdraw):
        with pytest.raises(Conflict):
            again(by=None, claim=claim)
    actions.uncredit(by=None, delivery=delivery, reason="A mistake")
    claim.refresh_from_db()
    assert (claim.status, claim.delivery, delivered(pledge)) == ("accepted", None, 0)


@pytest.mark.parametrize(
    ("kind", "field", "shape"),
    [
        ("apprenticeship", "apprenticeship", {"status": "started", "positions": 2, "starts_on": ON}),
        ("school_talk", "engagement", {"status": "delivered", "kind": "school_visit", "starts_on": ON}),
        ("mock_interviews", "engagement", {"status": "delivered", "kind": "mock_interviews", "starts_on": ON}),
    ],
)
def test_what_nobody_has_recorded_is_recorded_as_the_employer_tells_it(kind, field, shape):
    pledge = make.make_open_pledge(kind=kind, quantity=2)
    part = actions.allocate(by=None, pledge=pledge, provider=make.make_school(), quantity=2)
    delivery = claim_actions.accept(by=None, claim=told(pledge, allocation=part))

    made = getattr(delivery, field)
    assert {name: getattr(made, name) for name in shape} == shape
    assert delivered(pledge) == 2
    if field == "engagement":
        assert [row.employer for row in made.participations.all()] == [pledge.employer]
        assert [(row.provider, row.learners) for row in made.attendances.all()] == [(part.provider, None)]


def test_an_engagement_that_was_logged_already_is_chosen_and_not_made_again():
    pledge = make.make_open_pledge(kind="enterprise_adviser", quantity=4)
    held = make.make_engagement(status="delivered", participations=[{"employer": pledge.employer}])
    claim = told(pledge, quantity=4)
    with pytest.raises(ValidationError, match="Log the engagement first"):
        claim_actions.accept(by=None, claim=claim)

    assert claim_actions.accept(by=None, claim=claim, engagement=held, quantity=3).quantity == 3
    assert Delivery.objects.get().engagement == held


def test_what_is_refused():
    pledge, tomorrow = make.make_open_pledge(), timezone.localdate() + timedelta(days=1)
    other = actions.allocate(by=None, pledge=make.make_open_pledge(), provider=make.make_school(), quantity=1)
    with pytest.raises(ValidationError) as refused:
        told(pledge, quantity=0, happened_on=tomorrow, allocation=other)
    assert sorted(refused.value.message_dict) == ["allocation", "happened_on", "quantity"]
    for pledge in (make.make_pledge(), make.make_open_pledge(status="withdrawn", reason="Closed")):
        with pytest.raises(Conflict):
            told(pledge)
    claim = told(make.make_pledge(status="lapsed"))
    with pytest.raises(ValidationError, match="Say why"):
        claim_actions.decline(by=None, claim=claim, reason=" ")
    assert claim_actions.decline(by=None, claim=claim, reason="The school was closed").status == "declined"


def test_who_sees_a_claim():
    claim = told(make.make_open_pledge())
    readers = {
        make.make_coordinator(): True,
        make.make_employer_member(claim.pledge.employer): True,
        make.make_employer_member(): False,
        make.make_school_member(): False,
        make.make_commission_member(): False,
    }
    assert {user: DeliveryClaim.objects.visible_to(user).exists() for user in readers} == readers
