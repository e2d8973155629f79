"""Coverage and cold spots as people read them: 13 of 13, who was left out, longest without first."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.urls import reverse

from guilds.impact import cells
from guilds.impact.scope_actions import save_scope
from tests.crm.views.sent import words
from tests.crm.views.test_list_files import csv_of
from tests.factories import (
    make_commission_member,
    make_coordinator,
    make_district,
    make_engagement,
    make_guild,
    make_school,
    moment,
)

pytestmark = pytest.mark.django_db

YEAR = "2016-17"


@pytest.fixture
def county():
    """Two schools of Ashford, both reached; in Thanet one of three, and two cold spots: one coastal, one met long ago."""
    ashford, thanet = make_district("E07000105", "Ashford"), make_district()
    near = [make_school(f"Near {n}", district=ashford) for n in (1, 2)]
    reached = make_school("Reached", district=thanet, provider_kind="special")
    coastal = make_school("Never", district=thanet, coastal=True, pupils=900)
    before = make_school("Long ago", district=thanet)
    make_engagement(
        status="delivered", guild=make_guild("sciences"), gatsby_benchmarks=[5],
        attendances=[*({"provider": school, "learners": 5, "year_group": "9"} for school in near), {"provider": reached}],
    )  # fmt: skip
    make_engagement(status="delivered", starts_at=moment(date(2015, 3, 2)), attendances=[{"provider": before}])
    cells.refresh()
    return coastal


def page(client, user, **asked):
    client.force_login(user)
    return client.get(reverse("coverage"), {"period": YEAR} | asked)


def test_what_was_reached_and_what_was_not(client, county):
    read = words(page(client, make_commission_member()))
    assert "60% 3 of 5 schools reached" in read
    assert "2 schools without" in read
    assert "900 pupils there; not known (x) of 1 school" in read
    assert "Ashford 2 of 2 z z z 2 of 2" in read
    assert "Thanet 0 of 2 , Thanet: see those left out z 1 of 1 z 1 of 3" in read
    assert "Sciences 2 of 4 , Sciences: see those left out z 1 of 1 z 3 of 5" in read
    assert "Year 9 2 of 5 2 of 5 0 of 5" in read
    assert "Whether every young person met the benchmark is not known" in read
    assert read.index("Never Never 900") < read.index("Long ago March 2015 x"), "longest without contact first"


def test_it_is_narrowed_and_each_number_leads_to_whom_it_leaves_out(client, county):
    coordinator = make_coordinator()
    answer = page(client, coordinator, coastal="true")
    assert "0% 0 of 1 schools reached" in words(answer)
    assert "Save these filters as a scope" in words(answer)
    assert "district=E07000114" in page(client, coordinator).content.decode()
    assert "2 of 2 schools reached" in words(page(client, coordinator, district="E07000105"))
    assert "Every school was reached" in words(page(client, coordinator, district="E07000105", q=""))
    assert "0 of 5 schools reached" in words(page(client, coordinator, guild="county-wide"))
    assert "3 of 5 schools reached" in words(page(client, coordinator, kind="careers_event"))
    exported = csv_of(page(client, coordinator, export="csv", ordering="name"))
    assert [row[:3] for row in exported[1:]] == [["Long ago", "March 2015", "x"], ["Never", "", "900"]]
    assert "Mend the filters" in words(page(client, coordinator, period="soon"))
    assert "Mend the filters" in words(page(client, coordinator, period="soon", file="csv"))
    answer = page(client, coordinator, file="csv", provider_kind="secondary")
    table = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    told = {tuple(row[3:8]): row[8:] for row in table[1:]}
    assert told["district", "E07000114", "Thanet", "", ""] == ["0", "2", "0"]
    assert told["district", "total", "All", "special", ""] == ["0", "0", "z"]
    assert told["year_group", "9", "9", "", "5"] == ["2", "4", "0.5"]
    for form in ("xlsx", "ods"):
        assert page(client, coordinator, file=form).content[:2] == b"PK"
    assert "file=ods" in page(client, coordinator).content.decode()


@pytest.mark.parametrize(
    ("asked", "kept", "told"),
    [
        ({"scope": "by-the-sea"}, "0 of 1", "Saved scope By the sea"),
        ({"scope": "special"}, "0 of 1", "Saved scope Special Guild Sciences Kind Workshop"),
        ({"scope": "special", "kind": "careers_event"}, "1 of 1", "Guild Sciences Kind Careers event"),
        ({"provider_kind": "secondary", "coastal": "false"}, "2 of 3", "Coastal school No"),
        ({"provider_kind": "secondary", "district": "E07000105", "guild": "sciences"}, "2 of 2", "District Ashford"),
    ],
)
def test_the_schools_behind_a_narrowed_figure_add_up_to_it(client, county, asked, kept, told):
    save_scope(by=None, name="By the sea", coastal=True)
    save_scope(by=None, name="Special", provider_kinds=["special"], guild=make_guild("sciences"), kind="workshop")
    answer = page(client, make_commission_member(), **asked)
    assert f"{kept} schools reached" in words(answer)

    behind = client.get(answer.context["evidence"])

    reached, there = map(int, kept.split(" of "))
    rows = [row["row"].contribution for row in behind.context["rows"]]
    assert (sum(rows), len(rows), kept in words(behind), told in words(behind)) == (reached, there, True, True)
    evidence = {"measure": "coverage", "period": YEAR} | asked
    assert len(client.get(reverse("impact_evidence"), evidence).context["rows"]) == there, (
        "typed by hand, it is the same"
    )
    for wrong in ({"scope": "nowhere"}, {"coastal": "wet"}, {"measure": "encounters"}):
        refused = client.get(reverse("impact_evidence"), evidence | {"scope": "special"} | wrong)
        assert (refused.status_code, "This figure does not exist" in words(refused)) == (400, True)


def test_without_schools_it_says_what_to_do(client):
    assert "There are no schools in the registry yet" in words(page(client, make_coordinator()))


def test_it_costs_the_same_for_many(client, county, django_assert_max_num_queries):
    counts = []
    client.force_login(make_coordinator())
    for _ in range(3):
        with django_assert_max_num_queries(45) as queries:
            client.get(reverse("coverage"), {"period": YEAR})
        counts.append(len(queries))
        for n in range(4):
            make_school(f"More {n}", district=county.district)
    assert counts[1] == counts[2]
