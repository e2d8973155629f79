"""Outlines of districts come in thinned, once, and go again."""

import json

import pytest

from guilds.importing.reading import UnreadableFile
from guilds.importing.undo import undo
from guilds.reference.actions import save_boundary
from guilds.reference.models import Boundary
from guilds.reference.outlines import district_map

pytestmark = pytest.mark.usefixtures("places")

SQUARE = [[0.5, 51.2], [0.6, 51.2], [0.6, 51.3], [0.5, 51.3], [0.5, 51.2]]


def feature(code="E07000105", coordinates=None, kind="Polygon", **properties):
    geometry = {"type": kind, "coordinates": [SQUARE] if coordinates is None else coordinates}
    return {"type": "Feature", "properties": {"LAD13CD": code, "shape_area": 1.5} | properties, "geometry": geometry}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": features})


def rings():
    return dict(Boundary.objects.values_list("district_id", "rings"))


@pytest.mark.parametrize("name", ["lad_simplified_kent_medway.geojson", "lad20_bgc_kent_medway.geojson"])
def test_the_thirteen_districts_come_in_once_and_can_be_taken_back(register, load, name):
    text = register(name).read_text()
    first = load("boundaries", text, "outlines.geojson")
    assert (first.created, first.refused, first.layout, len(rings())) == (13, 0, "GeoJSON", 13)
    assert sum(len(ring) for some in rings().values() for ring in some) < 1_500, "thinned enough to be drawn on a page"
    assert all(len(ring) >= 4 and ring[0] == ring[-1] for some in rings().values() for ring in some)
    kept, again = rings(), load("boundaries", text, "outlines.geojson")
    assert (again.unchanged, again.created, again.updated, rings() == kept) == (13, 0, 0, True)
    undo(batch=first.batch)
    assert rings() == {}


def test_what_was_there_before_is_there_again(load):
    load("boundaries", collection(feature()), "a.geojson")
    before = rings()
    moved = [[[across + 0.2, up] for across, up in SQUARE]]
    batch = load("boundaries", collection(feature(coordinates=moved), feature("E07000106")), "b.geojson").batch
    assert (batch.updated, batch.created, rings()["E07000105"] == before["E07000105"]) == (1, 1, False)
    undone = undo(batch=batch)
    assert ((undone.removed, undone.restored), rings()) == ((1, 1), before)


def test_a_file_of_the_country_may_be_given_and_what_is_no_outline_is_refused(load):
    found = load("boundaries", collection(
        feature("E09000001"), feature("nowhere"), feature(coordinates=[[[589000, 142000]] * 5]),
        feature(kind="Point", coordinates=[0.5, 51.2]), feature(coordinates=[]), feature(coordinates=[[["a", "b"]] * 4]),
        feature("E07000106"), feature("E07000106"), feature("E07000113", [[SQUARE], [SQUARE]], "MultiPolygon"),
    ), "x.geojson")  # fmt: skip
    assert (found.unchanged, found.created, found.refused) == (1, 2, 6)
    said = {row: f"{field}: {message}" for row, _, field, message in found.problems}
    assert "not a district of Kent and Medway" in said[2]
    assert "GSS code" in said[3]
    assert "degrees" in said[4]
    assert "Polygon or MultiPolygon" in said[5]
    assert "degrees" in said[6]
    assert "degrees" in said[7]
    assert "Row 8 is the outline of E07000106 already" in said[9]
    assert set(rings()) == {"E07000106", "E07000113"}


@pytest.mark.parametrize(
    "text", ['{"type": "FeatureCollection", "features": [', '{"type": "Topology"}', '{"features": [1]}']
)
def test_what_is_no_geojson_is_said_in_one_line(load, text):
    with pytest.raises(UnreadableFile, match=r"x\.geojson can't be read as GeoJSON"):
        load("boundaries", text, "x.geojson")
    with pytest.raises(UnreadableFile, match=r"Looked for: GeoJSON \(geometry\)"):
        load("boundaries", "district,area\nAshford,1\n")


def test_they_are_drawn_as_paths_of_one_map():
    assert district_map() is None
    save_boundary(by=None, district="E07000105", rings=[SQUARE])
    save_boundary(by=None, district="E07000106", rings=[[[x + 0.1, y] for x, y in SQUARE]])
    found = district_map(400)
    assert (found.width, 200 < found.height < 400) == (400, True), (
        "a degree of longitude is shorter than one of latitude"
    )
    assert [(shape.code, shape.name, shape.x) for shape in found.shapes] == [
        ("E07000105", "Ashford", 100.0), ("E07000106", "Canterbury", 300.0),
    ]  # fmt: skip
    assert found.shapes[0].path.startswith("M0 ") and found.shapes[0].path.endswith("Z")
