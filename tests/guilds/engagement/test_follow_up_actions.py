"""What was said, and what must be done next."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from guilds.audit.models import StatusChange
from guilds.audit.refusals import Conflict, Overtaken
from guilds.engagement import follow_up_actions as actions
from tests.factories import DAY, make_contact, make_coordinator, make_employer, make_employer_member

pytestmark = pytest.mark.django_db


def note(**fields):
    fields.setdefault("organisation", make_employer())
    return actions.log_interaction(
        **{"by": None, "kind": "call", "happened_on": DAY, "summary": "Asked about May"} | fields
    )


def task(**fields):
    fields.setdefault("assigned_to", make_coordinator())
    return actions.add_follow_up(**{"by": None, "what": "Call again", "due_on": DAY} | fields)


def refused(call, *args, **kwargs) -> dict:
    with pytest.raises(ValidationError) as refusal:
        call(*args, **kwargs)
    return refusal.value.message_dict


def test_a_note_says_something_that_has_been_said():
    assert note().summary == "Asked about May"
    assert refused(note, summary="") == {"summary": ["Enter this"]}
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert refused(note, happened_on=tomorrow) == {"happened_on": ["It lies in the future: make it a follow-up"]}


def test_a_note_is_about_a_person_of_that_organisation():
    employer = make_employer()
    assert note(organisation=employer, contact=make_contact(employer)).contact
    assert "contact" in refused(note, organisation=employer, contact=make_contact())


def test_correcting_a_note_that_somebody_else_corrected():
    interaction = note()
    actions.correct_interaction(by=None, interaction=interaction, summary="Asked about June")
    with pytest.raises(Overtaken):
        actions.correct_interaction(by=None, interaction=interaction, summary="July", expected_version=1)


def test_a_task_is_for_somebody_of_the_team():
    assert "assigned_to" in refused(task, assigned_to=make_employer_member())
    assert "assigned_to" in refused(
        actions.correct_follow_up, by=None, follow_up=task(), assigned_to=make_employer_member()
    )


def test_a_task_is_done_dropped_and_taken_up_again():
    follow_up = task()
    actions.move_follow_up(by=None, follow_up=follow_up, verb="finish")
    actions.move_follow_up(by=None, follow_up=follow_up, verb="reopen")
    assert refused(actions.move_follow_up, by=None, follow_up=follow_up, verb="drop") == {"reason": ["Say why"]}
    actions.move_follow_up(by=None, follow_up=follow_up, verb="drop", reason="No longer needed")
    assert [step.to_status for step in StatusChange.objects.of(follow_up)] == ["open", "done", "open", "dropped"]
    with pytest.raises(Conflict):
        actions.move_follow_up(by=None, follow_up=follow_up, verb="finish")


def test_a_task_is_put_off():
    follow_up = task()
    actions.snooze_follow_up(by=None, follow_up=follow_up, due_on=date(2017, 5, 1))
    assert (follow_up.due_on, follow_up.status) == (date(2017, 5, 1), "open")
