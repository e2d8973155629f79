"""Counting everything anew, and the look at whether that is needed."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from guilds.impact import cells, rebuild
from guilds.impact.models import Cell, DistinctCount, Presence
from tests.factories import (
    make_apprenticeship,
    make_employer,
    make_engagement,
    make_open_pledge,
    make_placement,
    make_school,
)
from tests.guilds.impact.reading import value

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted():
    make_engagement(
        status="delivered", kind="assembly", attendances=[{"provider": make_school(), "learners": 30}],
        participations=[{"employer": make_employer(), "hours": 2}],
    )  # fmt: skip
    make_open_pledge()
    make_placement(status="started")
    make_apprenticeship()
    cells.refresh()


def kept() -> list:
    return [
        sorted(Cell.objects.values_list("month", "guild", "district", "measure", "kind", "value", "missing")),
        sorted(Presence.objects.values_list("month", "measure", "kind", "organisation")),
        sorted(DistinctCount.objects.filter(value__gt=0).values_list("starts", "months", "measure", "guild", "kind", "value")),
    ]  # fmt: skip


def check() -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("rebuild_impact", check=True, stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def test_figures_that_are_right_differ_in_nothing(counted):
    said, status = check()

    assert status == 0
    assert "differences: 0" in said


@pytest.mark.parametrize(
    "spoil",
    [lambda: Cell.objects.all().delete(), lambda: Cell.objects.update(value=7), lambda: Cell.objects.update(missing=3),
     lambda: Presence.objects.all().delete(), lambda: Presence.objects.update(month=date(2016, 9, 1)),
     lambda: DistinctCount.objects.all().delete(), lambda: DistinctCount.objects.update(value=5),
     lambda: Cell.objects.create(month=date(2012, 1, 1), measure="pledges", value=3),
     lambda: DistinctCount.objects.create(measure="schools", starts=date(2012, 9, 1), months=12, guild="*", district="*",
                                          kind="*", value=3)],
)  # fmt: skip
def test_spoilt_figures_are_found_and_mended(counted, spoil):
    right = kept()
    spoil()
    spoilt = kept()

    said, status = check()
    assert (status, kept()) == (1, spoilt), "a look changes nothing"
    assert len(said.splitlines()) > 1

    call_command("rebuild_impact", stdout=StringIO())

    assert check()[1] == 0
    assert kept() == right


def test_changes_that_wait_are_told():
    make_open_pledge()

    said, status = check()

    assert status == 1
    assert "still to be counted" in said
    assert cells.pending()


def test_rebuilding_counts_what_waits():
    make_open_pledge()

    rebuild.rebuild()

    assert not cells.pending()
    assert value("pledges") == 1
