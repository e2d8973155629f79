"""The outlines of districts: thinned when they come in, and drawn as paths of an SVG map. No map library is needed.

Coordinates are longitude and latitude in degrees. At this latitude a degree of longitude is much shorter than one of
latitude, so the map narrows it; over one county nothing more is needed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from typing import Any

from guilds.reference.models import Boundary

Point = tuple[float, float]
Ring = list[list[float]]

#: How far a thinned line may leave the true one, in degrees: some 250 metres, about a pixel of the map that we draw.
TOLERANCE = 0.0025
#: Islands smaller than this (square degrees; about 80 hectares) are left out, but for a district that has no larger.
SMALLEST = 0.0001
_PLACES = 4


@dataclass(frozen=True)
class Shape:
    """One district on the map. `path` is the `d` of an SVG path; `x` and `y` are the middle of its largest part."""

    code: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class DistrictMap:
    """All districts whose outlines are known, drawn `width` × `height`."""

    width: int
    height: int
    shapes: list[Shape]


def thinned(rings: Iterable[Sequence[Sequence[float]]]) -> list[Ring]:
    """The rings with fewer points and without the smallest islands, the largest ring first; the same for the same rings."""
    found = sorted((_thin([(x, y) for x, y, *_ in ring]) for ring in rings), key=_area, reverse=True)
    kept = [ring for ring in found if _area(ring) >= SMALLEST] or found[:1]
    return [[[round(x, _PLACES), round(y, _PLACES)] for x, y in ring] for ring in kept]


def district_map(width: int = 600) -> DistrictMap | None:
    """The map of all outlines that are loaded, in one query; None where there are none."""
    outlines = list(Boundary.objects.select_related("district").order_by("district__name"))
    points = [point for outline in outlines for ring in outline.rings for point in ring]
    if not points:
        return None
    left, top = min(x for x, _ in points), max(y for _, y in points)
    right, bottom = max(x for x, _ in points), min(y for _, y in points)
    narrowing = cos(radians((top + bottom) / 2))
    scale = width / ((right - left) * narrowing)

    def place(point: Any) -> Point:
        return round((point[0] - left) * narrowing * scale, 1), round((top - point[1]) * scale, 1)

    shapes = [_shape(outline, [[place(point) for point in ring] for ring in outline.rings]) for outline in outlines]
    return DistrictMap(width, round((top - bottom) * scale), shapes)


def _shape(outline: Boundary, rings: list[list[Point]]) -> Shape:
    path = " ".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for ring in rings)
    across, down = [x for x, _ in rings[0]], [y for _, y in rings[0]]
    middle = (min(across) + max(across)) / 2, (min(down) + max(down)) / 2
    return Shape(outline.district.code, outline.district.name, path, round(middle[0], 1), round(middle[1], 1))


def _area(ring: Sequence[Point]) -> float:
    """Of a closed line, by the shoelace rule."""
    pairs = pairwise(ring)
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairs)) / 2


def _thin(line: list[Point]) -> list[Point]:
    """Douglas and Peucker's way: keep the point farthest from a chord as long as it is far enough, on both sides of it.

    A ring ends where it begins, which is no chord: it is cut where it is farthest from its first point.
    """
    if len(line) < 5:
        return line
    cut = max(range(len(line)), key=lambda at: _square(line[at], line[0]))
    keep = {0, cut, len(line) - 1}
    waiting = [(0, cut), (cut, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        farthest, distance = _farthest(line, first, last)
        if distance > TOLERANCE**2:
            keep.add(farthest)
            waiting += [(first, farthest), (farthest, last)]
    return [line[at] for at in sorted(keep)] if len(keep) >= 4 else line


def _farthest(line: list[Point], first: int, last: int) -> tuple[int, float]:
    """The point between two others that is farthest from the chord between them, and the square of how far."""
    between = range(first + 1, last)
    if not between:
        return first, 0.0
    distances = ((at, _from_chord(line[at], line[first], line[last])) for at in between)
    return max(distances, key=lambda found: found[1])


def _from_chord(point: Point, start: Point, end: Point) -> float:
    length = _square(start, end)
    if not length:
        return _square(point, start)
    along = ((point[0] - start[0]) * (end[0] - start[0]) + (point[1] - start[1]) * (end[1] - start[1])) / length
    along = min(max(along, 0.0), 1.0)
    return _square(point, (start[0] + along * (end[0] - start[0]), start[1] + along * (end[1] - start[1])))


def _square(one: Point, other: Point) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2
