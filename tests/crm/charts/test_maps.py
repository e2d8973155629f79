"""Where: tiles until outlines are there."""

import pytest

from crm import figures
from crm.charts.maps import TILES, county_map
from guilds.impact import periods
from guilds.impact.figures import Figure
from guilds.impact.totals import Scope, SummaryRow
from guilds.reference.loading import load_reference
from guilds.reference.models import Boundary, District

pytestmark = pytest.mark.django_db


def lines(values: dict[str, float | None]) -> list[figures.Line]:
    """A table of encounters by district."""
    year = periods.parse("2016-17")
    rows = [SummaryRow(code, f"District {code}", {"encounters": Figure(value)}) for code, value in values.items()]
    return [figures.line(row, ["encounters"], period=year, scope=Scope()) for row in rows]


def test_every_district_of_the_county_has_a_tile_of_its_own():
    load_reference()

    assert set(TILES) == set(District.objects.local().values_list("code", flat=True))
    assert len({(column, row) for column, row, _ in TILES.values()}) == len(TILES)


def test_shades_are_fifths_and_numbers_are_written():
    codes = sorted(TILES)[:10]
    drawn = county_map(lines(dict(zip(codes, range(0, 1000, 100), strict=True)) | {"outside": 9999}), "2016-17")

    assert {place.name: place.fifth for place in drawn.places} == {
        f"District {code}": 1 + place // 2 for place, code in enumerate(codes)
    }
    assert drawn.legend[0] == (1, "0 to 100")
    assert "outside" not in drawn.spoken
    assert drawn.places[0].address.endswith("?period=2016-17")
    assert not drawn.true


def test_what_is_not_told_has_no_shade():
    drawn = county_map(lines({"E07000114": None, "E07000105": 5}), "2016-17")

    assert {(place.words, place.fifth) for place in drawn.places} == {("z", 0), ("5", 1)}
    assert county_map(lines({"E07000114": None}), "2016-17").legend == []


def test_true_outlines_take_the_place_of_tiles():
    load_reference()
    square = [[1.3, 51.3], [1.4, 51.3], [1.4, 51.4], [1.3, 51.4], [1.3, 51.3]]
    Boundary.objects.create(district=District.objects.get(code="E07000114"), rings=[square])
    drawn = county_map(lines({"E07000114": 7}), "2016-17")

    assert drawn.true
    assert drawn.places[0].path.startswith("M")
