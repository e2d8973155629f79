"""Indicators of the strategy: one row for each indicator and period; rows without a period only word it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from guilds.impact.indicators import Better, Progress, Travel
from guilds.importing.layouts.base import layout
from guilds.importing.models import Kind
from guilds.importing.rows import Row
from guilds.importing.values import Unreadable, is_missing, read_date

#: How people say which way is better, and which way it goes.
_BETTER = {
    "up": Better.HIGHER, "increase": Better.HIGHER, "higher": Better.HIGHER, "more": Better.HIGHER, "high": Better.HIGHER,
    "down": Better.LOWER, "decrease": Better.LOWER, "lower": Better.LOWER, "fewer": Better.LOWER, "less": Better.LOWER,
    "low": Better.LOWER,
}  # fmt: skip
_TRAVEL = {
    "up": Travel.IMPROVING, "improving": Travel.IMPROVING, "better": Travel.IMPROVING, "⇑": Travel.IMPROVING,
    "↑": Travel.IMPROVING, "level": Travel.LEVEL, "same": Travel.LEVEL, "no change": Travel.LEVEL, "⇒": Travel.LEVEL,
    "→": Travel.LEVEL, "down": Travel.WORSENING, "worsening": Travel.WORSENING, "worse": Travel.WORSENING,
    "getting worse": Travel.WORSENING, "⇓": Travel.WORSENING, "↓": Travel.WORSENING,
    "n/a": Travel.NOT_APPLICABLE, "not applicable": Travel.NOT_APPLICABLE, "not_applicable": Travel.NOT_APPLICABLE,
}  # fmt: skip
_LARGEST = Decimal(10) ** 12


def read_number(text: str) -> Decimal | None:
    """A number with at most two decimals; a percent sign and separators of thousands are left out."""
    bare = text.strip().removesuffix("%").replace(",", "").removeprefix("£").strip()
    if is_missing(bare):
        return None
    try:
        number = Decimal(bare)
    except InvalidOperation:
        number = _LARGEST
    if not (number.is_finite() and abs(number) < _LARGEST and number == round(number, 2)):
        raise Unreadable(
            f"“{text.strip()}” is not a number with at most two decimals: write 1.9, or leave it empty if not known"
        )
    return round(number, 2)


def read_indicator(row: Row) -> None:
    """What the row says of the indicator itself, of its wording, and of one period."""
    row.values = {
        "code": row.text("code", required=True, longest=20), "statement": row.text("statement"),
        "reference": row.text("reference", longest=60), "unit": row.text("unit", longest=60),
        "better": _word(row, "direction", _BETTER), "target": row.text("target", longest=200),
        "measure": row.text("measure", longest=40), "reason": row.text("reason", longest=250),
        "valid_from": row.read("valid_from", read_date), "valid_to": row.read("valid_to", read_date),
        "period": row.text("period"), "district": row.text("district"), "value": row.read("value", read_number),
        "judged": row.choice("status", Progress), "travel": _word(row, "travel", _TRAVEL),
        "source": row.text("source", longest=250), "note": row.cell("note"),
    }  # fmt: skip
    said = [name for name in ("value", "judged", "travel") if row.values[name] not in (None, "")]
    if said and not row.values["period"]:
        row.refuse("period", "Say which period it is about, such as 2016 or 2016-17")


def _word(row: Row, column: str, known: Mapping[str, str]) -> str:
    """One of several words that mean the same."""
    said = row.text(column)
    if said.lower() in ("", "-") or (is_missing(said) and said.lower() not in known):
        return ""
    found = known.get(said.lower().removesuffix(" is better").strip(), "")
    if not found:
        row.refuse(column, f"“{said}” is not one of: {', '.join(dict.fromkeys(map(str, known.values())))}")
    return found


LAYOUTS = (
    layout("Indicators", Kind.INDICATORS, "code|statement", read_indicator),
    layout("Values of indicators", Kind.INDICATORS, "code|period", read_indicator),
)
