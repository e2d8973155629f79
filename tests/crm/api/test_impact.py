"""Figures, their evidence and their targets over the API."""

from datetime import date

import pytest

from guilds.impact import cells
from guilds.impact.measures import METHODOLOGY_VERSION
from guilds.impact.models import Target
from guilds.impact.targets import end_target
from tests.crm.api.caller import faults
from tests.factories import make_district, make_engagement, make_guild, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted():
    """Two delivered engagements in 2016-17, one of them with a number that nobody knows."""
    make_guild("sciences")
    thanet = make_district()
    school = make_school(district=thanet)
    make_engagement(
        title="Fair",
        status="delivered",
        district=thanet,
        notes="Ask for Pat",
        attendances=[{"provider": school, "learners": 40}, {"provider": make_school()}],
    )
    make_engagement(
        title="Talk",
        kind="assembly",
        guild=None,
        status="delivered",
        attendances=[{"provider": school, "learners": 25}],
    )
    make_engagement(title="Plan")
    cells.refresh()


def test_a_table_of_figures(commission, counted):
    answer = commission.get("impact/summary/", {"period": "2016-17", "by": "guild", "measures": "encounters,schools"})
    assert answer.status_code == 200, answer.content
    shown = answer.json()
    assert shown["period"] == {
        "slug": "2016-17",
        "label": "Academic year 2016-17",
        "from": "2016-09-01",
        "to": "2017-08-31",
    }
    assert (shown["by"], shown["methodology_version"]) == ("guild", METHODOLOGY_VERSION)
    assert shown.keys() == {"period", "as_of", "methodology_version", "refreshed_at", "by", "rows", "total"}
    rows = {row["key"]: row["measures"] for row in shown["rows"]}
    assert rows.keys() == {"hospitality-tourism", "sciences", "county-wide"}
    assert rows["hospitality-tourism"]["encounters"] == {
        "value": 40,
        "confirmed": 0,
        "missing": 1,
        "target": None,
        "adds_up": True,
    }
    assert rows["county-wide"]["encounters"]["value"] == 25
    assert shown["total"]["key"] == "total"
    assert shown["total"]["measures"]["encounters"]["value"] == 65
    assert shown["total"]["measures"]["schools"]["adds_up"] is False


@pytest.mark.parametrize("by", ["guild", "district", "kind", "month", "total"])
def test_every_way_of_dividing_it_adds_up(commission, counted, by):
    shown = commission.get("impact/summary/", {"period": "2016-17", "by": by}).json()
    total = shown["total"]["measures"]["encounters"]["value"]
    assert sum(row["measures"]["encounters"]["value"] for row in shown["rows"]) == total == 65


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ({"guild": "hospitality-tourism"}, 40),
        ({"guild": "county-wide"}, 25),
        ({"district": "E07000114"}, 65),
        ({"kind": "assembly"}, 25),
        ({"from": "2017-03-01", "to": "2017-03-31", "period": ""}, 65),
        ({"period": "FY2016-17-Q4"}, 65),
        ({"period": "2015-16"}, 0),
    ],
)
def test_scopes_and_periods(commission, counted, query, value):
    answer = commission.get("impact/summary/", {"period": "2016-17", "by": "total", "measures": "encounters"} | query)
    assert answer.json()["total"]["measures"]["encounters"]["value"] == value


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"period": "2016"}, ["period"]),
        ({"period": "2016-18"}, ["period"]),
        ({}, ["period"]),
        ({"period": "\0"}, ["period"]),
        ({"from": "2016-09-02", "to": "2017-08-30"}, ["from", "to"]),
        ({"from": "2016-09-01"}, ["to"]),
        ({"from": "x", "to": "9999-99-99"}, ["from", "to"]),
        ({"period": "2016-17", "from": "2016-09-01"}, ["period"]),
        ({"period": "2016-17", "by": "school"}, ["by"]),
        ({"period": "2016-17", "guild": "no-guild"}, ["guild"]),
        ({"period": "2016-17", "district": "Thanet"}, ["district"]),
        ({"period": "2016-17", "kind": "party"}, ["kind"]),
        ({"period": "2016-17", "measures": "happiness"}, ["measures"]),
        ({"period": "2016-17", "colour": "red"}, ["colour"]),
    ],
)
def test_what_makes_no_sense_is_refused_under_its_name(commission, query, fields):
    answer = commission.get("impact/summary/", query)
    assert answer.status_code == 400
    assert sorted(faults(answer)) == sorted(fields)


