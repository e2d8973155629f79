"""Many records changed in one go: the same rules and history as one by one, in queries that do not grow."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guilds.audit.models import Event, StatusChange
from guilds.audit.refusals import Conflict
from guilds.audit.together import together
from guilds.opportunities import actions
from guilds.opportunities.models import Placement
from tests.factories import make_coordinator, make_engagement, make_placement, make_school

pytestmark = pytest.mark.django_db

ON = date(2017, 3, 14)


def arranged(many: int, **fields) -> list[Placement]:
    return [make_placement(provider=make_school(), starts_on=ON, **fields) for _ in range(many)]


def told(record) -> tuple:
    event, step = Event.objects.about(record)[0], StatusChange.objects.of(record).last()
    return (
        *(event.verb, event.actor, event.reason, event.before["status"], event.after["status"], event.counted),
        *(step.from_status, step.to_status, step.happened_on, step.actor, step.reason),
    )


def test_it_is_written_and_told_as_one_by_one():
    by = make_coordinator()
    one, *others = arranged(3)
    actions.start_placement(by=by, placement=one, on=ON)

    with together(others):
        for placement in others:
            actions.start_placement(by=by, placement=placement, on=ON)
            assert placement.status == "started", "the caller's own copy is up to date"
            assert Placement.objects.get(pk=placement.pk).status == "arranged", "and nothing is saved yet"

    for placement in others:
        saved = Placement.objects.get(pk=placement.pk)
        assert (saved.status, saved.version, saved.created_at) == ("started", 2, placement.created_at)
        assert saved.updated_at > saved.created_at
        assert told(saved) == told(one)


def test_what_is_refused_stays_as_it_was_and_holds_up_no_other():
    good, over, dirty = arranged(3)
    actions.start_placement(by=None, placement=Placement.objects.get(pk=over.pk))
    event = make_engagement()

    with together([good, over, dirty]):
        with pytest.raises(Conflict):
            actions.start_placement(by=None, placement=over)
        with pytest.raises(ValidationError):
            actions.cancel_placement(by=None, placement=dirty, reason=" ")
        actions.correct_placement(by=None, placement=dirty, learners=7)
        actions.start_placement(by=None, placement=good)
        actions.correct_placement(by=None, placement=good, learners=8)
        actions.correct_placement(by=None, placement=good, learners=8)

    found = [Placement.objects.get(pk=one.pk) for one in (good, over, dirty)]
    assert [(one.status, one.version) for one in found] == [("started", 3), ("started", 2), ("arranged", 2)]
    assert [one.learners for one in found] == [8, over.learners, 7]
    assert [one.verb for one in Event.objects.about(good)] == ["corrected", "start", "arranged"]

    with pytest.raises(RuntimeError), together([good]):
        actions.complete_placement(by=None, placement=good)
        make_engagement(title="Made meanwhile")
        raise RuntimeError
    assert Placement.objects.get(pk=good.pk).status == "started", "an error leaves all as they were"
    with together([]):
        actions.complete_placement(by=None, placement=Placement.objects.get(pk=good.pk))
    assert Placement.objects.get(pk=good.pk).status == "completed", "what is not among them is saved as ever"
    assert type(event).objects.count() == 1


def test_many_cost_as_many_queries_as_few():
    counts = []
    for many in (2, 12):
        some = arranged(many)
        with (
            CaptureQueriesContext(
                connection,
            ) as queries,
            together(some),
        ):
            for placement in some:
                actions.start_placement(by=None, placement=placement)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16
