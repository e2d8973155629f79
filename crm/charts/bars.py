"""Rows below each other as bars, each with its name before it, its figure behind it, and a mark at its target."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 640
_ROW, _BAR = 26, 16
_FROM, _TO = 300, 570

#: A row's name, its figure in words, its value and its target; None: there is none.
Point = tuple[str, str, float | None, float | None]


@dataclass(frozen=True)
class BarRow:
    """One row: where its bar ends, where its words stand, and where the mark of its target is (None: nowhere)."""

    label: str
    words: str
    y: int
    length: float
    target: float | None

    @property
    def middle(self) -> int:
        """The line on which its words stand."""
        return self.y + _BAR - 3

    @property
    def words_at(self) -> float:
        """Where its figure begins: behind the bar and the mark."""
        return round(max(_FROM + self.length, self.target or 0) + 7, 1)


@dataclass(frozen=True)
class BarChart:
    """The whole drawing."""

    rows: list[BarRow]
    view_box: str
    start: int = _FROM
    bar: int = _BAR
    names_end: int = _FROM - 8

    @property
    def has_targets(self) -> bool:
        """Whether the marks need to be explained."""
        return any(row.target is not None for row in self.rows)

    @property
    def spoken(self) -> str:
        """For those who can't see it."""
        return ", ".join(f"{row.label} {row.words}" for row in self.rows)


def bars(points: Sequence[Point]) -> BarChart | None:
    """The drawing; None where there is nothing to see."""
    known = [number for *_, value, target in points for number in (value, target) if number]
    if not known:
        return None
    scale = (_TO - _FROM) / max(known)
    rows = [
        BarRow(
            label,
            words,
            place * _ROW + 4,
            round((value or 0) * scale, 1),
            round(_FROM + target * scale, 1) if target else None,
        )
        for place, (label, words, value, target) in enumerate(points)
    ]
    return BarChart(rows, f"0 0 {WIDTH} {len(rows) * _ROW + 4}")
