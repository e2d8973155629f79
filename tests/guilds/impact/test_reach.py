"""Schools that had an encounter ÷ schools that there are: who counts, when, and as what."""

from collections import Counter
from datetime import date

import pytest

from guilds.audit.models import StatusChange
from guilds.impact import cells, periods
from guilds.impact.reach import Coverage
from guilds.impact.scopes import Scope
from guilds.impact.totals import summary
from guilds.importing.apply import run
from guilds.organisations import actions as registry
from guilds.organisations.models import Identifier
from guilds.reference.loading import load_reference
from tests.factories import (
    make_apprenticeship,
    make_district,
    make_engagement,
    make_guild,
    make_placement,
    make_school,
    moment,
)
from tests.guilds.impact.reading import behind, figure
from tests.guilds.importing.conftest import register as register

pytestmark = pytest.mark.django_db


def share(period: str = "2016-17", **scope) -> tuple:
    found = figure("coverage", period, **scope)
    return found.value, found.numerator, found.denominator


def visit(*schools, **fields):
    attendances = [{"provider": school} for school in schools]
    return make_engagement(status="delivered", attendances=attendances, **fields)


class TestWhoCounts:
    def test_state_schools_of_secondary_age_and_nobody_else(self):
        assert share() == (None, 0, 0), "nothing over nothing is not applicable"
        for kind in ("secondary", "all_through", "special", "pru_ap"):
            make_school(provider_kind=kind)
        make_school(provider_kind="special", phase="Not applicable", age_high=19)
        for kind in ("independent", "primary", "sixth_form", "fe_college", "university", "training_provider"):
            make_school(provider_kind=kind)
        make_school(provider_kind="special", phase="Primary")
        make_school(provider_kind="pru_ap", age_high=11)
        make_school(district=make_district("outside", "Outside Kent and Medway"))
        assert share() == (0, 0, 5)
        assert len(behind("coverage")) == 5

    def test_open_on_the_last_day(self):
        closed = make_school()
        registry.close(by=None, organisation=closed, reason="Few pupils", on=date(2017, 8, 31))
        assert share() == (None, 0, 0)
        assert share("2015-16") == (0, 0, 1)
        make_school(status="closed")
        assert share("2015-16")[2] == 1, "one that came in as closed: nobody knows since when"
        day = StatusChange.objects.filter(subject_id=make_school().pk)
        assert [share(year)[2] for year in ("2015-16", "2016-17")] == [2, 1], "one without a day was always there"
        day.update(happened_on=date(2016, 12, 1))
        assert [share(year)[2] for year in ("2015-16", "2016-17")] == [1, 1], "a register says when it opened"
        day.update(happened_on=date(2019, 12, 1))
        registry.reopen(by=None, organisation=closed, reason="A mistake", on=date(2018, 1, 1))
        assert [share(year)[2] for year in ("2015-16", "2016-17", "2017-18")] == [1, 0, 1]

    def test_an_academy_is_the_school_that_it_was(self):
        old, new = make_school("Old School"), make_school("New Academy")
        visit(old)
        assert share() == (0.5, 1, 2)
        registry.link_successor(by=None, predecessor=old, successor=new, kind="Successor", happened_on=date(2017, 1, 1))
        assert share() == (1, 1, 1), "one school, and what the old one had is its"
        assert [row.title for row in behind("coverage")] == ["New Academy"]
        assert share("2015-16") == (0, 0, 1), "the academy was not there yet"


class TestWhatReachesThem:
    def test_delivered_engagements_and_started_placements(self):
        reached, placed, taught, planned, arranged = [make_school() for _ in range(5)]
        visit(reached, kind="briefing")
        make_placement(provider=placed, status="started", starts_on=date(2017, 3, 20))
        make_placement(provider=arranged, starts_on=date(2017, 3, 20))
        make_apprenticeship(training_provider=taught, status="started", starts_on=date(2017, 3, 20))
        make_engagement(attendances=[{"provider": planned}])
        assert share() == (0.4, 2, 5)
        rows = behind("coverage", size=2)
        assert {row.title for row in rows if row.contribution} == {reached.name, placed.name}
        assert len(rows) == 5

    def test_by_guild_district_kind_and_month(self):
        ashford, sciences = make_district("E07000105", "Ashford"), make_guild("sciences")
        here, there = make_school(district=ashford), make_school()
        visit(here, guild=sciences, kind="workshop")
        visit(here, there, guild=None, kind="assembly", starts_at=moment(date(2017, 5, 4)))

        def table(by, **scope) -> dict:
            cells.refresh()
            found = summary(period=periods.parse("2016-17"), by=by, scope=Scope(**scope), measures=["coverage"])
            told = {row.key: row.measures["coverage"] for row in [*found.rows, found.total]}
            return {key: (f.numerator, f.denominator) for key, f in told.items() if f.numerator or key == "outside"}

        assert table("guild") == {"sciences": (1, 2), "county-wide": (2, 2), "total": (2, 2)}
        assert table("district") == {"E07000105": (1, 1), "unknown": (1, 1), "outside": (0, 0), "total": (2, 2)}
        assert table("kind") == {"workshop": (1, 2), "assembly": (2, 2), "total": (2, 2)}
        assert table("month") == {"2017-03": (1, 2), "2017-05": (2, 2), "total": (2, 2)}
        assert table("guild", district="E07000105", kind="assembly") == {"county-wide": (1, 1), "total": (1, 1)}
        assert share(district="E07000105", guild="sciences") == (1, 1, 1)

    def test_a_merged_record_brings_what_it_had(self):
        loser, winner = make_school(), make_school()
        visit(loser)
        registry.archive(by=None, organisation=loser, reason="The same school")
        type(loser).objects.filter(pk=loser.pk).update(merged_into=winner)
        assert share() == (1, 1, 1)


def test_five_queries_however_many_schools(django_assert_max_num_queries):
    for _ in range(3):
        visit(make_school(), make_school())
    cells.refresh()
    with django_assert_max_num_queries(5):
        Coverage(periods.parse("2016-17"), "district")


def test_the_schools_of_the_real_register(register):
    load_reference()
    run(kind="providers", path=register("dfe_pupil_premium_2021_kent_medway.csv"))
    found = Coverage(periods.parse("2016-17"), "total").schools.values()
    authority = dict(Identifier.objects.filter(scheme="laestab").values_list("organisation", "value"))
    counted = Counter((authority[school.pk][:3], school.kind in ("secondary", "all_through")) for school in found)
    assert (counted["886", True], counted["887", True]) == (100, 18), "mainstream schools with secondary pupils"
    assert Counter(school.kind for school in found) == {"secondary": 113, "all_through": 5, "special": 29, "pru_ap": 8}
