"""Indicators come in as each year's grid was printed: new words are new versions, one code may be two indicators."""

from datetime import date
from decimal import Decimal

import pytest

from guilds.impact.indicators import ALWAYS, Indicator, IndicatorValue, IndicatorVersion
from guilds.importing.undo import undo

pytestmark = pytest.mark.usefixtures("places")

HEAD = (
    "code,reference,statement,unit,direction,target,period,value,status,travel,source,note,valid_from,valid_to,reason\n"
)
GRID = HEAD + (
    "KPI 3,,Fewer NEET learners with SEND,people,lower,,2015,412,achieving,up,Strategy,,,,\n"
    "KPI 3,,Share of NEET learners with SEND,%,lower,at most 5%,2016,5.2%,Achieving,⇑,Strategy,,,,Cohorts differ in size\n"
    "KPI 8,,A level progress,,higher,,2016,,over-achieving,up,Strategy,,,,\n"
    "KPI 8,kpi-8-send,Pathways for SEND,,,,2016,,requires improvement,,Strategy,The code is given twice,,,\n"
    "KPI 15,,Schools as employers,,,2.3%,2015,,,N/A,Strategy,,,,\n"
    "KPI 7,,Everybody is tracked,,,,,,,,,No data any more,,2016-12-31,Data can't be had\n"
)


def world():
    return {
        (type(record).__name__, record.pk): record.audit_state()
        for model in (Indicator, IndicatorVersion, IndicatorValue)
        for record in model.objects.all()
    }


def test_the_grid_of_two_years(load):
    first = load("indicators", GRID)
    assert (first.created, first.refused, first.warned) == (6, 0, 0), first.problems
    versions = IndicatorVersion.objects.filter(indicator__reference="kpi-3")
    assert [(v.valid_from, v.statement, v.unit, v.better, v.target, v.reason) for v in versions] == [
        (date(2015, 1, 1), "Fewer NEET learners with SEND", "people", "lower", "", ""),
        (date(2016, 1, 1), "Share of NEET learners with SEND", "%", "lower", "at most 5%", "Cohorts differ in size"),
    ]  # fmt: skip
    values = {(v.indicator.reference, v.period): (v.value, v.judged, v.travel) for v in IndicatorValue.objects.all()}
    assert values == {
        ("kpi-3", "2015"): (412, "achieving", "improving"), ("kpi-3", "2016"): (Decimal("5.20"), "achieving", "improving"),
        ("kpi-8", "2016"): (None, "over_achieving", "improving"), ("kpi-8-send", "2016"): (None, "requires_improvement", ""),
        ("kpi-15", "2015"): (None, "", "not_applicable"),
    }  # fmt: skip
    ended = Indicator.objects.get(reference="kpi-7")
    assert (ended.ended_on, ended.ended_because, ended.note) == (
        date(2016, 12, 31),
        "Data can't be had",
        "No data any more",
    )
    assert IndicatorVersion.objects.get(indicator=ended).valid_from == ALWAYS

    undo(batch=first.batch)
    assert world() == {}
    load("indicators", GRID)
    before, again = world(), load("indicators", GRID)
    assert (again.unchanged, again.created, again.updated, world() == before) == (6, 0, 0, True)

    more = load("indicators", HEAD + "KPI 3,,,,,,2016,5.4,,,,,,,\nKPI 3,,,,,,2017,4.8,,,,,,,\n")
    assert (more.updated, more.created) == (1, 1)
    value = IndicatorValue.objects.get(period="2016", indicator__reference="kpi-3")
    assert (value.value, value.judged, value.source) == (Decimal("5.40"), "achieving", "Strategy"), (
        "what is empty stays"
    )
    assert IndicatorValue.objects.get(period="2017").source == "The file indicators.csv"
    undo(batch=more.batch)
    assert world() == before


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        (",,Nothing,,,,,,,,,,,,", "code", "Enter this"),
        ("KPI 1,,Words,,sideways,,,,,,,,,,", "direction", "not one of: higher, lower"),
        ("KPI 1,,Words,,,,2016,many,,,,,,,", "value", "not a number"),
        ("KPI 1,,Words,,,,,3,,,,,,,", "period", "Say which period"),
        ("KPI 1,,Words,,,,some day,3,,,,,,,", "period", "write it as 2016"),
        ("KPI 1,,Words,,,,2016,3,splendid,,,,,,", "status", "not one of: over_achieving"),
        ("KPI 1,,,,,,2016,3,,,,,,,", "statement", "Enter this"),
    ],
)
def test_what_makes_no_sense_is_refused(load, row, field, said):
    found = load("indicators", HEAD + row + "\n")
    assert (found.refused, Indicator.objects.count()) == (1, 0)
    assert any(column == field and said in message for _, _, column, message in found.problems), found.problems


def test_two_of_one_code_are_told_apart(load):
    found = load(
        "indicators", HEAD + "KPI 8,,One thing,,,,2016,,achieving,,S,,,,\nKPI 8,,Another,,,,2016,,achieving,,S,,,,\n"
    )
    assert (found.created, found.refused) == (1, 1)
    assert "give each its own reference" in found.problems[0][3]


def test_values_of_a_district_stand_beside_the_countys(load):
    found = load("indicators", "code,statement,period,district,value,source\n"
                               "NEET,Not in education,2016,,1.9,S\nNEET,Not in education,2016,Thanet,2.4,S\n"
                               "NEET,Not in education,2016,Camelot,2.4,S\n")  # fmt: skip
    assert (found.created, found.refused) == (2, 1)
    assert sorted(IndicatorValue.objects.values_list("district", "value"), key=str) == [
        ("E07000114", Decimal("2.40")),
        (None, Decimal("1.90")),
    ]
