"""The columns of what people ask about their data, and of what was erased."""

from typing import Any

from crm.exports import cells
from crm.exports.columns import Column, choice, of


def _counts(row: Any) -> str:
    return ", ".join(f"{noun} × {count}" for noun, count in sorted(row.counts.items()) if count)


RIGHTS_REQUESTS = (
    Column("kind", "What is asked for", choice("kind"), "rights/cells/request.html", heads=True),
    Column("about", "Who asks", of("about")),
    Column("due", "Answer by", of("due_on"), order="due_on"),
    Column("status", "Status", of("standing_label"), drawn=cells.standing),
    Column("received", "Came on", of("received_on"), usual=False),
)
ERASURES = (
    Column("when", "When", of("at"), order="at", heads=True),
    Column("by", "Who erased", of("by.name", "The clock")),
    Column("why", "Why", choice("why")),
    Column("what", "How many of what", _counts),
)
