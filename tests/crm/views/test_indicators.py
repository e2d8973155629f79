"""The grid of indicators, one of them, and what an administrator says of it."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from guilds.access.models import ExportLog
from guilds.impact.indicator_actions import add_indicator, end_indicator, reword, set_value
from guilds.impact.indicators import Indicator, IndicatorValue
from guilds.pledges.adviser_actions import sign_up
from tests.crm.views.sent import words
from tests.factories import make_administrator, make_commission_member, make_district, make_school

pytestmark = pytest.mark.django_db

GRID = reverse("indicator_list")
TOKEN = "b" * 32


@pytest.fixture
def neet():
    indicator = add_indicator(
        by=None, code="KPI 3", statement="Fewer NEET learners", better="lower", unit="%", target="5%"
    )
    set_value(by=None, indicator=indicator, period="2015", value=Decimal("6.1"), judged="achieving", source="A paper")
    set_value(
        by=None, indicator=indicator, period="2016", value=Decimal("5.2"), judged="over_achieving", source="A paper"
    )
    set_value(by=None, indicator=indicator, period="2016", value=7, district=make_district(), source="A district paper")
    return indicator


def test_the_grid_says_values_directions_and_states_in_words(client, neet):
    client.force_login(make_commission_member())
    first = add_indicator(by=None, code="KPI 2", statement="Fewer without work")
    set_value(by=None, indicator=first, period="2015", travel="not_applicable", source="A paper")
    advised = add_indicator(
        by=None, code="KPI 20", statement="Schools with an adviser", measure="adviser_schools_signed_up"
    )
    end_indicator(by=None, indicator=add_indicator(by=None, code="KPI 6", statement="Gone"), ended_on=date(2016, 12, 31),
                  ended_because="No data")  # fmt: skip
    sign_up(by=None, organisation=make_school(), signed_up_on=date(2016, 10, 3))
    read = words(client.get(GRID))
    assert read.index("Fewer without work – Not applicable –") < read.index("Fewer NEET learners"), "2 comes before 3"
    assert "Fewer NEET learners 5% 6.1% 5.2% ▲ Improving Over-achieving" in read, (
        "lower is better, so less is an improvement"
    )
    assert "Schools with an adviser – 0 p 1 p –" in read, "read from the system, at the end of each year"
    assert read.index("Not followed any more") < read.index("Gone")
    assert "Add an indicator" not in read
    assert reverse("indicator_detail", args=[advised.pk]) in client.get(GRID).content.decode()
    for form in ("csv", "xlsx", "ods"):
        assert f'{GRID}grid.{form}"' in client.get(GRID).content.decode()
        assert client.get(f"{GRID}grid.{form}").status_code == 200
    assert client.get(f"{GRID}grid.txt").status_code == 404
    lines = client.get(f"{GRID}grid.csv").content.decode().splitlines()
    known = next(line for line in lines if "Fewer NEET" in line and ",2016," in line)
    assert "5.2,entered,Over-achieving,Improving,A paper" in known
    assert any("kpi-20" in line and ",1,measure," in line for line in lines)
    assert ExportLog.objects.filter(list_name="indicator_file").count() == 4


def test_one_indicator_with_its_versions_values_and_sources(client, neet):
    reword(by=None, indicator=neet, valid_from=date(2017, 3, 1), code="KPI 4", reason="Renumbered")
    client.force_login(make_administrator())
    read = words(client.get(reverse("indicator_detail", args=[neet.pk])))
    assert "1 March 2017 KPI 4 Fewer NEET learners 5% Renumbered Always KPI 3" in read
    assert "Thanet 2016 7.00 A district paper" in read
    assert "2016 : change 5.2% ▲ Improving Over-achieving A paper" in read


def test_an_administrator_says_what_it_is(client, neet):
    client.force_login(make_administrator())
    sent = {
        "form_token": TOKEN,
        "code": "KPI 8",
        "reference": "kpi-8-send",
        "statement": "Pathways for SEND",
        "note": "Twice",
    }
    assert client.post(reverse("indicator_new"), sent).status_code == 302
    assert Indicator.objects.get(reference="kpi-8-send").note == "Twice"
    again = client.post(reverse("indicator_new"), sent | {"form_token": "c" * 32})
    assert again.status_code == 422 and "Indicator with this Reference already exists" in words(again)

    address = reverse("indicator_value", args=[neet.pk])
    assert 'value="5.20"' in client.get(address, {"period": "2016"}).content.decode()
    refused = words(client.post(address, {"form_token": "d" * 32, "period": "soon", "value": "4,8"}))
    assert "Enter a number" in refused and "Enter source" in refused
    refused = words(client.post(address, {"form_token": "e" * 32, "period": "soon", "value": "4.8", "source": "S"}))
    assert "“soon” is not a period: write it as 2016" in refused
    client.post(address, {"form_token": "f" * 32, "period": "2017", "value": "4.8", "source": "S"})
    assert IndicatorValue.objects.get(period="2017").value == Decimal("4.8")

    change = {"form_token": "1" * 32, "code": "KPI 3", "statement": "A share", "valid_from_day": "1", "valid_from_month": "3",
              "valid_from_year": "2017"}  # fmt: skip
    client.post(reverse("indicator_reword", args=[neet.pk]), change)
    assert [version.statement for version in neet.versions.all()] == ["Fewer NEET learners", "A share"]
    ended = {
        "form_token": "2" * 32,
        "ended_on_day": "1",
        "ended_on_month": "9",
        "ended_on_year": "2017",
        "ended_because": "No data",
    }
    client.post(reverse("indicator_end", args=[neet.pk]), ended)
    neet.refresh_from_db()
    assert neet.ended_on == date(2017, 9, 1)


def test_without_any_it_says_what_to_do_and_many_cost_the_same(client, django_assert_max_num_queries):
    client.force_login(make_administrator())
    assert "No indicators yet. Add the first" in words(client.get(GRID))
    counts = []
    for n in range(3):
        for m in range(3):
            made = add_indicator(by=None, code=f"KPI {n}{m}", statement="Words", measure="engagements")
            set_value(by=None, indicator=made, period="2016", judged="achieving", source="S")
        with django_assert_max_num_queries(30) as queries:
            client.get(GRID)
        counts.append(len(queries))
    assert counts[1] == counts[2]
