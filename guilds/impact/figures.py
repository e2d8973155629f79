"""One figure, as everything shows it."""

from dataclasses import dataclass, replace
from typing import Literal

By = Literal["guild", "district", "kind", "month", "total"]


@dataclass(frozen=True)
class Figure:
    """One figure. `value` None: not applicable (z), or what `symbol` says. `missing`: how many records have no number.

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
    symbol: str = ""

    def aimed_at(self, target: int) -> "Figure":
        """The same figure with what was aimed at."""
        return replace(self, target=target)


#: counting.md, rule 9: a figure that is not told, because few young people are behind it.
CONFIDENTIAL = "c"
#: A figure that is kept from its reader. What is aimed at is no secret, but beside it would be no use.
WITHHELD = Figure(None, symbol=CONFIDENTIAL)
