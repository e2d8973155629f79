"""Supported routes as a tidy table: learners of a route at each stage, and what had become of them."""

from collections.abc import Iterable

from crm.exports.tables import FigureTable, Value
from guilds.impact.figures import CONFIDENTIAL
from guilds.impact.periods import Period
from guilds.impact.supported import Route
from guilds.opportunities.models import Outcome

HEADINGS = ("period", "route", "about", "key", "label", "learners")
_STAGES = {
    "started": "Still there", "completed": "Completed", "withdrawn": "Left early", "did_not_attend": "Never came",
}  # fmt: skip
_NOTES = (
    "stage: how it stands with the learners who began in the period; outcome: what they did thirteen weeks after the end",
    "c: confidential, because few young people are behind it, or it could be worked out by it",
    "Provisional: the figures follow the records and may still change",
)


def supported_table(period: Period, found: Iterable[tuple[Route, set[str]]]) -> FigureTable:
    """Both routes, each with what is hidden of it from this reader."""
    rows = [row for route, few in found for row in _rows(period, route, few)]
    return FigureTable(f"Supported routes {period.slug}", HEADINGS, rows, _NOTES)


def _rows(period: Period, route: Route, few: set[str]) -> Iterable[tuple[Value, ...]]:
    outcomes = {**dict(Outcome.choices), "": "Not known"}
    totals = (("all", "Began", route.started), ("ended", "Ended", route.ended))
    stages = ((key, _STAGES[key], number) for key, number in route.stages.items())
    became = ((key, str(outcomes[key]), number) for key, number in route.outcomes.items())
    for about, parts in (("total", totals), ("stage", stages), ("outcome", became)):
        for key, label, number in parts:
            yield period.slug, route.label, about, key or "unknown", label, CONFIDENTIAL if key in few else number
