"""The grid of indicators: a row for each, a column for each period, with the direction of travel."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from guilds.impact import periods
from guilds.impact.figures import Figure
from guilds.impact.indicator_actions import indicator_period
from guilds.impact.indicators import Better, Indicator, IndicatorQuerySet, IndicatorValue, IndicatorVersion, Travel
from guilds.impact.measures import MEASURES
from guilds.impact.periods import Period
from guilds.impact.totals import summary

#: Columns of the grid: the latest.
SHOWN_PERIODS = 6


@dataclass(frozen=True)
class Cell:
    """One indicator in one period. `entered` is what somebody gave with a source, `figure` what a measure of ours says."""

    period: Period
    entered: IndicatorValue | None
    figure: Figure | None
    travel: str

    @property
    def value(self) -> Decimal | float | None:
        """The number: the measure's where the system holds one, else the one that was entered."""
        if self.figure is not None:
            return self.figure.value
        return self.entered.value if self.entered else None

    @property
    def travel_words(self) -> str:
        """The direction of travel in words; empty where it is not known."""
        return str(Travel(self.travel).label) if self.travel else ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return self.value is None and self.entered is None


@dataclass(frozen=True)
class GridRow:
    """One indicator in the words that hold now, and its cells."""

    indicator: Indicator
    wording: IndicatorVersion
    cells: list[Cell]

    @property
    def judged(self) -> str:
        """What the latest period that was judged says."""
        judged = [cell.entered for cell in self.cells if cell.entered and cell.entered.judged]
        return str(judged[-1].get_judged_display()) if judged else ""


def grid(indicators: IndicatorQuerySet, shown: Iterable[Period]) -> list[GridRow]:
    """The rows of some indicators, in the order of their codes; queries grow with the periods only."""
    columns = list(shown)
    found = list(indicators.prefetch_related("versions", "values"))
    worded = [(indicator, list(indicator.versions.all())[-1]) for indicator in found if indicator.versions.all()]
    figures = _figures({wording.measure for _, wording in worded if wording.measure}, columns)
    rows = [GridRow(one, wording, _cells(one, wording, columns, figures)) for one, wording in worded]
    return sorted(rows, key=lambda row: (_natural(row.wording.code), row.indicator.reference))


def periods_of(indicators: IndicatorQuerySet) -> list[Period]:
    """The periods of which anything was entered, first to last."""
    slugs = (
        IndicatorValue.objects.filter(indicator__in=indicators).order_by().values_list("period", flat=True).distinct()
    )
    return sorted((indicator_period(slug) for slug in slugs), key=lambda period: (period.end, period.start))


def _figures(measures: set[str], columns: list[Period]) -> dict[tuple[str, str], Figure]:
    """What measures of ours say in each period."""
    if not measures:
        return {}
    found: dict[tuple[str, str], Figure] = {}
    for column in columns:
        total = summary(period=periods.between(column.start, column.end), by="total", measures=measures).total
        found |= {(slug, column.slug): figure for slug, figure in total.measures.items()}
    return found


def _cells(
    indicator: Indicator, wording: IndicatorVersion, columns: list[Period], figures: dict[tuple[str, str], Figure]
) -> list[Cell]:
    entered = {value.period: value for value in indicator.values.all() if value.district_id is None}
    cells: list[Cell] = []
    for column in columns:
        value, figure = entered.get(column.slug), figures.get((wording.measure, column.slug))
        cell = Cell(column, value, figure, value.travel if value else "")
        if not cell.travel and cells:
            cell = Cell(column, value, figure, _travel(wording, cells[-1], cell))
        cells.append(cell)
    return cells


def _travel(wording: IndicatorVersion, before: Cell, now: Cell) -> str:
    """Worked out, where both numbers are known and somebody said which way is better, from periods of one length."""
    same_length = before.period.length == now.period.length
    if before.value is None or now.value is None or not wording.better or not same_length:
        return ""
    if before.value == now.value:
        return Travel.LEVEL
    return Travel.IMPROVING if (now.value > before.value) == (wording.better == Better.HIGHER) else Travel.WORSENING


def _natural(code: str) -> list[tuple[int, str]]:
    """A code such that KPI 2 comes before KPI 10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", code.lower())]


def is_ratio(slug: str) -> bool:
    """Whether a measure is a share."""
    return bool(slug) and MEASURES[slug].sort == "ratio"
