"""A whole in its parts, in one bar: each part has its own pattern, and its number beside it in words."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One part. `pattern` names how it is filled (templates/charts/patterns.html)."""

    label: str
    value: float
    pattern: str
    x: float
    width: float


@dataclass(frozen=True)
class Stack:
    """The bar, from 0 to 100."""

    parts: list[Part]

    @property
    def spoken(self) -> str:
        """For those who can't see it."""
        return ", ".join(f"{part.label.lower()} {part.value:,.0f}" for part in self.parts)


def stack(parts: Sequence[tuple[str, float, str]], most: float = 0) -> Stack:
    """A bar of (label, value, pattern); `most`: the longest of the bars that it stands among."""
    whole = max(sum(value for _, value, _ in parts), most) or 1
    placed, x = [], 0.0
    for label, value, pattern in parts:
        width = 100 * value / whole
        placed.append(Part(label, value, pattern, round(x, 2), round(width, 2)))
        x += width
    return Stack(placed)
