"""The rows behind a figure."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guilds.engagement import actions as engagement
from guilds.engagement.models import Attendance
from guilds.impact import periods
from guilds.impact.evidence import EvidenceRow, evidence
from guilds.impact.totals import Scope
from guilds.pledges import actions as pledges
from tests.factories import (
    make_apprenticeship,
    make_contact,
    make_district,
    make_employer,
    make_engagement,
    make_guild,
    make_open_pledge,
    make_placement,
    make_school,
    moment,
)
from tests.guilds.impact.reading import behind, value
from tests.guilds.refused import refused

pytestmark = pytest.mark.django_db

YEAR = periods.parse("2016-17")


def test_a_row_says_what_it_adds_and_what_is_missing():
    known, unknown = make_school("Known School", district=make_district()), make_school("Silent School")
    event = make_engagement(
        status="delivered", title="Fair",
        attendances=[{"provider": known, "learners": 12}, {"provider": unknown, "learners": None}],
    )  # fmt: skip
    engagement.answer(by=None, attendance=Attendance.objects.get(engagement=event, provider=known), answer="confirmed")

    found = {row.organisation: row for row in behind("encounters")}

    assert found["Known School"] == EvidenceRow(
        record="engagement", id=event.pk, title="Fair", on=date(2017, 3, 14), guild="hospitality-tourism",
        district="E07000114", organisation="Known School", status="delivered", contribution=12, confirmed=12,
    )  # fmt: skip
    silent = found["Silent School"]
    assert (silent.contribution, silent.missing, silent.district) == (0, True, None)
    assert [row.organisation for row in behind("encounters_missing")] == ["Silent School"]
    assert [row.organisation for row in behind("encounters_confirmed")] == ["Known School"]


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_pages_give_each_row_once(size):
    for number in range(7):
        rows = [{"provider": make_school(), "learners": 1}, {"provider": make_school(), "learners": number}]
        make_engagement(status="delivered", starts_at=moment(date(2017, 3, 1 + number // 3)), attendances=rows)

    found = behind("encounters", size=size)

    assert len(found) == 14
    assert sum(row.contribution for row in found) == value("encounters") == 28
    assert [row.on for row in found] == sorted((row.on for row in found), reverse=True)
    assert len({(row.id, row.organisation) for row in found}) == 14


def test_organisations_are_in_order_and_each_is_there_once():
    schools = [make_school(name) for name in ("Beech School", "Ash School", "Ash School")]
    for school in schools * 2:
        make_engagement(status="delivered", attendances=[{"provider": school}])

    found = behind("schools", size=2)

    assert [row.title for row in found] == ["Ash School", "Ash School", "Beech School"]
    assert {row.contribution for row in found} == {1}
    assert len(found) == value("schools")


def test_a_scope_narrows_the_rows():
    for guild in ("sciences", "land-based"):
        make_engagement(status="delivered", guild=make_guild(guild))
    make_engagement(status="delivered", guild=None, kind="assembly", district=make_district())

    assert [row.guild for row in behind("engagements", guild="sciences")] == ["sciences"]
    assert [row.guild for row in behind("engagements", guild="county-wide")] == [None]
    assert len(behind("engagements", district="unknown")) == 2
    assert len(behind("engagements", kind="assembly")) == 1
    assert behind("engagements", "2015-16") == []


def test_rows_behind_a_share_say_what_was_promised():
    pledge = make_open_pledge(quantity=8)
    make_open_pledge(quantity=2)
    placement = make_placement(employer=pledge.employer, learners=3, status="started")
    pledges.credit(by=None, pledge=pledge, placement=placement)

    found = behind("pledge_conversion")

    assert sorted((row.contribution, row.promised) for row in found) == [(0, 2), (3, 8)]


def test_opportunities_stand_where_their_workplace_is():
    employer = make_employer("Mill", district=make_district())
    make_apprenticeship(employer=employer, positions=2)

    (row,) = behind("apprenticeships_created", district="E07000114")
    assert (row.record, row.organisation, row.contribution) == ("apprenticeship", "Mill", 2)


def test_no_personal_details():
    employer = make_employer()
    contact = make_contact(employer, name="Zoe Private", email="zoe@private.example")
    make_open_pledge(employer=employer, contact=contact, notes="Ask Zoe Private")

    assert "Private" not in repr(behind("pledges"))


def test_a_page_costs_the_same_whatever_is_on_it():
    counts = []
    for _ in range(2):
        for _ in range(3):
            make_engagement(status="delivered", attendances=[{"provider": make_school(), "learners": 1}])
        behind("encounters")
        with CaptureQueriesContext(connection) as queries:
            evidence(measure="encounters", period=YEAR)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"measure": "people"}, "measure"), ({"after": "nonsense"}, "after"), ({"after": "bm8="}, "after"),
     ({"scope": Scope(guild="nobody")}, "guild"), ({"measure": "pledges", "scope": Scope(kind="workshop")}, "kind")],
)  # fmt: skip
def test_what_does_not_exist_is_refused(asked, field):
    assert field in refused(evidence, **{"measure": "engagements", "period": YEAR} | asked)
