"""The data behind charts as files."""

import csv
from io import BytesIO, StringIO

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from crm.exports.impact import NAMES
from crm.exports.tables import FORMATS
from guilds.impact.cells import refresh
from guilds.impact.targets import set_target
from tests import factories as make

pytestmark = pytest.mark.django_db
YEAR = "2016-17"


@pytest.fixture
def counted():
    """120 encounters this year, 100 the year before; a pledge."""
    thanet = make.make_district()
    for day, learners in ((make.date(2016, 3, 14), 100), (make.DAY, 120)):
        school = {"provider": make.make_school(district=thanet), "learners": learners}
        make.make_engagement(status="delivered", starts_at=make.moment(day), attendances=[school])
    make.make_open_pledge(quantity=8)
    set_target(by=None, measure="encounters", period=YEAR, value=400)
    refresh()


def read(someone, name: str, form: str = "csv", **asked) -> list[dict[str, str]]:
    client = Client()
    client.force_login(someone)
    response = client.get(reverse("impact_file", args=[name, form]), {"period": YEAR} | asked)
    assert response.status_code == 200, response.content
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))


def of(rows: list[dict[str, str]], measure: str, key: str) -> dict[str, str]:
    return next(row for row in rows if (row["measure"], row["key"]) == (measure, key))


def test_every_table_has_a_file_of_each_format(counted):
    client = Client()
    client.force_login(make.make_commission_member())
    for name in NAMES:
        for form in FORMATS:
            response = client.get(reverse("impact_file", args=[name, form]), {"period": YEAR})
            assert response.status_code == 200
            assert f"impact-2016-17-{name}.{form}" in response["Content-Disposition"]
    workbook = CalamineWorkbook.from_filelike(BytesIO(client.get(f"/impact/data/pledges.xlsx?period={YEAR}").content))
    assert workbook.get_sheet_by_name("Figures").to_python()[1][:4] == [YEAR, "placement", "Work placements", 8]


def test_a_figure_stands_in_a_row_with_all_that_belongs_to_it(counted):
    row = of(read(make.make_commission_member(), "main"), "encounters", "total")

    told = {name: row[name] for name in ("value", "target", "compared_with", "value_then", "difference", "confirmed")}
    assert told == {"value": "120", "target": "400", "compared_with": "2015-16", "value_then": "100",
                    "difference": "20", "confirmed": "0"}  # fmt: skip
    assert (float(row["difference_share"]), row["symbol"]) == (0.2, "p")
    assert "added up" in row["definition"]


def test_it_is_narrowed_and_compared_as_the_page_is(counted):
    commission = make.make_commission_member()
    asked = {"guild": "hospitality-tourism", "district": "E07000114", "against": "2014-15"}
    rows = read(commission, "guild", **asked)

    assert of(rows, "encounters", "hospitality-tourism")["value_then"] == "0"
    assert {row["district"] for row in rows} == {"E07000114"}
    kinds = read(commission, "kind", kind="careers_event")
    assert of(kinds, "encounters", "careers_event")["value"] == "120"
    assert {row["measure"] for row in read(commission, "month", kind="workshop") if row["value"] != "0"} <= {"coverage"}


def test_small_groups_are_kept_from_the_commission(counted):
    row = of(read(make.make_commission_member(), "total"), "encounters_send", "total")

    assert (row["value"], row["symbol"]) == ("", "c p")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/impact/data/nothing.csv", 404),
        ("/impact/data/main.txt", 404),
        ("/impact/data/main.csv?period=soon", 400),
        ("/impact/data/main.csv?against_from=2017-03-02&against_to=2017-03-31", 400),
        ("/impact/data/main.csv?guild=nobody", 400),
    ],
)
def test_what_is_not_there_is_said(client, address, status):
    client.force_login(make.make_commission_member())

    assert client.get(address).status_code == status
