"""Which pledges need somebody: about to lapse, matched with nobody, gone quiet; and how far each has come."""

from datetime import timedelta

import pytest

from guilds.engagement import follow_up_actions
from guilds.pledges import actions, board, needs
from guilds.pledges.models import Pledge
from tests import factories as make

pytestmark = pytest.mark.django_db
LATER = make.DAY + timedelta(days=61)


def deliver(pledge, learners, on=make.DAY):
    placement = make.make_placement(employer=pledge.employer, learners=learners, status="started", starts_on=on)
    return actions.credit(by=None, pledge=pledge, placement=placement)


def test_about_to_lapse_within_thirty_days_unless_it_is_kept_already():
    days = [make.DAY + timedelta(days=number) for number in (0, 30, 31)]
    today, soon, _ = [make.make_open_pledge(valid_until=day, quantity=1) for day in days]
    make.make_pledge(valid_until=days[0])
    kept = make.make_open_pledge(valid_until=days[0], quantity=1)
    deliver(kept, 1)

    assert set(Pledge.objects.all().about_to_lapse(make.DAY)) == {today, soon}


def test_unmatched_until_something_is_agreed_or_delivered():
    alone, asked, agreed, done = [make.make_open_pledge() for _ in range(4)]
    make.make_pledge()
    actions.allocate(by=None, pledge=asked, provider=make.make_school(), quantity=1, status="requested")
    actions.allocate(by=None, pledge=agreed, provider=make.make_school(), quantity=1)
    deliver(done, 1)

    assert set(Pledge.objects.all().unmatched()) == {alone, asked}


def test_quiet_after_sixty_days_without_a_word():
    quiet, rung, done = [make.make_open_pledge() for _ in range(3)]
    given = make.make_open_pledge()
    actions.allocate(by=None, pledge=given, provider=make.make_school(), quantity=1)
    follow_up_actions.log_interaction(
        by=None, organisation=rung.employer, kind="call", happened_on=make.DAY + timedelta(days=20), summary="Keen"
    )
    deliver(done, 1, on=make.DAY + timedelta(days=2))

    found = needs.with_last_contact(needs.quiet(Pledge.objects.all(), LATER))
    assert [(row, row.last_contact, row.followed_up) for row in found] == [(quiet, make.DAY, False)]
    assert not needs.quiet(Pledge.objects.all(), LATER - timedelta(days=2)).exists()
    assert rung in needs.quiet(Pledge.objects.all(), LATER + timedelta(days=20))
    follow_up_actions.add_follow_up(
        by=None, what="Ring", due_on=LATER, assigned_to=make.make_coordinator(), pledge=quiet
    )
    assert needs.with_last_contact(Pledge.objects.filter(pk=quiet.pk)).get().followed_up


def test_each_pledge_is_in_one_lane_and_the_sums_are_its_rows(django_assert_max_num_queries):
    unverified, alone, given, partly, kept = [make.make_pledge(), *(make.make_open_pledge() for _ in range(4))]
    make.make_pledge(status="lapsed")
    make.make_pledge(status="withdrawn", reason="Moved")
    make.make_pledge(status="rejected", reason="No")
    for pledge, number in ((given, 4), (partly, 5)):
        actions.allocate(by=None, pledge=pledge, provider=make.make_school(), quantity=number)
    deliver(partly, 3)
    deliver(kept, 12)
    with django_assert_max_num_queries(9):
        lanes = {lane.stage.value: lane for lane in board.lanes(Pledge.objects.all())}

    shown = {name: {card.pk for card in lane.cards} for name, lane in lanes.items()}
    assert [shown[name] for name in ("verify", "unmatched", "matched", "partly", "fulfilled")] == [
        {pledge.pk} for pledge in (unverified, alone, given, partly, kept)
    ]
    assert (lanes["ended"].number, lanes["ended"].promised) == (2, 20)
    sums = [(lane.number, lane.promised, lane.agreed, lane.delivered, lane.remaining) for lane in lanes.values()]
    assert sums[1:5] == [(1, 10, 0, 0, 10), (1, 10, 4, 0, 6), (1, 10, 5, 3, 2), (1, 10, 0, 12, 0)]
