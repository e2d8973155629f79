"""The grid of indicators as a tidy table: one indicator in one period in a row, with what it said and says."""

from collections.abc import Iterable

from crm.exports.tables import FigureTable, Value
from guilds.impact.indicator_grid import Cell, GridRow

HEADINGS = (
    "reference", "code", "statement", "unit", "better", "target", "period", "value", "value_from", "status",
    "direction_of_travel", "source", "note", "ended_on", "ended_because",
)  # fmt: skip
_NOTES = (
    "The words are those that hold now; what an indicator said before is on its page",
    "value_from: measure where the system counts it from its records (provisional), else entered with its source",
)


def indicators_table(rows: Iterable[GridRow]) -> FigureTable:
    """Every period of which anything is known."""
    found = [_row(row, cell) for row in rows for cell in row.cells if not cell.is_empty]
    return FigureTable("Indicators", HEADINGS, found, _NOTES)


def _row(row: GridRow, cell: Cell) -> tuple[Value, ...]:
    wording, entered = row.wording, cell.entered
    said = (entered.get_judged_display(), cell.travel_words, entered.source, entered.note) if entered else ("",) * 4
    return (
        row.indicator.reference, wording.code, wording.statement, wording.unit, wording.get_better_display(), wording.target,
        cell.period.slug, cell.value, "measure" if cell.figure is not None else "entered", said[0],
        cell.travel_words, *said[2:], row.indicator.ended_on, row.indicator.ended_because,
    )  # fmt: skip
