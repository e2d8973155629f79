"""Where: the districts as tiles that lie as they do in the county, or as their true outlines once those are loaded.

Each has its number written in it: its shade only repeats in which fifth of the districts it is.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from crm import figures
from guilds.reference.outlines import district_map

#: Column and row of each district's tile, and the letters in it.
TILES = {
    "E07000107": (0, 0, "DAR"), "E07000109": (1, 0, "GRA"), "E06000035": (2, 0, "MED"), "E07000113": (3, 0, "SWA"),
    "E07000106": (4, 0, "CAN"), "E07000114": (5, 0, "THA"), "E07000111": (0, 1, "SEV"), "E07000115": (1, 1, "T&M"),
    "E07000110": (2, 1, "MAI"), "E07000105": (3, 1, "ASH"), "E07000112": (4, 1, "F&H"), "E07000108": (5, 1, "DOV"),
    "E07000116": (1, 2, "TUN"),
}  # fmt: skip
SIDE, GAP, FIFTHS = 100, 6, 5
WIDTH = 6 * SIDE


@dataclass(frozen=True)
class Place:
    """One district. `fifth` from 1 (least) to 5; 0: nothing is known. With a `path`, or a tile at `left` and `top`."""

    name: str
    letters: str
    words: str
    fifth: int
    address: str
    x: float
    y: float
    path: str = ""
    left: int = 0
    top: int = 0


@dataclass(frozen=True)
class CountyMap:
    """The drawing. `legend`: for each fifth that has districts in it, its number and from what to what."""

    view_box: str
    places: list[Place]
    legend: list[tuple[int, str]]
    true: bool

    @property
    def spoken(self) -> str:
        """For those who can't see it."""
        return ", ".join(f"{place.name} {place.words}" for place in self.places)


def county_map(lines: Sequence[figures.Line], period_slug: str) -> CountyMap:
    """The first figure of each line whose district has a place on the map."""
    by_code = {line.key: line for line in lines}
    known = sorted(
        {line.first.figure.value for line in lines if line.key in TILES and line.first.figure.value is not None}
    )
    drawn, places = district_map(WIDTH), []
    if drawn:
        for shape in drawn.shapes:
            if line := by_code.get(shape.code):
                places.append(_place(line, known, period_slug, shape.x, shape.y, path=shape.path))
    else:
        for code, (column, row, _) in TILES.items():
            if line := by_code.get(code):
                left, top, middle = column * SIDE, row * SIDE, (SIDE - GAP) / 2
                places.append(_place(line, known, period_slug, left + middle, top + middle, left=left, top=top))
    height = drawn.height if drawn else 3 * SIDE - GAP
    return CountyMap(f"0 0 {WIDTH} {height}", places, _legend(places, by_code, known), bool(drawn))


def _place(line: figures.Line, known: list[float], period: str, x: float, y: float, **drawn) -> Place:
    shown = line.first
    letters = TILES[line.key][2] if line.key in TILES else line.label[:3].upper()
    address = f"{reverse('impact_district', args=[line.key])}?period={period}"
    return Place(line.label, letters, shown.words, _fifth(shown.figure.value, known), address, x, y, **drawn)


def _fifth(value: float | None, known: list[float]) -> int:
    """In which fifth of the different values one is."""
    return 0 if value is None else 1 + bisect_left(known, value) * FIFTHS // len(known)


def _legend(places: list[Place], lines: dict[str, figures.Line], known: list[float]) -> list[tuple[int, str]]:
    found = []
    for fifth in range(1, FIFTHS + 1):
        values = [value for value in known if _fifth(value, known) == fifth]
        if values:
            measure = next(iter(lines.values())).first.measure
            ends = [
                figures.percent(end) if measure.sort == "ratio" else figures.number(end)
                for end in (values[0], values[-1])
            ]
            found.append((fifth, ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"))
    return found
