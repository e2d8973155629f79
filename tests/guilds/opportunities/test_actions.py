"""Placements and apprenticeships: their lives, and what can't have happened yet."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from guilds.audit.models import StatusChange
from guilds.audit.refusals import Overtaken
from guilds.opportunities import actions
from guilds.opportunities.models import APPRENTICESHIP_LIFECYCLE, PLACEMENT_LIFECYCLE, Apprenticeship, Placement
from guilds.reference.actions import save_standard
from tests.factories import (
    DAY,
    make_apprenticeship,
    make_commission_member,
    make_coordinator,
    make_district,
    make_employer,
    make_employer_member,
    make_placement,
    make_school,
    make_school_member,
)
from tests.guilds.refused import conflict, refused

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)

PLACEMENT_VERBS = {
    "start": actions.start_placement,
    "complete": actions.complete_placement,
    "cancel": actions.cancel_placement,
    "withdraw": actions.withdraw_placement,
    "did_not_attend": actions.mark_did_not_attend,
}
APPRENTICESHIP_VERBS = {
    "fill": actions.fill_apprenticeship,
    "start": actions.start_apprenticeship,
    "complete": actions.complete_apprenticeship,
    "close_unfilled": actions.close_apprenticeship_unfilled,
    "cancel": actions.cancel_apprenticeship,
    "withdraw": actions.withdraw_apprenticeship,
}


def life_of(record):
    return [(step.to_status, step.happened_on, step.reason) for step in StatusChange.objects.of(record)]


def test_every_verb_of_a_lifecycle_has_its_action():
    assert PLACEMENT_VERBS.keys() == PLACEMENT_LIFECYCLE.steps.keys()
    assert APPRENTICESHIP_VERBS.keys() == APPRENTICESHIP_LIFECYCLE.steps.keys()


def test_a_placement_from_arranged_to_completed():
    placement = make_placement(learners=3)
    actions.start_placement(by=None, placement=placement, on=date(2017, 5, 1))
    actions.complete_placement(by=None, placement=placement, on=date(2017, 5, 12))
    assert life_of(placement) == [
        ("arranged", DAY, ""), ("started", date(2017, 5, 1), ""), ("completed", date(2017, 5, 12), ""),
    ]  # fmt: skip
    assert (placement.starts_on, placement.ends_on) == (date(2017, 5, 1), date(2017, 5, 12))


def test_a_placement_starts_on_its_planned_day():
    placement = make_placement(starts_on=date(2017, 5, 2), ends_on=date(2017, 5, 12))
    actions.start_placement(by=None, placement=placement)
    actions.complete_placement(by=None, placement=placement)
    assert [day for _, day, _ in life_of(placement)] == [DAY, date(2017, 5, 2), date(2017, 5, 12)]


def test_three_different_endings():
    cancelled, left, absent = make_placement(), make_placement(status="started"), make_placement()
    actions.cancel_placement(by=None, placement=cancelled, reason="No supervisor", cancelled_by="employer")
    actions.withdraw_placement(by=None, placement=left, reason="Found a job", on=date(2017, 3, 20))
    actions.mark_did_not_attend(by=None, placement=absent, reason="Was ill")
    assert (cancelled.status, cancelled.cancelled_by, cancelled.status_reason) == (
        "cancelled",
        "employer",
        "No supervisor",
    )
    assert (left.status, left.ends_on) == ("withdrawn", date(2017, 3, 20))
    assert (absent.status, absent.status_reason) == ("did_not_attend", "Was ill")
    assert set(Placement.objects.started()) == {left}


def test_whoever_leaves_early_leaves_before_the_planned_end():
    placement = make_placement(status="started", starts_on=TODAY, ends_on=TODAY + timedelta(days=9))
    actions.withdraw_placement(by=None, placement=placement, reason="Ill")
    assert (placement.ends_on, life_of(placement)[-1][1]) == (TODAY, TODAY)


@pytest.mark.parametrize("verb", ["cancel", "withdraw"])
def test_endings_that_somebody_chose_say_why(verb):
    placement = make_placement(status="arranged" if verb == "cancel" else "started")
    assert refused(PLACEMENT_VERBS[verb], by=None, placement=placement, reason="") == {"reason": ["Say why"]}


@pytest.mark.parametrize("status", ["arranged", "started", "completed", "cancelled", "withdrawn", "did_not_attend"])
def test_a_placement_takes_only_the_steps_of_its_lifecycle(status):
    for verb, action in PLACEMENT_VERBS.items():
        if verb not in PLACEMENT_LIFECYCLE.open_verbs(status):
            placement = make_placement(status=status, reason="Because")
            why = {"reason": "Because"} if PLACEMENT_LIFECYCLE.steps[verb].needs_reason else {}
            assert f"This placement is {status}" in conflict(action, by=None, placement=placement, **why)


@pytest.mark.parametrize(
    "status", ["open", "filled", "started", "completed", "closed_unfilled", "cancelled", "withdrawn"]
)
def test_an_apprenticeship_takes_only_the_steps_of_its_lifecycle(status):
    for verb, action in APPRENTICESHIP_VERBS.items():
        if verb not in APPRENTICESHIP_LIFECYCLE.open_verbs(status):
            record = make_apprenticeship(status=status, reason="Because", starts_on=DAY)
            why = {"reason": "Because"} if APPRENTICESHIP_LIFECYCLE.steps[verb].needs_reason else {}
            assert f"This apprenticeship is {status}" in conflict(action, by=None, apprenticeship=record, **why)


def test_an_apprenticeship_from_open_to_completed():
    record = make_apprenticeship(positions=2)
    actions.fill_apprenticeship(by=None, apprenticeship=record)
    actions.start_apprenticeship(by=None, apprenticeship=record, on=date(2017, 9, 4))
    actions.complete_apprenticeship(by=None, apprenticeship=record, on=date(2018, 9, 7))
    assert [(status, day) for status, day, _ in life_of(record)][0::2] == [("open", DAY), ("started", date(2017, 9, 4))]
    assert (record.status, record.ends_on) == ("completed", date(2018, 9, 7))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"learners": 0}, "learners"),
        ({"arranged_on": TOMORROW}, "arranged_on"),
        ({"starts_on": DAY, "ends_on": DAY - timedelta(days=1)}, "starts_on"),
        ({"status": "started", "starts_on": TOMORROW}, "starts_on"),
        ({"status": "completed", "starts_on": DAY, "ends_on": TOMORROW}, "ends_on"),
        ({"status": "cancelled"}, "reason"),
        ({"status": "withdrawn"}, "reason"),
        ({"cancelled_by": "employer"}, "cancelled_by"),
        ({"programme": "holiday"}, "programme"),
    ],
)
def test_a_placement_that_can_not_be_is_refused(fields, field):
    assert field in refused(make_placement, **fields)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"positions": 0}, "positions"),
        ({"level": 1}, "level"),
        ({"opened_on": TOMORROW}, "opened_on"),
        ({"starts_on": DAY, "ends_on": DAY - timedelta(days=1)}, "starts_on"),
        ({"status": "started"}, "status"),
        ({"status": "withdrawn", "starts_on": DAY}, "reason"),
        ({"intake": "may"}, "intake"),
    ],
)
def test_an_apprenticeship_that_can_not_be_is_refused(fields, field):
    assert field in refused(make_apprenticeship, **fields)


def test_employers_give_and_schools_send():
    school, employer = make_school(), make_employer()
    assert "employer" in refused(make_placement, employer=school)
    assert "provider" in refused(make_placement, provider=employer)
    assert "training_provider" in refused(make_apprenticeship, training_provider=employer)


def test_the_district_is_the_workplaces():
    thanet, medway = make_district(), make_district("E06000035", "Medway")
    employer, workplace = make_employer(district=thanet), make_employer(district=medway)
    placement = make_placement(employer=employer)
    assert placement.district == thanet
    actions.correct_placement(by=None, placement=placement, workplace=workplace)
    assert placement.district == medway


def test_title_and_level_are_copied_from_the_standard_and_stay():
    standard = save_standard(by=None, reference="ST0228", title="Chef de partie", level=3)
    record = make_apprenticeship(standard=standard, standard_title="", level=None)
    save_standard(by=None, reference="ST0228", title="Senior chef", level=4)
    record.refresh_from_db()
    assert (record.standard_title, record.level) == ("Chef de partie", 3)


def test_a_correction_that_was_overtaken_is_refused():
    placement = make_placement()
    actions.correct_placement(by=None, placement=placement, learners=2)
    with pytest.raises(Overtaken):
        actions.correct_placement(by=None, placement=placement, learners=3, expected_version=1)
    assert placement.learners == 2


def test_who_sees_what():
    employer, school = make_employer_member(), make_school_member()
    own = make_placement(employer=employer.organisation, provider=school.organisation)
    made = make_apprenticeship(employer=employer.organisation, training_provider=school.organisation)
    make_placement(status="cancelled", reason="No supervisor")
    make_apprenticeship(status="cancelled", reason="No supervisor")
    for member in (employer, school):
        assert list(Placement.objects.visible_to(member)) == [own]
        assert list(Apprenticeship.objects.visible_to(member)) == [made]
    assert Placement.objects.visible_to(make_coordinator("sciences")).count() == 2
    assert list(Placement.objects.visible_to(make_commission_member())) == [own]
    assert list(Apprenticeship.objects.visible_to(make_commission_member())) == [made]
    assert not Placement.objects.visible_to(AnonymousUser()).exists()
