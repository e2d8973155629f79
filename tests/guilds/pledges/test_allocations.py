"""Parts of a pledge for schools and colleges, and what fulfilled it: never more given out than there is."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from guilds.audit.models import Event, StatusChange
from guilds.audit.refusals import Conflict
from guilds.opportunities import actions as opportunities
from guilds.pledges import actions
from guilds.pledges.models import Allocation, Delivery, Pledge
from tests.factories import (
    DAY,
    make_apprenticeship,
    make_employer,
    make_engagement,
    make_open_pledge,
    make_placement,
    make_pledge,
    make_school,
)
from tests.guilds.refused import conflict, refused
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def progress(pledge):
    row = Pledge.objects.with_progress().get(pk=pledge.pk)
    given = Pledge.objects.with_given().get(pk=pledge.pk)
    assert (given.remaining, given.standing) == (row.remaining, row.standing)
    return row.allocated, row.delivered, row.remaining, row.standing


def standing(allocation):
    return Allocation.objects.with_progress().get(pk=allocation.pk).standing


def give(pledge, quantity, **fields):
    return actions.allocate(**{"by": None, "pledge": pledge, "provider": make_school(), "quantity": quantity} | fields)


def deliver(pledge, learners=1, status="started", **fields):
    placement = make_placement(employer=pledge.employer, learners=learners, status=status)
    return actions.credit(by=None, pledge=pledge, placement=placement, **fields)


def test_what_is_agreed_is_held():
    pledge = make_open_pledge(quantity=10)
    give(pledge, 4)
    assert progress(pledge) == (4, 0, 6, "open")
    assert conflict(give, pledge, 7) == "Only 6 remain of this pledge"
    give(pledge, 6)
    assert progress(pledge) == (10, 0, 0, "open")


def test_what_is_asked_for_is_not_held_until_it_is_agreed():
    pledge = make_open_pledge(quantity=10)
    first, second = give(pledge, 8, status="requested"), give(pledge, 8, status="requested")
    assert progress(pledge) == (0, 0, 10, "open")
    actions.agree(by=None, allocation=first)
    assert conflict(actions.agree, by=None, allocation=second) == "Only 2 remain of this pledge"
    assert refused(actions.decline, by=None, allocation=second, reason="") == {"reason": ["Say why"]}
    actions.decline(by=None, allocation=second, reason="Given to others")
    assert [step.to_status for step in StatusChange.objects.of(second)] == ["requested", "declined"]


def test_what_is_released_is_free_again():
    pledge = make_open_pledge(quantity=10)
    allocation = give(pledge, 10)
    actions.release(by=None, allocation=allocation, reason="Too far")
    assert progress(pledge) == (0, 0, 10, "open")
    conflict(actions.release, by=None, allocation=allocation)


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"quantity": 0}, "quantity"), ({"status": "delivered"}, "status"), ({"status": "no"}, "status")],
)
def test_a_part_that_is_none_is_refused(fields, field):
    assert list(refused(give, make_open_pledge(), **{"quantity": 1} | fields)) == [field]


def test_only_schools_and_colleges_are_given_a_part():
    assert "provider" in refused(give, make_open_pledge(), 1, provider=make_employer())


@pytest.mark.parametrize("status", ["unverified", "lapsed", "withdrawn", "rejected"])
def test_only_an_open_pledge_is_given_out(status):
    pledge = make_pledge(status=status, reason="Closed")
    assert f"This pledge is {status}" in conflict(give, pledge, 1)


def test_a_plan_delivers_nothing_and_a_start_does():
    pledge = make_open_pledge(quantity=3)
    delivery = deliver(pledge, learners=3, status="arranged")
    assert progress(pledge) == (0, 0, 3, "open")
    opportunities.start_placement(by=None, placement=delivery.placement, on=DAY)
    assert progress(pledge) == (0, 3, 0, "fulfilled")


def test_fulfilled_at_zero_exactly():
    pledge = make_open_pledge(quantity=5)
    deliver(pledge, learners=4)
    assert progress(pledge) == (0, 4, 1, "open")
    deliver(pledge, learners=1)
    assert progress(pledge) == (0, 5, 0, "fulfilled")


def test_more_than_was_promised_is_allowed_and_shown():
    pledge = make_open_pledge(quantity=5)
    deliver(pledge, learners=8)
    assert progress(pledge) == (0, 8, 0, "fulfilled")
    assert pledge.quantity == 5


def test_what_is_delivered_of_a_part_is_no_longer_held():
    pledge = make_open_pledge(quantity=10)
    allocation = give(pledge, 6)
    deliver(pledge, learners=2, allocation=allocation)
    assert progress(pledge) == (4, 2, 4, "open")
    assert standing(allocation) == "agreed"
    deliver(pledge, learners=4, allocation=allocation)
    assert progress(pledge) == (0, 6, 4, "open")
    assert standing(allocation) == "delivered"
    assert "nothing to give back" in conflict(actions.release, by=None, allocation=allocation)


def test_a_part_whose_placement_is_only_arranged_is_still_held():
    pledge = make_open_pledge(quantity=10)
    allocation = give(pledge, 10)
    deliver(pledge, learners=10, status="arranged", allocation=allocation)
    assert progress(pledge) == (10, 0, 0, "open")
    assert standing(allocation) == "agreed"


def test_what_is_left_of_a_part_can_be_given_back():
    pledge = make_open_pledge(quantity=10)
    allocation = give(pledge, 6)
    deliver(pledge, learners=2, allocation=allocation)
    actions.release(by=None, allocation=allocation, reason="Only two wanted to")
    assert progress(pledge) == (0, 2, 8, "open")


def test_a_delivery_after_lapse_is_credited_to_that_pledge():
    pledge = make_open_pledge(quantity=2, valid_until=DAY)
    actions.lapse(by=None, pledge=pledge, on=DAY + timedelta(days=1))
    deliver(pledge, learners=2)
    assert progress(pledge) == (0, 2, 0, "lapsed")


def test_what_was_never_verified_is_fulfilled_by_nothing():
    assert "never verified" in conflict(deliver, make_pledge())


def test_a_promise_is_kept_by_its_own_employer():
    pledge = make_open_pledge()
    told = refused(actions.credit, by=None, pledge=pledge, placement=make_placement())
    assert told == {"placement": ["It belongs to another employer than the pledge"]}


def test_a_promise_is_kept_by_its_own_sort():
    employer = make_employer()
    placements, talks = make_open_pledge(employer=employer), make_open_pledge(employer=employer, kind="school_talk")
    apprenticeships = make_open_pledge(employer=employer, kind="apprenticeship")
    placement, engagement = make_placement(employer=employer), make_engagement(status="delivered")
    assert "placement" in refused(actions.credit, by=None, pledge=talks, placement=placement)
    assert "engagement" in refused(actions.credit, by=None, pledge=placements, engagement=engagement, quantity=1)
    assert "placement" in refused(actions.credit, by=None, pledge=apprenticeships, placement=placement)
    actions.credit(by=None, pledge=talks, engagement=engagement, quantity=2)
    made = make_apprenticeship(employer=employer, positions=3, status="started", starts_on=DAY)
    actions.credit(by=None, pledge=apprenticeships, apprenticeship=made)
    assert progress(talks)[1] == 2
    assert progress(apprenticeships)[1] == 3


def test_a_delivery_is_one_thing():
    pledge = make_open_pledge(kind="workshop")
    nothing = refused(actions.credit, by=None, pledge=pledge)
    assert "Link one placement" in next(iter(nothing.values()))[0]
    uncounted = refused(actions.credit, by=None, pledge=pledge, engagement=make_engagement())
    assert "Link one placement" in next(iter(uncounted.values()))[0]
    assert "quantity" in refused(actions.credit, by=None, pledge=pledge, engagement=make_engagement(), quantity=0)


def test_a_placement_fulfils_one_pledge():
    pledge = make_open_pledge()
    delivery = deliver(pledge)
    again = make_open_pledge(employer=pledge.employer)
    told = refused(actions.credit, by=None, pledge=again, placement=delivery.placement)
    assert told == {"placement": ["This placement is credited to a pledge already"]}


def test_a_part_of_another_pledge_is_refused():
    pledge, other = make_open_pledge(), make_open_pledge()
    assert "allocation" in refused(deliver, pledge, allocation=give(other, 1))


def test_a_credit_that_was_a_mistake_is_taken_back_and_remembered():
    pledge = make_open_pledge(quantity=1)
    delivery = deliver(pledge)
    number = delivery.pk
    actions.uncredit(by=None, delivery=delivery, reason="The wrong pledge")
    assert progress(pledge) == (0, 0, 1, "open")
    assert not Delivery.objects.exists()
    event = Event.objects.filter(subject_type="delivery", subject_id=number).latest("id")
    assert (event.verb, event.reason, event.after) == ("uncredited", "The wrong pledge", None)


def test_progress_of_many_pledges_is_one_query(django_assert_num_queries):
    for _ in range(3):
        deliver(make_open_pledge())
    with django_assert_num_queries(1):
        assert [row.delivered for row in Pledge.objects.with_progress()] == [1, 1, 1]


def test_delivered_is_not_stored_even_past_the_actions():
    allocation = give(make_open_pledge(), 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.filter(pk=allocation.pk).update(status="delivered")


@pytest.mark.django_db(transaction=True)
def test_twenty_schools_at_once_for_the_last_five_places():
    pledge = make_open_pledge(quantity=12)
    give(pledge, 7)
    schools = [make_school() for _ in range(20)]

    def ask(school):
        return lambda: actions.allocate(by=None, pledge=pledge, provider=school, quantity=1)

    answers = at_once([ask(school) for school in schools])
    given = [answer for answer in answers if isinstance(answer, Allocation)]
    told = {" ".join(answer.messages) for answer in answers if isinstance(answer, Conflict)}
    assert (len(given), told) == (5, {"Only 0 remain of this pledge"})
    assert progress(pledge) == (12, 0, 0, "open")


@pytest.mark.django_db(transaction=True)
def test_agreeing_and_amending_at_once_never_gives_out_more_than_there_is():
    pledge = make_open_pledge(quantity=10)
    asked = [give(pledge, 4, status="requested") for _ in range(3)]

    def agree(allocation):
        return lambda: actions.agree(by=None, allocation=allocation)

    def amend():
        return actions.amend(by=None, pledge=pledge, quantity=5, reason="Fewer")

    at_once([agree(allocation) for allocation in asked] + [amend])
    pledge.refresh_from_db()
    assert progress(pledge)[0] <= pledge.current_quantity
