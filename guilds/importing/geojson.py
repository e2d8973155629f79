"""GeoJSON as rows: one for each feature, its properties as columns and its geometry as text in a last one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: Columns beyond these are not looked at: a feature says what it is in its first few properties.
_MOST_COLUMNS = 40
GEOMETRY = "geometry"


def begins_geojson(start: bytes) -> bool:
    """Whether a file's first bytes open an object, which no table does."""
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def geojson_records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """A row of titles, and a row for each feature. Raises ValueError where it is no collection of features."""
    features = _features(path)
    titles = list(dict.fromkeys(name for feature in features for name in _properties(feature)))[:_MOST_COLUMNS]
    yield 1, [*titles, GEOMETRY]
    for number, feature in enumerate(features, start=2):
        said = _properties(feature)
        yield number, [*(_text(said.get(title)) for title in titles), _text(feature.get(GEOMETRY))]


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is broken off or not JSON ({error})") from None
    features = [found] if found.get("type") == "Feature" else found.get("features")
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise ValueError("it has no features: save the districts as a FeatureCollection")
    return features


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    said = feature.get("properties")
    return {name: value for name, value in said.items() if name != GEOMETRY} if isinstance(said, dict) else {}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
