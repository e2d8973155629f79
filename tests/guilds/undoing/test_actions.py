"""Undoing: what was changed last is as before, as a change of its own; and all that stands in the way says so."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from guilds.audit.context import current_request_id
from guilds.audit.models import Event, StatusChange
from guilds.audit.refusals import Conflict
from guilds.engagement import actions as engagements
from guilds.engagement import follow_up_actions as notes
from guilds.impact.cells import refresh
from guilds.impact.periods import academic_year
from guilds.impact.targets import end_target, move_target, set_target
from guilds.impact.totals import summary
from guilds.opportunities import actions as opportunities
from guilds.organisations import actions as registry
from guilds.pledges import actions as pledges
from guilds.pledges.request_actions import make_request, move_request
from guilds.undoing.actions import hindrance, undo
from tests.factories import (
    DAY,
    make_commission_member,
    make_contact,
    make_coordinator,
    make_district,
    make_employer,
    make_employer_member,
    make_engagement,
    make_guild,
    make_membership,
    make_open_pledge,
    make_placement,
    make_pledge,
    make_school,
    make_school_member,
)

pytestmark = pytest.mark.django_db


def latest(record) -> Event:
    return Event.objects.about(record).first()


def encounters() -> int:
    """What the figures say."""
    refresh()
    found = summary(period=academic_year(DAY), by="total", measures=["encounters"])
    return found.total.measures["encounters"].value


def stands_as_before(record, change) -> Event:
    """Do, undo, compare; gives the event of the undo."""
    before = type(record).objects.get(pk=record.pk).audit_state()
    change()
    assert type(record).objects.get(pk=record.pk).audit_state() != before
    undo(by=None, record=record, event=latest(record))
    assert type(record).objects.get(pk=record.pk).audit_state() == before
    return latest(record)


def test_a_closed_engagement_is_open_again_with_its_parts_and_the_figures_follow():
    school, other = make_school(), make_school()
    engagement = make_engagement(
        attendances=[{"provider": school, "learners": None}], participations=[{"employer": make_employer(), "hours": 2}]
    )
    row = engagement.attendances.get().pk
    numbers = [{"provider": school, "learners": 30}, {"provider": other, "learners": 5}]

    engagements.deliver(by=None, engagement=engagement, attendances=numbers)
    assert encounters() == 35
    undone = undo(by=None, record=engagement, event=latest(engagement))

    assert undone.status == "planned" and engagement.attendances.get().learners is None
    assert engagement.attendances.get().pk == row, "links that were sent to the school still lead to its row"
    assert latest(engagement).verb == "undo"
    assert [step.to_status for step in StatusChange.objects.of(engagement)] == ["planned", "delivered", "planned"]
    assert encounters() == 0


def test_each_sort_of_record_takes_its_latest_change_back():
    pledge, placement, employer = make_open_pledge(districts=[make_district()]), make_placement(), make_employer()
    contact, membership, engagement = make_contact(), make_membership(employer), make_engagement()
    ashford = make_district("E07000105", "Ashford")
    stands_as_before(
        pledge, lambda: pledges.correct(by=None, pledge=pledge, conditions="Boots", districts=[ashford], guild=None)
    )
    stands_as_before(placement, lambda: opportunities.start_placement(by=None, placement=placement, on=DAY))
    stands_as_before(
        employer,
        lambda: registry.correct(by=None, organisation=employer, name="Another", identifiers=[("charity", "1012345")]),
    )
    stands_as_before(contact, lambda: registry.correct_contact(by=None, contact=contact, name="Ash Example"))
    stands_as_before(membership, lambda: registry.leave_guild(by=None, membership=membership, left_on=DAY))
    stands_as_before(engagement, lambda: engagements.cancel(by=None, engagement=engagement, reason="Snow"))
    stands_as_before(
        engagement,
        lambda: engagements.correct(by=None, engagement=engagement, supporting_guilds=[make_guild("sciences")]),
    )


def test_a_withdrawal_gives_back_the_places_that_it_released():
    pledge, school = make_open_pledge(), make_school()
    allocation = pledges.allocate(by=None, pledge=pledge, provider=school, quantity=4)
    token = current_request_id.set("one-press-of-a-button")
    pledges.withdraw(by=None, pledge=pledge, reason="They moved away")
    current_request_id.reset(token)

    undo(by=None, record=pledge, event=latest(pledge))

    allocation.refresh_from_db()
    assert (pledge.status, pledge.status_reason, allocation.status) == ("open", "", "agreed")

    asked = make_request(by=None, provider=school, kind="placement", quantity=2)
    offered = pledges.allocate(by=None, pledge=pledge, provider=school, quantity=2, status="requested", request=asked)
    token = current_request_id.set("another-press")
    move_request(by=None, request=asked, verb="close", reason="Nobody can")
    current_request_id.reset(token)
    undo(by=None, record=asked, event=latest(asked))
    offered.refresh_from_db()
    assert (asked.status, offered.status) == ("open", "requested")


def test_what_stands_in_the_way_is_said():
    now = timezone.now()
    school = make_school()
    engagement = make_engagement(attendances=[{"provider": school, "learners": 3}])
    engagements.deliver(by=None, engagement=engagement)
    closed = latest(engagement)
    engagements.answer(by=None, attendance=engagement.attendances.get(), answer="confirmed")
    assert "has answered since" in hindrance(engagement, closed, at=now)
    with pytest.raises(Conflict, match="has answered since"):
        undo(by=None, record=engagement, event=closed)

    pledge = make_pledge()
    assert "can't be undone" in hindrance(pledge, latest(pledge), at=now), "what was recorded is not unrecorded"
    pledges.verify(by=None, pledge=pledge)
    verified = latest(pledge)
    assert "24 hours" in hindrance(pledge, verified, at=verified.at + timedelta(hours=25))
    allocation = pledges.allocate(by=None, pledge=pledge, provider=school, quantity=10)
    assert "release those first" in hindrance(pledge, verified, at=now)
    pledges.release(by=None, allocation=allocation)
    released = latest(allocation)
    pledges.allocate(by=None, pledge=pledge, provider=make_school(), quantity=1)
    assert "Only 9 places remain" in hindrance(allocation, released, at=now)

    membership = make_membership(make_employer())
    registry.leave_guild(by=None, membership=membership, left_on=DAY)
    left = latest(membership)
    make_membership(membership.organisation, joined_on=DAY)
    with pytest.raises(Exception, match="member of this guild already"):
        undo(by=None, record=membership, event=left)


def test_only_somebody_who_may_do_it_undoes_it_and_only_once():
    engagement, pledge = make_engagement(), make_pledge()
    engagements.confirm(by=None, engagement=engagement)
    pledges.verify(by=None, pledge=pledge)
    with pytest.raises(PermissionDenied):
        undo(by=make_coordinator("sciences"), record=engagement, event=latest(engagement))
    with pytest.raises(PermissionDenied):
        undo(by=make_employer_member(pledge.employer), record=pledge, event=latest(pledge))
    event = latest(engagement)
    undo(by=make_coordinator(), record=engagement, event=event)
    with pytest.raises(Conflict, match="undone already"):
        undo(by=make_coordinator(), record=engagement, event=event)


def test_a_school_takes_back_its_answer_and_its_word_on_a_placement_and_no_other_does():
    school, other = make_school(), make_school()
    engagement = make_engagement(attendances=[{"provider": school, "learners": 30}, {"provider": other, "learners": 5}])
    engagements.deliver(by=None, engagement=engagement)
    member, row = make_school_member(school), engagement.attendances.get(provider=school)
    engagements.answer(by=member, attendance=row, answer="disputed", learners=28, note="Two were ill")
    answered = latest(engagement)
    for nobody in (make_school_member(other), make_coordinator(), make_commission_member()):
        with pytest.raises(PermissionDenied):
            undo(by=nobody, record=engagement, event=answered)
    undo(by=member, record=engagement, event=answered)
    row.refresh_from_db()
    assert (row.answer, row.answered_learners, row.answer_note, row.answered_by) == ("unanswered", None, "", None)
    engagements.answer(by=member, attendance=row, answer="confirmed")
    engagements.answer(by=None, attendance=engagement.attendances.get(provider=other), answer="confirmed")
    with pytest.raises(PermissionDenied):
        undo(by=member, record=engagement, event=latest(engagement))

    placement = make_placement(provider=school)
    opportunities.mark_did_not_attend(by=member, placement=placement)
    undo(by=member, record=placement, event=latest(placement))
    assert placement.status == "arranged"


def test_a_note_goes_with_its_words_and_a_target_is_where_it_was():
    employer, author = make_employer(), make_coordinator()
    facts = {"organisation": employer, "kind": "call", "happened_on": DAY, "summary": "Sam is leaving"}
    note = notes.log_interaction(by=author, **facts)
    stands_as_before(note, lambda: notes.correct_interaction(by=None, interaction=note, summary="Sam moves"))
    with pytest.raises(Conflict, match="can't be undone"):
        undo(by=None, record=note, event=latest(note))
    second = notes.log_interaction(by=author, **facts | {"happened_on": DAY + timedelta(days=1)})
    with pytest.raises(PermissionDenied):
        undo(by=make_coordinator(), record=second, event=latest(second))
    undo(by=author, record=second, event=latest(second))
    employer.refresh_from_db()
    assert (list(employer.interactions.all()), employer.last_contact_on) == ([note], DAY)
    told = Event.objects.filter(subject_id=second.pk)
    assert {event.verb for event in told} == {"logged", "undo"} and "Sam" not in str(list(told.values()))

    target = set_target(by=None, measure="encounters", period="2016-17", value=100)
    stands_as_before(target, lambda: move_target(by=None, target=target, value=90, reason="Snow"))
    stands_as_before(target, lambda: end_target(by=None, target=target, on=DAY, reason="Snow"))
