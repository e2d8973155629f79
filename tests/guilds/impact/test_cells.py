"""How figures are kept up to date: marks, turns, and giving way."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from guilds.audit.models import Event
from guilds.engagement import actions as engagement
from guilds.impact import cells, distinct, rebuild
from guilds.impact.models import Cell, DistinctCount, Freshness, Presence, StaleSlice
from guilds.organisations import actions as registry
from tests.factories import make_district, make_employer, make_engagement, make_guild, make_school, moment
from tests.guilds.impact.reading import value
from tests.threads import at_once

pytestmark = pytest.mark.django_db

FIRST = date(2016, 9, 5)


def log(number: int = 0, **fields):
    fields = {"attendances": [{"provider": make_school(), "learners": 5}], "status": "delivered"} | fields
    return make_engagement(starts_at=moment(FIRST + timedelta(days=number * 20)), **fields)


def test_a_refresh_counts_every_mark_and_then_there_is_none():
    log()
    marks = Event.objects.uncounted().count()

    assert cells.refresh() == marks > 0
    assert not cells.pending()
    assert cells.refresh() == 0


def test_counting_twice_changes_nothing():
    log()
    cells.refresh()
    before = list(Cell.objects.order_by("pk").values()), list(DistinctCount.objects.order_by("pk").values())

    Event.objects.update(counted=False)
    cells.refresh()

    assert before == (list(Cell.objects.order_by("pk").values()), list(DistinctCount.objects.order_by("pk").values()))


def test_many_changes_take_many_turns(monkeypatch):
    monkeypatch.setattr(cells, "MARKS", 3)
    monkeypatch.setattr(cells, "SLICES", 2)
    for number in range(12):
        log(number)

    cells.refresh()

    assert value("encounters") == 60
    assert not StaleSlice.objects.exists()
    assert list(rebuild.differences()) == []


def test_very_many_organisations_have_their_years_counted_once_for_all(monkeypatch):
    monkeypatch.setattr(distinct, "MANY", 2)
    school = make_school()
    for number in range(9):
        log(number, attendances=[{"provider": school, "learners": 5}, {"provider": make_school(), "learners": 1}])

    assert value("schools") == 10
    assert list(rebuild.differences()) == []


def test_a_school_that_moves_touches_all_that_it_took_part_in_and_nothing_else():
    school = make_school(district=make_district())
    moving = [log(number, attendances=[{"provider": school, "learners": 5}]) for number in range(3)]
    staying = log(8)
    cells.refresh()
    before = dict(Cell.objects.values_list("pk", "month"))

    registry.correct(by=None, organisation=school, district=make_district("E07000105", "Ashford"))
    cells.refresh()

    assert value("encounters", district="E07000105") == 15
    gone = {before[pk] for pk in before.keys() - set(Cell.objects.values_list("pk", flat=True))}
    assert gone == {event.starts_on.replace(day=1) for event in moving} - {staying.starts_on.replace(day=1)}


def test_what_nobody_counts_costs_no_slice():
    make_engagement(attendances=[{"provider": make_school(), "learners": 5}])
    registry.correct(by=None, organisation=make_employer(), phone="01622 000000")

    cells.refresh()

    assert not Cell.objects.exists()
    assert not Presence.objects.exists()


def test_an_event_that_moves_leaves_nothing_behind():
    event = log(guild=make_guild("sciences"))
    cells.refresh()

    engagement.correct(by=None, engagement=event, guild=make_guild("land-based"), starts_at=moment(date(2018, 1, 9)))

    assert value("encounters", guild="sciences") == 0
    assert value("encounters", "2016-17") == 0
    assert value("schools", "2016-17") == 0
    assert value("encounters", "2017-18", guild="land-based") == 5


def test_with_nothing_to_do_it_is_noted_that_the_figures_are_fresh():
    cells.refresh()

    assert Freshness.objects.get().at is not None


def test_a_failure_leaves_the_marks(monkeypatch):
    log()

    def fail(slices):
        raise RuntimeError("Power cut")

    with monkeypatch.context() as patch:
        patch.setattr(cells, "recount", fail)
        with pytest.raises(RuntimeError), transaction.atomic():
            cells.refresh()

    assert cells.pending()
    assert not Cell.objects.exists()
    assert value("encounters") == 5


@pytest.mark.django_db(transaction=True)
def test_many_at_once_count_the_same():
    cells.refresh()
    school = make_school()
    for number in range(12):
        log(number % 6, attendances=[{"provider": school, "learners": 5}])

    assert {type(counted) for counted in at_once([cells.refresh] * 4)} == {int}

    assert not cells.pending()
    assert list(rebuild.differences()) == []
    assert value("encounters") == 60


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time anyway")
def test_who_does_not_wait_gives_way_to_another():
    cells.refresh()
    log()

    with transaction.atomic():
        cells.lock()
        assert at_once([lambda: cells.refresh(wait=False)]) == [0]

    assert cells.pending()
