"""One figure, as everything shows it."""

from dataclasses import dataclass, replace
from typing import Literal

By = Literal["guild", "district", "kind", "month", "total"]


@dataclass(frozen=True)
class Figure:
    """One figure. `value` None: not applicable (z). `missing`: how many records have no number.

    A ratio's `value` is `numerator` ÷ `denominator`, unrounded; its `parts` are, for each pledge kind, `pledged`,
    `delivered`, `open`, `lapsed`, `withdrawn` (numbers) and `value` (the kind's own ratio or None).
    """

    value: int | float | None
    confirmed: int | None = None
    missing: int | None = None
    target: int | None = None
    adds_up: bool = True
    numerator: int | None = None
    denominator: int | None = None
    parts: dict[str, dict] | None = None

    def aimed_at(self, target: int) -> "Figure":
        """The same figure with what was aimed at."""
        return replace(self, target=target)
