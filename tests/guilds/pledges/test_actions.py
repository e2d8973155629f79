"""The life of a promise: recorded, verified, amended, ended."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from guilds.audit.models import Event, StatusChange
from guilds.audit.refusals import Overtaken
from guilds.pledges import actions
from guilds.pledges.models import Amendment, Pledge
from tests.factories import (
    DAY,
    make_contact,
    make_coordinator,
    make_district,
    make_employer,
    make_open_pledge,
    make_placement,
    make_pledge,
    make_school,
)
from tests.guilds.refused import conflict, refused

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NOT_YET = "A promise is not made in the future: give today or a day before"


def life_of(record):
    return [step.to_status for step in StatusChange.objects.of(record)]


def standing(pledge):
    return Pledge.objects.with_progress().get(pk=pledge.pk).standing


def fulfilled_pledge(**fields):
    pledge = make_open_pledge(quantity=1, **fields)
    placement = make_placement(employer=pledge.employer, status="started")
    actions.credit(by=None, pledge=pledge, placement=placement)
    return pledge


def test_recorded_verified_and_counted_from_then_on():
    coordinator, place = make_coordinator(), make_district()
    pledge = make_pledge(by=coordinator, districts=[place])
    assert (pledge.status, pledge.verified_on, pledge.current_quantity) == ("unverified", None, 10)
    actions.verify(by=coordinator, pledge=pledge)
    assert (pledge.status, pledge.verified_on) == ("open", TODAY)
    assert life_of(pledge) == ["unverified", "open"]
    assert StatusChange.objects.of(pledge)[0].happened_on == DAY


def test_history_of_a_new_pledge_says_what_reading_it_back_says():
    pledge = make_pledge(districts=[make_district(), make_district("E06000035", "Medway")])
    actions.correct(by=None, pledge=pledge, notes="Ring first")
    changed, recorded = Event.objects.about(pledge)
    assert recorded.after == changed.before


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"quantity": 0}, {"quantity": ["Promise 1 or more"]}),
        ({"made_on": TODAY + timedelta(days=1)}, {"made_on": [NOT_YET]}),
        ({"valid_until": DAY - timedelta(days=1)}, {"valid_until": ["It can't run out before it was made"]}),
        ({"made_through": "rumour"}, {"made_through": ["Choose one of: coordinator, portal, desk, import, api"]}),
        ({"status": "fulfilled"}, {"status": ["Fulfilled follows from what was delivered"]}),
        ({"status": "withdrawn"}, {"status": ["Say why"]}),
    ],
)  # fmt: skip
def test_refusals_say_what_would_be_accepted(fields, told):
    field = next(iter(told))
    assert refused(make_pledge, **fields)[field][:1] == told[field]


def test_schools_promise_nothing():
    school = make_school()
    assert refused(make_pledge, employer=school) == {"employer": [f"{school} is not an employer: choose one"]}


def test_the_person_to_ask_works_there_and_may_be_asked():
    employer = make_employer()
    assert make_pledge(employer=employer, contact=make_contact(employer)).contact
    assert "contact" in refused(make_pledge, employer=employer, contact=make_contact())
    silent = make_contact(employer, do_not_contact=True)
    assert refused(make_pledge, employer=employer, contact=silent) == {
        "contact": ["This person asked not to be contacted: choose somebody else"]
    }


def test_a_person_who_asks_to_be_left_alone_later_stays_on_record():
    employer = make_employer()
    contact = make_contact(employer)
    pledge = make_pledge(employer=employer, contact=contact)
    contact.do_not_contact = True
    contact.save()
    actions.correct(by=None, pledge=pledge, notes="Write to the office")
    assert pledge.contact_id == contact.pk


def test_until_it_is_verified_it_changes_freely():
    pledge = make_pledge()
    actions.correct(by=None, pledge=pledge, quantity=12, kind="apprenticeship")
    assert (pledge.quantity, pledge.current_quantity) == (12, 12)


def test_the_first_promise_never_changes_after_verification():
    pledge = make_open_pledge(quantity=10)
    assert "quantity" in refused(actions.correct, by=None, pledge=pledge, quantity=12)
    actions.amend(by=None, pledge=pledge, quantity=12, reason="Two more")
    assert (pledge.quantity, pledge.current_quantity) == (10, 12)


def test_an_amendment_is_dated_with_a_reason():
    coordinator, pledge = make_coordinator(), make_open_pledge(quantity=10)
    day = DAY + timedelta(days=3)
    actions.amend(by=coordinator, pledge=pledge, quantity=12, reason="Two more", on=day)
    actions.amend(by=coordinator, pledge=pledge, quantity=8, reason="A machine broke", on=day)
    told = [(a.quantity_before, a.quantity_after, a.amended_on, a.reason) for a in pledge.amendments.all()]
    assert told == [(10, 12, day, "Two more"), (12, 8, day, "A machine broke")]
    assert {event.actor for event in Event.objects.filter(subject_type="amendment")} == {coordinator}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": 10}, "quantity"),
        ({"reason": " "}, "reason"),
        ({"on": TODAY + timedelta(days=1)}, "on"),
        ({"on": DAY - timedelta(days=1)}, "on"),
    ],
)
def test_an_amendment_that_is_none_is_refused(change, field):
    pledge = make_open_pledge(quantity=10)
    assert list(
        refused(actions.amend, **{"by": None, "pledge": pledge, "quantity": 12, "reason": "More"} | change)
    ) == [field]
    assert not Amendment.objects.exists()


def test_only_an_open_pledge_is_amended():
    conflict(actions.amend, by=None, pledge=make_pledge(), quantity=5, reason="Fewer")
    lapsed = make_open_pledge(status="lapsed")
    conflict(actions.amend, by=None, pledge=lapsed, quantity=5, reason="Fewer")


def test_an_amendment_leaves_what_schools_were_promised():
    pledge = make_open_pledge(quantity=10)
    actions.allocate(by=None, pledge=pledge, provider=make_school(), quantity=6)
    told = refused(actions.amend, by=None, pledge=pledge, quantity=5, reason="Fewer")
    assert told == {
        "quantity": ["6 are agreed with schools or colleges, or delivered: give 6 or more, or release some first"]
    }
    actions.amend(by=None, pledge=pledge, quantity=6, reason="Fewer")


def test_an_amendment_of_what_somebody_else_amended():
    pledge = make_open_pledge(quantity=10)
    actions.amend(by=None, pledge=pledge, quantity=12, reason="Two more")
    with pytest.raises(Overtaken):
        actions.amend(by=None, pledge=pledge, quantity=11, reason="One more", expected_version=1)


def test_it_is_not_verified_before_it_was_made():
    assert "on" in refused(actions.verify, by=None, pledge=make_pledge(), on=DAY - timedelta(days=1))


@pytest.mark.parametrize("verb", ["verify", "reject"])
def test_what_was_verified_is_not_verified_or_rejected_again(verb):
    why = {"reason": "Not real"} if verb == "reject" else {}
    assert "This pledge is open" in conflict(getattr(actions, verb), by=None, pledge=make_open_pledge(), **why)


def test_a_pledge_that_is_not_real_is_rejected_and_never_counted():
    pledge = make_pledge()
    assert refused(actions.reject, by=None, pledge=pledge, reason="") == {"reason": ["Say why"]}
    actions.reject(by=None, pledge=pledge, reason="A joke")
    assert (pledge.status, pledge.verified_on) == ("rejected", None)
    assert not Pledge.objects.verified().exists()


def test_a_withdrawn_pledge_gives_back_what_was_agreed():
    coordinator, pledge = make_coordinator(), make_open_pledge()
    agreed = actions.allocate(by=None, pledge=pledge, provider=make_school(), quantity=4)
    asked = actions.allocate(by=None, pledge=pledge, provider=make_school(), quantity=2, status="requested")
    actions.withdraw(by=coordinator, pledge=pledge, reason="Closing down")
    for allocation in (agreed, asked):
        allocation.refresh_from_db()
        assert allocation.status == "released"
        assert StatusChange.objects.of(allocation).last().reason == "Closing down"
    assert (pledge.status, pledge.status_reason) == ("withdrawn", "Closing down")


def test_a_withdrawn_pledge_says_why():
    assert refused(actions.withdraw, by=None, pledge=make_open_pledge(), reason=" ") == {"reason": ["Say why"]}


def test_what_is_fulfilled_is_not_taken_back():
    pledge = fulfilled_pledge(valid_until=DAY)
    assert "fulfilled" in conflict(actions.withdraw, by=None, pledge=pledge, reason="No")
    assert "fulfilled" in conflict(actions.lapse, by=None, pledge=pledge, on=TODAY)


def test_a_pledge_lapses_when_its_validity_is_over():
    pledge = make_open_pledge(valid_until=date(2017, 7, 31))
    assert "valid_until" in refused(actions.lapse, by=None, pledge=pledge, on=date(2017, 7, 31))
    actions.lapse(by=None, pledge=pledge, on=date(2017, 8, 1))
    assert pledge.status == "lapsed"
    assert StatusChange.objects.of(pledge).last().happened_on == date(2017, 8, 1)


def test_every_overdue_pledge_lapses_once_and_no_fulfilled_one():
    overdue = make_open_pledge(valid_until=DAY)
    fulfilled_pledge(valid_until=DAY)
    make_pledge(valid_until=DAY)
    make_open_pledge(valid_until=None)
    assert actions.lapse_overdue(by=None, on=TODAY) == 1
    assert actions.lapse_overdue(by=None, on=TODAY) == 0
    assert standing(overdue) == "lapsed"


def test_a_lapsed_pledge_is_open_again_when_it_runs_longer():
    pledge = make_open_pledge(status="lapsed", valid_until=DAY)
    assert refused(actions.extend, by=None, pledge=pledge, valid_until=TODAY, reason="") == {"reason": ["Say why"]}
    actions.extend(by=None, pledge=pledge, valid_until=TODAY, reason="Still keen")
    assert (pledge.status, pledge.valid_until) == ("open", TODAY)


def test_running_longer_means_later():
    pledge = make_open_pledge(valid_until=TODAY)
    told = refused(actions.extend, by=None, pledge=pledge, valid_until=TODAY, reason="")
    assert "give a later day" in told["valid_until"][0]
    conflict(actions.extend, by=None, pledge=make_pledge(), valid_until=TODAY, reason="x")


def test_a_promise_unverified_and_amended_can_not_be_kept_even_past_the_actions():
    pledge = make_pledge(quantity=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pledge.objects.filter(pk=pledge.pk).update(current_quantity=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pledge.objects.filter(pk=pledge.pk).update(status="open")
