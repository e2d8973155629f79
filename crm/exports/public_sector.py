"""The columns of the table of public bodies and their target."""

from decimal import Decimal
from typing import Any

from crm.exports.columns import Column, of
from crm.exports.lists import DISTRICT, DISTRICT_CODE
from guilds.impact.public_sector import BOUND_FROM


def _duty(row: Any) -> str:
    return "By law" if row.headcount >= BOUND_FROM else "The county's own aim"


def share(started: int, wanted: int) -> Decimal:
    """How much of a target is reached, in per cent, from the unrounded numbers; never capped."""
    return (Decimal(started * 100) / wanted).quantize(Decimal("0.1"))


PUBLIC_SECTOR = (
    Column("name", "Public body", of("name"), "organisations/cells/public_body.html", heads=True, order="name"),
    Column("headcount", "Headcount", of("headcount"), numeric=True, order="headcount"),
    Column("wanted", "Target (2.3%)", of("wanted"), numeric=True),
    Column("started", "Started", of("started"), "organisations/cells/public_starts.html", numeric=True),
    Column("missing", "Still to start", of("missing"), numeric=True),
    Column("reached", "Reached (%)", lambda row: share(row.started, row.wanted), numeric=True),
    Column("duty", "Bound by", _duty),
    DISTRICT,
    DISTRICT_CODE,
)
