"""The figures: what dashboard, API, files and publications all show."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from guilds.impact.periods import Period
from guilds.impact.scopes import EVERYWHERE, Scope

__all__ = ["By", "Figure", "Scope", "Summary", "SummaryRow", "summary"]

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


@dataclass(frozen=True)
class SummaryRow:
    """A row of a table of figures, or its total."""

    key: str
    label: str
    measures: dict[str, Figure]


@dataclass(frozen=True)
class Summary:
    """A table of figures, with what they rest on. `as_of`: the day until which changes are in them."""

    period: Period
    as_of: date
    methodology_version: str
    refreshed_at: datetime | None
    by: str
    rows: list[SummaryRow]
    total: SummaryRow


def summary(*, period: Period, by: By, scope: Scope = EVERYWHERE, measures=None) -> Summary:
    """Figures of a period in rows. Raises ValidationError keyed "by", "measures", "guild", "district" or "kind"."""
    raise NotImplementedError
