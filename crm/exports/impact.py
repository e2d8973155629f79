"""The data behind the charts of a page of figures as tidy tables: one figure in a row, with all that belongs to it."""

from collections.abc import Iterator
from typing import Any

from crm import figures
from crm.exports.publications import SYMBOLS
from crm.exports.tables import FigureTable, Value
from crm.impact_sections import Sections
from guilds.impact.compare import change
from guilds.impact.figures import Figure
from guilds.impact.measures import MEASURES, METHODOLOGY_VERSION
from guilds.impact.promises import steps
from guilds.impact.totals import Summary, SummaryRow
from guilds.pledges.models import PledgeKind

#: The tables that there are; "main": every measure by guild, of a guild by district.
NAMES = ("total", "main", "guild", "district", "kind", "month", "pledges", "forecast")
HEADINGS = (
    "period", "guild", "district", "kind", "by", "key", "label", "measure", "measure_label", "unit", "value", "symbol",
    "confirmed", "missing", "target", "numerator", "denominator", "compared_with", "value_then", "difference",
    "difference_share", "definition", "counting_date",
)  # fmt: skip
PLEDGES = (
    "period", "kind", "kind_label", "pledged", "delivered", "open", "lapsed", "withdrawn", "share", "made", "agreed",
    "confirmed",
)  # fmt: skip
FORECAST = (
    "period", "measure", "measure_label", "months_over", "counted", "target", "forecast", "lowest", "highest", "why_none",
    "tested_year", "said_then", "came",
)  # fmt: skip


def impact_table(sections: Sections, name: str) -> FigureTable:
    """One of NAMES."""
    title = f"Impact {sections.period.slug} {name}"
    if name == "pledges":
        return FigureTable(title, PLEDGES, list(_pledges(sections)), _notes(sections))
    if name == "forecast":
        return FigureTable(
            title, FORECAST, list(_forecasts(sections)), (*_notes(sections), sections.forecasts().get("method", ""))
        )
    return FigureTable(title, HEADINGS, list(_figures(sections, name)), _notes(sections))


def _notes(sections: Sections) -> tuple[str, ...]:
    about = (
        f"{sections.period.label}, compared with {sections.against.label}",
        f"Methodology version {METHODOLOGY_VERSION}",
    )
    return (*about, "Provisional: the figures follow the records and may still change", "Symbols", *SYMBOLS)


def _figures(sections: Sections, name: str) -> Iterator[tuple[Value, ...]]:
    now, then = _summaries(sections, name)
    before = {row.key: row for row in then.rows} if then else {}
    pairs = [] if name == "total" else [(row, before.get(row.key)) for row in now.rows]
    for row, earlier in [*pairs, (now.total, then.total if then else None)]:
        yield from _row(sections, now.by, row, earlier)


def _summaries(sections: Sections, name: str) -> tuple[Summary, Summary | None]:
    """The table now, and then. Months are other months then, so they are not held against each other here."""
    if name == "month":
        return sections.read("month", sections.slugs), None
    if name in ("total", "main", sections.main_by):
        return sections.main, sections.read(sections.main_by, sections.slugs, sections.against)
    slugs = [shown.slug for shown in sections.table(name)["measures"]]  # type: ignore[arg-type]
    return sections.read(name, slugs), sections.read(name, slugs, sections.against)  # type: ignore[arg-type]


def _row(sections: Sections, by: str, row: SummaryRow, earlier: SummaryRow | None) -> Iterator[tuple[Value, ...]]:
    scope = sections.scope
    for slug, figure in row.measures.items():
        measure = MEASURES[slug]
        beside = _change(figure, earlier.measures.get(slug) if earlier else None)
        yield (
            sections.period.slug, scope.guild or "", scope.district or "", scope.kind or "", by, row.key, row.label, slug,
            measure.label, measure.unit, figure.value, _symbols(slug, figure), figure.confirmed, figure.missing,
            figure.target, figure.numerator, figure.denominator, sections.against.slug if earlier else "", *beside,
            measure.definition, measure.counting_date,
        )  # fmt: skip


def _change(now: Figure, then: Figure | None) -> tuple[Value, Value, Value]:
    if then is None:
        return None, None, None
    found = change(now, then)
    return found.then, found.difference, found.share


def _symbols(slug: str, figure: Figure) -> str:
    words = figures.worded(MEASURES[slug], figure)
    return f"{words} p" if words in (figures.NOT_APPLICABLE, figures.NOT_AVAILABLE, figures.LOW, "c") else "p"


def _pledges(sections: Sections) -> Iterator[tuple[Value, ...]]:
    parts: dict[str, Any] = getattr(sections.main.total.measures.get("pledge_conversion"), "parts", None) or {}
    names = ("pledged", "delivered", "open", "lapsed", "withdrawn", "value")
    for row in [] if sections.scope.kind else steps(sections.period, sections.scope):
        numbers = (parts.get(row.kind, {}).get(name, None if name == "value" else 0) for name in names)
        step = (row.made, row.agreed, row.confirmed)
        yield (sections.period.slug, row.kind, str(PledgeKind(row.kind).label), *numbers, *step)


def _forecasts(sections: Sections) -> Iterator[tuple[Value, ...]]:
    found = sections.forecasts()
    for row in found.get("rows", []):
        one, measure = row["found"], row["measure"]
        head = (sections.period.slug, measure.slug, measure.label, one.months, one.counted, row["target"], one.value,
                one.low, one.high, one.reason)  # fmt: skip
        tests = [(test.year, test.said, test.came) for test in one.tests]
        yield from ((*head, *test) for test in tests or [(None, None, None)])
    if found.get("reason"):
        yield (sections.period.slug, *[None] * 8, found["reason"], None, None, None)
