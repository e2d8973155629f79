"""How a record is written: versions, history, and two people at once."""

import pytest
from django.core.exceptions import ValidationError

from guilds.audit.models import Event
from guilds.audit.refusals import Conflict, Overtaken
from guilds.engagement import actions
from tests.factories import make_coordinator, make_engagement

pytestmark = pytest.mark.django_db


def test_changing_raises_the_version_and_tells_before_and_after():
    coordinator = make_coordinator()
    engagement = make_engagement(by=coordinator)
    actions.correct(by=coordinator, engagement=engagement, title="Careers evening", reason="Wrong title")
    event = Event.objects.about(engagement)[0]
    assert engagement.version == 2
    assert (event.before["title"], event.after["title"]) == ("Careers fair", "Careers evening")
    assert (event.actor, event.verb, event.reason) == (coordinator, "corrected", "Wrong title")


def test_a_change_that_changes_nothing_leaves_no_trace():
    engagement = make_engagement()
    actions.correct(by=None, engagement=engagement, title=engagement.title)
    assert engagement.version == 1
    assert [event.verb for event in Event.objects.about(engagement)] == ["logged"]


def test_changing_with_the_version_that_is_there():
    engagement = make_engagement()
    actions.correct(by=None, engagement=engagement, title="Careers evening", expected_version=1)
    assert engagement.version == 2


def test_changing_what_somebody_else_has_changed_is_refused_and_says_what():
    coordinator = make_coordinator()
    engagement = make_engagement()
    actions.correct(by=coordinator, engagement=engagement, title="Careers evening")
    actions.correct(by=coordinator, engagement=engagement, notes="In the hall")
    with pytest.raises(Overtaken) as refusal:
        actions.correct(by=None, engagement=engagement, title="Careers day", expected_version=1)
    assert isinstance(refusal.value, Conflict)
    assert list(refusal.value.message_dict) == ["version"]
    assert refusal.value.changed_fields == ["notes", "title"]
    assert [event.actor for event in refusal.value.changes] == [coordinator, coordinator]
    assert refusal.value.current.title == "Careers evening"


def test_an_overtaken_change_of_rows_changes_no_rows():
    engagement = make_engagement()
    actions.correct(by=None, engagement=engagement, title="Careers evening")
    with pytest.raises(Overtaken):
        actions.deliver(by=None, engagement=engagement, attendances=[], expected_version=1)
    engagement.refresh_from_db()
    assert engagement.status == "planned"


def test_a_refused_change_changes_nothing():
    engagement = make_engagement()
    with pytest.raises(ValidationError) as refusal:
        actions.correct(by=None, engagement=engagement, kind="party")
    assert list(refusal.value.message_dict) == ["kind"]
    engagement.refresh_from_db()
    assert (engagement.kind, engagement.version) == ("careers_event", 1)
