"""Published figures as people read them: in words, with their symbols, beside what the records say now."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from crm.figures import number, percent
from guilds.impact.measures import MEASURES, Measure
from guilds.publishing.differences import Change, Difference
from guilds.publishing.models import Publication, PublishedFigure

NOTHING = "–"
#: How the rows of a table by each dimension are called.
FIRST = {"guild": "Guild", "district": "District", "kind": "Kind", "month": "Month"}
#: Sorts of record that have a page of their own.
_WITH_PAGE = frozenset({"engagement", "pledge", "placement", "apprenticeship", "organisation"})


def measure_of(slug: str) -> Measure:
    """The measure as it is defined now; one that there is no more is called by its slug."""
    return MEASURES.get(slug) or Measure(slug, slug, "", "additive", "", "", "")


def worded(figure: PublishedFigure | None) -> str:
    """A published figure: a number, a percentage, or the symbol for why there is none."""
    if figure is None:
        return NOTHING
    if figure.symbol or figure.value is None:
        return figure.symbol or "z"
    return percent(figure.value) if figure.denominator is not None else number(figure.value)


def _or_nothing(value: int | None) -> str:
    return NOTHING if value is None else number(value)


@dataclass(frozen=True)
class Shown:
    """One published figure with all that stands beside it."""

    figure: PublishedFigure

    @property
    def measure(self) -> Measure:
        """What it counts."""
        return measure_of(self.figure.measure)

    @property
    def words(self) -> str:
        """The figure itself."""
        return worded(self.figure)

    @property
    def of(self) -> str:
        """What a share is made of."""
        if self.figure.denominator is None:
            return ""
        return f"{number(self.figure.numerator or 0)} of {number(self.figure.denominator)}"

    @property
    def confirmed(self) -> str:
        """The part that schools and colleges have confirmed."""
        return _or_nothing(self.figure.confirmed)

    @property
    def missing(self) -> str:
        """How many records have no number."""
        return _or_nothing(self.figure.missing)

    @property
    def target(self) -> str:
        """What was aimed at when it was published."""
        return _or_nothing(self.figure.target)


@dataclass(frozen=True)
class FigureList:
    """One measure by guild, district, kind or month."""

    by: str
    first: str
    adds_up: bool
    rows: list[Shown]


def tables(figures: Iterable[PublishedFigure], slug: str) -> list[FigureList]:
    """The tables of one measure, those that there are."""
    lists: dict[str, list[Shown]] = {by: [] for by in FIRST}
    for figure in figures:
        if figure.measure == slug and figure.by in lists:
            lists[figure.by].append(Shown(figure))
    adds_up = measure_of(slug).adds_up
    return [FigureList(by, FIRST[by], adds_up, rows) for by, rows in lists.items() if rows]


@dataclass(frozen=True)
class Differing:
    """A figure that the records have otherwise now: "published 85, now 87", and why."""

    measure: str
    slug: str
    by: str
    where: str
    published: str
    now: str
    changes: list[tuple[Change, str]]
    more: int


def differing(found: Iterable[Difference]) -> list[Differing]:
    """What has changed, in the order in which it was published."""
    return [
        Differing(
            measure=measure_of(difference.figure.measure).label,
            slug=difference.figure.measure,
            by=difference.figure.by,
            where=difference.figure.label,
            published=_with_confirmed(difference, difference.figure),
            now=_with_confirmed(difference, difference.now),
            changes=[(change, _address(change)) for change in difference.changes],
            more=difference.more,
        )
        for difference in found
    ]


def _with_confirmed(difference: Difference, figure: PublishedFigure | None) -> str:
    """The figure: a share with its numbers; one that is what it was, with what of it has become another."""
    now, words = difference.now, worded(figure)
    if figure is None or now is None:
        return words
    if figure.denominator is not None:
        return f"{words} ({Shown(figure).of})"
    if now.value != difference.figure.value:
        return words
    if now.confirmed != difference.figure.confirmed:
        return f"{words} ({_or_nothing(figure.confirmed)} confirmed)"
    return f"{words} ({_or_nothing(figure.missing)} missing)"


def _address(change: Change) -> str:
    """The record's page; a record without a title is none that the reader may open."""
    may_open = change.title and change.record in _WITH_PAGE
    return reverse(f"{change.record}_detail", args=[change.id]) if may_open else ""


def side_by_side(
    versions: Iterable[tuple[Publication, list[PublishedFigure]]],
) -> list[tuple[Measure, list[str]]]:
    """The totals of several versions, a row for each measure; a version that did not have it shows nothing."""
    read = [{f.measure: f for f in figures if f.by == "total"} for _, figures in versions]
    slugs = dict.fromkeys(slug for figures in read for slug in figures)
    return [(measure_of(slug), [worded(figures.get(slug)) for figures in read]) for slug in slugs]
