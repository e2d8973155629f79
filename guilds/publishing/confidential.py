"""Which cell of its year each figure of a characteristic is, and whether this publication may tell it."""

from collections.abc import Iterable

from django.conf import settings

from guilds.impact import periods
from guilds.impact.figures import CONFIDENTIAL
from guilds.impact.measures import CHARACTERISTICS
from guilds.impact.periods import Period
from guilds.impact.scopes import COUNTY_WIDE, EVERYWHERE, UNKNOWN, Places, Scope
from guilds.impact.suppression import YEAR, CellName, YearTable, told
from guilds.impact.totals import By, summary
from guilds.publishing.models import Publication, PublishedFigure
from guilds.reference.models import OUTSIDE

#: By measure, dimension and key.
_Table = dict[str, dict[By, dict[str, int]]]


def tellable(publication: Publication, slugs: Iterable[str]) -> dict[str, set[tuple[str, str]]]:
    """Of each measure of a characteristic, the figures (by, key) that this publication may tell."""
    wanted = [slug for slug in slugs if slug in CHARACTERISTICS]
    year = periods.academic_year(publication.span.start)
    if not wanted or publication.span.end > year.end:
        return {slug: set() for slug in wanted}
    tables = _tables(year, wanted)
    before = _before(publication, year)
    found = {}
    for slug in wanted:
        hidden, shown = before.get(slug, (set(), set()))
        allowed = told(tables[slug], below=settings.SMALL_NUMBERS_BELOW, hidden_before=hidden, told_before=shown)
        found[slug] = {figure for figure, cell in _cells(publication.span, publication.scope) if cell in allowed}
    return found


def _cells(span: Period, scope: Scope) -> Iterable[tuple[tuple[str, str], CellName]]:
    """The figures of a publication that are cells of the year, and which; none of the others is ever told."""
    year = periods.academic_year(span.start)
    if scope != EVERYWHERE:
        name = ("guild", scope.guild) if scope.guild else ("district", scope.district)
        return [(YEAR, (name[0], str(name[1])))] if span == year else []
    whole = {year.length: YEAR, 3: ("quarter", span.slug), 1: ("month", span.slug)}.get(span.length)
    if whole is None or (span.length == 3 and span not in periods.quarters(year)):
        return []
    months = [(("month", month.slug), ("month", month.slug)) for month in span.months()]
    return [(YEAR, whole), *months, *(_places() if span == year else [])]


def _places() -> list[tuple[tuple[str, str], CellName]]:
    """Every guild and district that could have a row."""
    places = Places()
    names = [("guild", key) for key in [*places.guilds, COUNTY_WIDE]]
    names += [("district", key) for key in [*places.districts, OUTSIDE, UNKNOWN]]
    return [(name, name) for name in names]


def _tables(year: Period, slugs: list[str]) -> dict[str, YearTable]:
    read: dict[By, dict[str, dict[str, int]]] = {}
    for by in ("guild", "district", "month"):
        rows = summary(period=year, by=by, scope=EVERYWHERE, measures=slugs, for_team=True).rows  # type: ignore[arg-type]
        read[by] = {s: {row.key: int(row.measures[s].value or 0) for row in rows} for s in slugs}  # type: ignore[index]
    quarters = {quarter.slug: [month.slug for month in quarter.months()] for quarter in periods.quarters(year)}
    return {
        slug: YearTable(
            read["guild"][slug],
            read["district"][slug],
            {key: {month: read["month"][slug][month] for month in months} for key, months in quarters.items()},
        )
        for slug in slugs
    }


def _before(publication: Publication, year: Period) -> dict[str, tuple[set[CellName], set[CellName]]]:
    """What earlier publications of the year hid and told, by measure. One that told nothing at all gives nothing away."""
    slugs = [year.slug, *(q.slug for q in periods.quarters(year)), *(month.slug for month in year.months())]
    rows = PublishedFigure.objects.filter(publication__period__in=slugs, measure__in=CHARACTERISTICS)
    rows = rows.exclude(publication=publication.pk).select_related("publication")
    found: dict[str, tuple[set[CellName], set[CellName]]] = {}
    whole: dict[tuple, tuple[set[CellName], set[CellName]]] = {}
    cells: dict = {}
    for figure in rows:
        key = figure.publication_id  # type: ignore[attr-defined]
        if key not in cells:
            cells[key] = dict(_cells(figure.publication.span, figure.publication.scope))
        cell = cells[key].get((figure.by, figure.key))
        if cell:
            sets = whole.setdefault((figure.measure, key), (set(), set()))
            sets[figure.symbol != CONFIDENTIAL].add(cell)
    for (measure, _), (hidden, shown) in whole.items():
        if shown:
            has = found.setdefault(measure, (set(), set()))
            has[0].update(hidden)
            has[1].update(shown)
    return found
