"""Which figures of a characteristic may be told outside the team (counting.md, rule 8). Pure functions over numbers.

A cell of a few young people is hidden, and others with it, so that neither a total nor an earlier version tells what it
is. Who knows these very rules must not be able to work it out either: so what else is hidden follows the order of the
rows, never their size, and hidden cells are never all as small, or all as large, as they could be.

The cells of one academic year are hidden together: the year, its quarters and months, guilds and districts. Any other
crossing of them (a guild's months, a financial year) is not told at all, for each would be one more total.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: A figure of the year: what it is by, and the key of its row.
CellName = tuple[str, str]
YEAR: CellName = ("total", "total")


@dataclass(frozen=True)
class YearTable:
    """One measure in one academic year. `quarters`: of each quarter its months, in order, with their figures."""

    guilds: Mapping[str, int]
    districts: Mapping[str, int]
    quarters: Mapping[str, Mapping[str, int]]

    @property
    def total(self) -> int:
        """Of the whole year."""
        return sum(self.guilds.values())

    def names(self) -> set[CellName]:
        """Every cell that there is."""
        months = {month for quarter in self.quarters.values() for month in quarter}
        lists = {"guild": self.guilds, "district": self.districts, "quarter": self.quarters, "month": months}
        return {YEAR} | {(by, key) for by, keys in lists.items() for key in keys}


def told(
    table: YearTable,
    *,
    below: int,
    hidden_before: Iterable[CellName] = (),
    told_before: Iterable[CellName] = (),
) -> set[CellName]:
    """The cells that may be told; of a year with only a few, none.

    What earlier publications of the year hid stays hidden. Where a cell would have to be hidden that one of them told,
    nothing is told: the change of the total would say what has become of it.
    """
    if 0 < table.total < below:
        return set()
    told_before = set(told_before) & table.names()
    found = table.names() - _hidden(table, below, set(hidden_before), told_before)
    return set() if told_before - found else found


def hide(cells: Mapping[str, int], *, below: int, hidden: Iterable[str] = (), told: Iterable[str] = ()) -> set[str]:
    """The cells to hide of those that add up to a total which everybody is told.

    `hidden`: these in any case; `told`: these only if no others will do.
    """
    found = {key for key, value in cells.items() if 0 < value < below} | (set(hidden) & cells.keys())
    if not found:
        return set()
    earlier = set(told)
    for spare in sorted((key for key in cells if key not in found and cells[key]), key=lambda key: key in earlier):
        if _is_safe([cells[key] for key in found], below):
            return found
        found = found | {spare}
    return found if _is_safe([cells[key] for key in found], below) else set(cells)


def _is_safe(values: list[int], below: int) -> bool:
    """Whether the sum of hidden cells, which everybody can work out, leaves each of them open."""
    number, together = len(values), sum(values)
    nearly_as_small = together <= 2 * number
    nearly_as_large = (below - 2) * number <= together <= (below - 1) * number
    return number > 1 and together >= below and not nearly_as_small and not nearly_as_large


def _hidden(table: YearTable, below: int, before: set[CellName], told_before: set[CellName]) -> set[CellName]:
    def among(by: str, cells: Mapping[str, int]) -> set[CellName]:
        hidden, told = ({key for name, key in some if name == by} for some in (before, told_before))
        return {(by, key) for key in hide(cells, below=below, hidden=hidden, told=told)}

    found = among("guild", table.guilds) | among("district", table.districts)
    quarters = among("quarter", {key: sum(months.values()) for key, months in table.quarters.items()})
    for key, months in table.quarters.items():
        whole = ("quarter", key) in quarters
        found |= {("month", month) for month in months} if whole else among("month", months)
    return found | quarters