def test_the_rows_behind_a_figure_sum_to_it_over_all_pages(commission, counted):
    query = {"measure": "encounters", "period": "2016-17", "page_size": 1}
    answer = commission.get("impact/evidence/", query).json()
    rows = answer["results"]
    while answer["next"]:
        answer = commission.get(answer["next"]).json()
        rows += answer["results"]
    assert len(rows) == 3
    assert sum(row["contribution"] for row in rows) == answer["total"] == 65
    assert sum(row["missing"] for row in rows) == 1
    assert {row["title"] for row in rows} == {"Fair", "Talk"}
    assert "Pat" not in str(rows)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"period": "2016-17"}, "measure"),
        ({"period": "2016-17", "measure": "happiness"}, "measure"),
        ({"measure": "encounters"}, "period"),
        ({"period": "2016-17", "measure": "encounters", "cursor": "abc"}, "cursor"),
        ({"period": "2016-17", "measure": "encounters", "page_size": "0"}, "page_size"),
    ],
)
def test_evidence_refuses_what_makes_no_sense(commission, query, field):
    answer = commission.get("impact/evidence/", query)
    assert (answer.status_code, list(faults(answer))) == (400, [field])


def test_a_target_keeps_what_it_was(administrator, commission):
    make_guild()
    body = {"measure": "encounters", "guild": "hospitality-tourism", "period": "2017-18", "value": 3000}
    first = administrator.post("targets/", body | {"reason": "The plan"})
    again = administrator.post("targets/", body | {"value": 4000, "reason": "More schools"})
    assert (first.status_code, again.status_code) == (201, 200)
    shown = again.json()
    assert shown["id"] == first.json()["id"]
    assert [(one["value"], one["from"], one["reason"]) for one in shown["history"]] == [
        (3000, None, "The plan"),
        (4000, 3000, "More schools"),
    ]
    assert {one["by"] for one in shown["history"]} == {administrator.user.name}
    assert {one["by"] for one in commission.get(shown["url"]).json()["history"]} == {None}

    changed = administrator.change(shown["url"], {"value": 4500})
    assert (changed.json()["value"], len(changed.json()["history"])) == (4500, 3)
    assert administrator.patch(shown["url"], {"value": 1}, if_match=again["ETag"]).status_code == 412
    assert shown["ended_on"] is None
    end_target(by=None, target=Target.objects.get(), on=date(2017, 12, 1), reason="Nobody aims at it")
    assert commission.get(shown["url"]).json()["ended_on"] == "2017-12-01"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"measure": "happiness"}, "measure"),
        ({"measure": "pledge_conversion"}, "measure"),
        ({"period": "soon"}, "period"),
        ({"value": -1}, "value"),
        ({"guild": "no-guild"}, "guild"),
        ({"district": "E07000114"}, "district"),
    ],
)
def test_targets_that_make_no_sense(administrator, change, field):
    make_guild(), make_district()
    body = {"measure": "encounters", "guild": "hospitality-tourism", "period": "2017-18", "value": 3000}
    answer = administrator.post("targets/", body | change)
    assert (answer.status_code, list(faults(answer))) == (400, [field])


def test_filters_of_targets(administrator):
    make_guild(), make_district()
    bodies = [
        {"measure": "encounters", "guild": "hospitality-tourism", "period": "2017-18", "value": 1},
        {"measure": "schools", "district": "E07000114", "period": "2016-17", "value": 2},
    ]
    ids = [administrator.post("targets/", body).json()["id"] for body in bodies]
    for query, found in [
        ({"measure": "schools"}, 1),
        ({"guild": "hospitality-tourism"}, 0),
        ({"guild": "county-wide"}, 1),
        ({"district": "E07000114"}, 1),
        ({"district": "county"}, 0),
        ({"period": "2017-18"}, 0),
    ]:
        assert [row["id"] for row in administrator.get("targets/", query).json()["results"]] == [ids[found]], query
