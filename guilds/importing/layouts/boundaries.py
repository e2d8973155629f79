"""Outlines of districts: GeoJSON as the Office for National Statistics publishes it, whatever its year calls the columns."""

import json
import re
from itertools import chain
from typing import Any

from guilds.importing.layouts.base import layout
from guilds.importing.models import Kind
from guilds.importing.rows import Row
from guilds.reference.outlines import thinned

_GSS = re.compile(r"[EWSN]\d{8}")
_DEEPEST = {"Polygon": 1, "MultiPolygon": 2}
#: Fewer points than this (the last is the first again) enclose nothing.
_FEWEST = 4


def read_boundary(row: Row) -> None:
    """A district's code, in whichever property it stands, and its outline."""
    codes = [cell.strip() for cell in row.raw if _GSS.fullmatch(cell.strip())]
    if not codes:
        row.refuse("code", "None of its properties is a district's GSS code, such as E07000105")
    row.values = {"code": codes[0] if codes else "", "rings": _rings(row)}


def _rings(row: Row) -> list:
    try:
        geometry = json.loads(row.cell("geometry") or "null")
    except ValueError:
        geometry = None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in _DEEPEST:
        row.refuse("geometry", "This is not an outline: a Polygon or MultiPolygon of GeoJSON")
        return []
    rings = geometry.get("coordinates")
    try:
        rings = list(chain.from_iterable(rings)) if _DEEPEST[kind] == 2 else rings
        sound = bool(rings) and all(len(ring) >= _FEWEST and all(map(_in_degrees, ring)) for ring in rings)
    except TypeError:
        sound = False
    if not sound:
        row.refuse("geometry", "Write its points as longitude and latitude in degrees, such as [0.52, 51.27], at least "
                               "four to a ring")  # fmt: skip
    return thinned(rings) if sound else []


def _in_degrees(point: Any) -> bool:
    across, up = point[0], point[1]
    numbers = all(isinstance(part, int | float) and not isinstance(part, bool) for part in (across, up))
    return numbers and -180 <= across <= 180 and -90 <= up <= 90


LAYOUTS = (layout("GeoJSON", Kind.BOUNDARIES, "geometry", read_boundary),)
