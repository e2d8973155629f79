"""The targets of a period as a tidy table, each with its figure and, of the county's, where the year may end."""

from collections.abc import Iterable
from typing import Any

from crm.exports.tables import FigureTable, Value
from guilds.impact.periods import Period

HEADINGS = (
    "period", "measure", "measure_label", "unit", "guild", "district", "value", "target", "progress", "forecast", "lowest",
    "highest", "why_none", "definition",
)  # fmt: skip


def target_table(period: Period, rows: Iterable[dict[str, Any]], method: str) -> FigureTable:
    """`rows` are those of the page of targets."""
    notes = ("Provisional: the figures follow the records and may still change", method)
    return FigureTable(f"Targets {period.slug}", HEADINGS, [_row(row) for row in rows], notes)


def _row(row: dict[str, Any]) -> tuple[Value, ...]:
    aim, shown, said = row["target"], row["shown"], row["forecast"]
    value, measure = shown.figure.value, shown.measure
    expected = (said.value, said.low, said.high, said.reason) if said else (None, None, None, "")
    progress = value / aim.value if value is not None and aim.value else None
    return (
        aim.period, measure.slug, measure.label, measure.unit, aim.guild_id or "", aim.district_id or "", value, aim.value,
        progress, *expected, measure.definition,
    )  # fmt: skip
