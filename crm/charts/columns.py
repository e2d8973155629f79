"""Months beside each other as columns, each with the same month of the period that it is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 230
_TOP, _GROUND = 24, 196
#: More would be too thin to see.
_MOST = 24
#: The part of a month's room that its columns take.
_FILLED = 0.76

#: A month's label, its value and the value that it is compared with; None: not known.
Point = tuple[str, float | None, float | None]


@dataclass(frozen=True)
class Column:
    """One month: where its column and the one behind it stand. `middle` is where its words are."""

    label: str
    value: float
    x: float
    y: float
    height: float
    then_x: float
    then_y: float
    then_height: float
    middle: float

    @property
    def words_above(self) -> float:
        """Where its number stands: above the higher of its two columns."""
        return round(min(self.y, self.then_y) - 6, 1)


@dataclass(frozen=True)
class Columns:
    """The whole drawing. `width` is that of each column."""

    columns: list[Column]
    width: float
    compared: bool
    ground: int = _GROUND
    view_box: str = f"0 0 {WIDTH} {HEIGHT}"
    words_at: int = _GROUND + 20


def columns(points: Sequence[Point]) -> Columns | None:
    """The drawing of at least two months; None where there is nothing to see."""
    values = [value for _, *both in points for value in both if value]
    if not 2 <= len(points) <= _MOST or not values:
        return None
    compared = any(then is not None for _, _, then in points)
    room, most = WIDTH / len(points), max(values)
    width = room * _FILLED / (2 if compared else 1)
    return Columns([_column(place, point, room, width, most, compared) for place, point in enumerate(points)],
                   round(width, 1), compared)  # fmt: skip


def _column(place: int, point: Point, room: float, width: float, most: float, compared: bool) -> Column:
    label, value, then = point
    left = place * room + room * (1 - _FILLED) / 2
    height, then_height = (round((part or 0) / most * (_GROUND - _TOP), 1) for part in (value, then))
    x = left + width if compared else left
    return Column(
        label, value or 0, round(x, 1), round(_GROUND - height, 1), height, round(left, 1), round(_GROUND - then_height, 1),
        then_height, round(left + room * _FILLED / 2, 1),
    )  # fmt: skip
