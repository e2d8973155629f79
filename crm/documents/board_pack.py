"""A board pack: what was published, in sentences, charts and tables, with all that is needed to read them.

Made of frozen figures only, so that it says the same whenever it is made. The page and the PDF have the same templates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from crm.charts.bars import BarChart, bars
from crm.charts.columns import Columns, columns
from crm.documents.sentences import hidden, leading, sentences
from crm.exports.publications import STATUS_SYMBOLS
from crm.published import FIRST, Shown, measure_of, worded
from guilds.impact.measures import Measure
from guilds.impact.scopes import COUNTY_WIDE, UNKNOWN
from guilds.publishing.models import Publication, PublishedFigure
from guilds.publishing.reading import figures_of, published_before

TEMPLATE = "documents/board_pack.html"
#: The two tables of each dimension: what was done, and what was promised and came of it.
REACH = ("encounters", "engagements", "schools", "colleges", "employers")
PROMISES = ("pledges", "placements_arranged", "apprenticeships_created", "pledge_conversion")
GROUPS = ((REACH, "what was done"), (PROMISES, "promises and places"))
#: The measure that is drawn.
DRAWN = "encounters"
#: By measure, dimension and key.
_Figures = dict[tuple[str, str, str], PublishedFigure]


@dataclass(frozen=True)
class PackTable:
    """Some measures by one dimension: each row a name and its figures in words; the last row is the total."""

    caption: str
    first: str
    measures: list[Measure]
    rows: list[tuple[str, list[str]]]
    total: list[str]

    @property
    def headings(self) -> str:
        """As components/table.html takes them."""
        return ", ".join([self.first, *(f"{measure.label}#" for measure in self.measures)])

    @property
    def not_adding_up(self) -> list[Measure]:
        """Whose rows need not add up to their total."""
        return [measure for measure in self.measures if not measure.adds_up]


@dataclass(frozen=True)
class Section:
    """One dimension: a sentence on who has the most, a drawing, and the tables."""

    by: str
    leading: str
    drawn: Measure
    bars: BarChart | None
    columns: Columns | None
    tables: list[PackTable]


@dataclass(frozen=True)
class TotalRow:
    """One measure in total, beside what it was a year before."""

    shown: Shown
    before: str


def board_pack(publication: Publication) -> dict[str, Any]:
    """All that the templates of a board pack say of a publication."""
    figures = figures_of(publication)
    earlier = published_before(publication)
    comparable = earlier is not None and earlier.methodology_version == publication.methodology_version
    before = _totals(figures_of(earlier)) if earlier is not None and comparable else {}
    totals = _totals(figures)
    return {
        "publication": publication,
        "status_symbol": STATUS_SYMBOLS.get(publication.status, ""),  # type: ignore[call-overload]
        "earlier": earlier,
        "comparable": comparable,
        "summary": list(filter(None, [*sentences(totals, before), hidden(figures)])),
        "sections": [section for by in FIRST if (section := _section(by, figures))],
        "totals": [TotalRow(Shown(figure), worded(before.get(slug))) for slug, figure in totals.items()],
        "measures": [measure_of(slug) for slug in totals],
        "demo": settings.DEMO,
    }


def _totals(figures: Sequence[PublishedFigure]) -> dict[str, PublishedFigure]:
    return {figure.measure: figure for figure in figures if figure.by == "total"}


def _section(by: str, figures: Sequence[PublishedFigure]) -> Section | None:
    """One dimension; None for one that the publication has not."""
    known: _Figures = {(figure.measure, figure.by, figure.key): figure for figure in figures}
    keys = dict.fromkeys((figure.key, figure.label) for figure in figures if figure.by == by)
    if not keys:
        return None
    drawn = [figure for figure in figures if figure.by == by and figure.measure == DRAWN]
    whole = known[DRAWN, "total", "total"]
    return Section(
        by,
        _leading(by, drawn, whole),
        measure_of(DRAWN),
        _bars(drawn) if by != "month" else None,
        _columns(drawn) if by == "month" else None,
        [found for slugs, name in GROUPS if (found := _table(by, name, slugs, list(keys), known))],
    )  # fmt: skip


def _leading(by: str, drawn: Sequence[PublishedFigure], whole: PublishedFigure) -> str:
    """The guild or the district with the most; what no guild leads, and what is not known, are no rivals of theirs."""
    if by not in ("guild", "district"):
        return ""
    named = [figure for figure in drawn if figure.key not in (COUNTY_WIDE, UNKNOWN)]
    return leading(DRAWN, named, whole, how="led by" if by == "guild" else "in")


def _bars(figures: Sequence[PublishedFigure]) -> BarChart | None:
    return bars([(_short(figure.label), worded(figure), figure.value, figure.target) for figure in figures])


def _columns(figures: Sequence[PublishedFigure]) -> Columns | None:
    return columns([(figure.label[:3], figure.value, None) for figure in figures])


def _short(label: str) -> str:
    """A name without what explains it."""
    return label.partition(" (")[0]


def _table(by: str, name: str, slugs: Sequence[str], keys: list[tuple[str, str]], found: _Figures) -> PackTable | None:
    """The measures of `slugs` that are told by this dimension; None without any."""
    told = [slug for slug in slugs if any((slug, by, key) in found for key, _ in keys)]
    if not told:
        return None
    rows = [(label, [worded(found.get((slug, by, key))) for slug in told]) for key, label in keys]
    total = [worded(found.get((slug, "total", "total"))) for slug in told]
    return PackTable(f"By {by}: {name}", FIRST[by], [measure_of(slug) for slug in told], rows, total)
