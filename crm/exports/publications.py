"""A publication as a tidy table: one figure in a row, with all that a statistician needs to read it."""

from collections.abc import Iterable

from crm.exports.tables import FigureTable
from guilds.impact.measures import MEASURES
from guilds.publishing.models import Publication, PublicationStatus, PublishedFigure

HEADINGS = (
    "period", "about", "by", "key", "label", "measure", "measure_label", "unit", "value", "symbol", "confirmed", "missing",
    "target", "numerator", "denominator", "definition", "methodology_version", "status", "version",
)  # fmt: skip
#: counting.md, rule 9: what stands beside a figure because of the status of its publication.
STATUS_SYMBOLS = {PublicationStatus.DRAFT: "p", PublicationStatus.PROVISIONAL: "p", PublicationStatus.REVISED: "r"}
SYMBOLS = (
    "0: truly none", "c: confidential, because few young people are behind it, or could be worked out by it",
    "x: not available, nobody gave a number", "z: not applicable", "low: more than none, and rounds to none",
    "p: provisional", "r: revised, there is a newer version",
)  # fmt: skip


def publication_table(publication: Publication, figures: Iterable[PublishedFigure]) -> FigureTable:
    """The figures of one version, in the order in which they were published."""
    about = publication.guild_id or publication.district_id or "county"
    rows = [_row(publication, about, figure) for figure in figures]
    reason = (f"Why there is this version: {publication.reason}",) if publication.reason else ()
    notes = (str(publication), *reason, "Symbols", *SYMBOLS)
    return FigureTable(f"{publication.period} {about} version {publication.edition}", HEADINGS, rows, notes)


def _row(publication: Publication, about: str, figure: PublishedFigure) -> tuple:
    measure = MEASURES.get(figure.measure)
    label, unit, definition = (measure.label, measure.unit, measure.definition) if measure else (figure.measure, "", "")
    symbols = " ".join(filter(None, (figure.symbol, STATUS_SYMBOLS.get(publication.status, ""))))  # type: ignore[call-overload]
    value = int(figure.value) if figure.value is not None and figure.value == int(figure.value) else figure.value
    return (
        publication.period, about, figure.by, figure.key, figure.label, figure.measure, label, unit, value, symbols,
        figure.confirmed, figure.missing, figure.target, figure.numerator, figure.denominator, definition,
        publication.methodology_version, publication.status, publication.edition,
    )  # fmt: skip
