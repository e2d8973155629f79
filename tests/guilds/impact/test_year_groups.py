"""Which year groups met employers: what was delivered this year, adding up to the school's own encounters."""

from datetime import date

import pytest

from guilds.engagement import actions
from guilds.impact.organisation import impact_of
from guilds.impact.periods import parse
from guilds.impact.year_groups import coverage_of
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_each_year_group_with_those_that_met_nobody(django_assert_num_queries):
    school, year = make.make_school(), parse("2016-17")
    rows = [("9", 30), ("Year 9", 4), ("10", None), ("", 7)]
    event = make.make_engagement(
        status="delivered", attendances=[{"provider": school, "year_group": group, "learners": n} for group, n in rows]
    )
    actions.answer(by=None, attendance=event.attendances.get(year_group="9"), answer="confirmed")
    make.make_engagement(status="delivered", attendances=[{"provider": school, "year_group": "9", "learners": 5}])
    elsewhere = {"provider": make.make_school(), "year_group": "9", "learners": 900}
    make.make_engagement(status="delivered", attendances=[elsewhere])
    for fields in (
        {"status": "planned"}, {"status": "delivered", "kind": "staff_training", "learners": None},
        {"status": "delivered", "starts_at": make.moment(date(2017, 9, 1))},
    ):  # fmt: skip
        make.make_engagement(
            attendances=[{"provider": school, "year_group": "8", "learners": fields.pop("learners", 50)}], **fields
        )

    with django_assert_num_queries(1):
        found = coverage_of(school, year)
    assert [(row.year_group, row.engagements.value, row.encounters.value) for row in found] == [
        ("7", 0, 0), ("8", 0, 0), ("9", 2, 39), ("10", 1, 0), ("11", 0, 0), ("12", 0, 0), ("13", 0, 0), ("", 1, 7),
    ]  # fmt: skip
    own = impact_of(school, year).figures["encounters"]
    assert own.value == sum(row.encounters.value for row in found)
    assert (own.confirmed, own.missing) == (30, 1) == (
        sum(row.encounters.confirmed for row in found), sum(row.encounters.missing for row in found)
    )  # fmt: skip


def test_a_university_has_the_year_groups_that_came():
    assert coverage_of(make.make_school(provider_kind="university"), parse("2016-17")) == []
    ids = [row.year_group for row in coverage_of(make.make_school(provider_kind="fe_college"), parse("2016-17"))]
    assert ids == ["12", "13"]
