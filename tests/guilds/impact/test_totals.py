"""What a table of figures has: its rows, its targets, what it refuses, what it costs."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guilds.engagement.models import EngagementKind
from guilds.impact import cells, periods
from guilds.impact.measures import BY_KIND, MEASURES, METHODOLOGY_VERSION
from guilds.impact.targets import set_target
from guilds.impact.totals import Scope, summary
from guilds.reference import actions as reference
from tests.factories import (
    make_district,
    make_employer,
    make_engagement,
    make_guild,
    make_membership,
    make_open_pledge,
    make_placement,
    make_school,
    moment,
)
from tests.guilds.refused import refused

pytestmark = pytest.mark.django_db

YEAR = periods.parse("2016-17")


def table(by: str = "guild", period=YEAR, measures=None, **scope):
    cells.refresh()
    return summary(period=period, by=by, scope=Scope(**scope), measures=measures)


def keys(found) -> list[str]:
    return [row.key for row in found.rows]


class TestRows:
    def test_all_guilds_are_there_without_any_record(self):
        call_command("load_reference", verbosity=0)
        found = table()

        assert len(found.rows) == 9
        assert keys(found)[-1] == "county-wide"
        assert {figure.value for row in found.rows for figure in row.measures.values()} == {0, None}

    def test_all_districts_and_what_is_in_none(self):
        call_command("load_reference", verbosity=0)
        found = table("district")

        assert len(found.rows) == 15
        assert keys(found)[-2:] == ["outside", "unknown"]
        assert [row.label for row in found.rows[-2:]] == ["Outside Kent and Medway", "Not known"]

    def test_a_guild_that_is_gone_is_there_where_it_led_something(self):
        gone = make_guild("old-guild", active_to=date(2015, 1, 1))
        assert "old-guild" not in keys(table())

        make_engagement(guild=gone, status="delivered")

        assert "old-guild" in keys(table())

    def test_a_guild_that_began_in_the_period_is_there(self):
        make_guild("new-guild", active_from=date(2017, 8, 31))

        assert "new-guild" in keys(table())
        assert "new-guild" not in keys(table(period=periods.parse("2015-16")))

    def test_kinds_tell_only_what_is_told_by_kind(self):
        found = table("kind")

        assert keys(found) == EngagementKind.values
        assert set(found.total.measures) == set(BY_KIND)

    def test_months_and_total(self):
        assert keys(table("month"))[::11] == ["2016-09", "2017-08"]
        assert keys(table("total")) == ["total"]
        assert set(table("total").total.measures) == set(MEASURES)

    def test_a_filter_leaves_its_own_row(self):
        make_guild("sciences")
        assert keys(table(guild="sciences")) == ["sciences"]
        assert keys(table("kind", kind="workshop")) == ["workshop"]

    def test_what_it_rests_on(self):
        make_engagement(status="delivered")
        found = table()

        assert found.methodology_version == METHODOLOGY_VERSION
        assert found.refreshed_at is not None
        assert found.period == YEAR

    def test_what_is_not_counted_yet_is_not_shown(self):
        table()
        make_engagement(status="delivered")

        assert cells.pending()
        assert summary(period=YEAR, by="total").total.measures["engagements"].value == 0


class TestTargets:
    def test_each_row_has_its_own(self):
        guild, district = make_guild("sciences"), make_district()
        make_guild("land-based")
        for value, place in ((300, {}), (40, {"guild": guild}), (25, {"district": district})):
            set_target(by=None, measure="apprenticeships_created", period="2016-17", value=value, **place)
        by_guild, by_district = table(), table("district")

        aims = {row.key: row.measures["apprenticeships_created"].target for row in by_guild.rows + by_district.rows}
        assert aims["sciences"] == 40
        assert aims["E07000114"] == 25
        assert aims["land-based"] is aims["county-wide"] is aims["unknown"] is None
        assert by_guild.total.measures["apprenticeships_created"].target == 300
        assert table("total", guild="sciences").total.measures["apprenticeships_created"].target == 40

    def test_none_for_a_part_of_what_it_was_set_for(self):
        set_target(by=None, measure="engagements", period="2016-17", value=300)
        make_guild("sciences")

        assert table("total", kind="workshop").total.measures["engagements"].target is None
        assert table("total", guild="sciences").total.measures["engagements"].target is None
        assert table("total", period=periods.parse("2016-17-Q1")).total.measures["engagements"].target is None

    def test_months_have_their_own(self):
        set_target(by=None, measure="engagements", period="2017-03", value=7)

        aims = {row.key: row.measures["engagements"].target for row in table("month").rows}
        assert aims.pop("2017-03") == 7
        assert set(aims.values()) == {None}


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"by": "week"}, "by"), ({"measures": ["young_people"]}, "measures"), ({"guild": "nobody"}, "guild"),
     ({"district": "E07"}, "district"), ({"kind": "party"}, "kind"), ({"by": "kind", "measures": ["pledges"]}, "measures")],
)  # fmt: skip
def test_what_does_not_exist_is_refused(asked, field):
    assert field in refused(table, **asked)


class TestCost:
    def make_records(self, number: int) -> None:
        for n in range(number):
            school, employer = make_school(), make_employer()
            make_engagement(
                status="delivered", kind=EngagementKind.values[n % 8], starts_at=moment(date(2016, 9 + n % 4, 5)),
                attendances=[{"provider": school, "learners": n}], participations=[{"employer": employer}],
            )  # fmt: skip
            make_membership(school)
            make_membership(employer)
            make_open_pledge(employer=employer)
            make_placement(employer=employer, status="started")
        cells.refresh()

    @pytest.mark.parametrize("by", ["guild", "district", "kind", "month", "total"])
    @pytest.mark.parametrize("slug", ["2016-17", "2016-10_2017-04"])
    def test_queries_do_not_grow_with_the_records(self, by, slug):
        counts = []
        for _ in range(2):
            self.make_records(4)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                summary(period=periods.parse(slug), by=by)
            counts.append(len(queries))

        assert counts[0] == counts[1] <= 26


def test_a_new_guild_is_data_and_not_code():
    guild = reference.save_guild(by=None, slug="digital", name="Digital")
    make_engagement(guild=guild, status="delivered")

    found = {row.key: row.measures["engagements"].value for row in table().rows}
    assert found["digital"] == 1
