"""The figures of a publication: as the records have them now, and frozen as they were published."""

import hashlib
from collections.abc import Iterable, Iterator

from guilds.impact import cells
from guilds.impact.figures import CONFIDENTIAL, WITHHELD, Figure
from guilds.impact.measures import BY_KIND, MEASURES
from guilds.impact.totals import By, summary
from guilds.publishing.confidential import tellable
from guilds.publishing.models import Publication, PublishedFigure, PublishedRows
from guilds.publishing.rows import Behind, behind, digest

NOT_AVAILABLE, NOT_APPLICABLE, LOW = "x", "z", "low"
#: A share below this reads as none at all, though there is one.
_HALF_A_PERCENT = 0.005


def dimensions(publication: Publication) -> list[By]:
    """What its tables are by: all that there are but those that would have a single row."""
    span, scope = publication.span, publication.scope
    left_out = {"guild": scope.guild, "district": scope.district, "month": span.length == 1}
    return [by for by in ("total", "guild", "district", "kind", "month") if not left_out.get(by)]  # type: ignore[misc]


def figures_now(publication: Publication) -> list[PublishedFigure]:
    """Every figure as the records have it now, not saved; what must not be told has the symbol for it."""
    slugs = list(MEASURES)
    allowed = tellable(publication, slugs)
    found = [
        _figure(publication, slug, by, row.key, row.label, figure, told=slug not in allowed or (by, row.key) in allowed[slug])
        for by, row in _rows(publication, slugs)
        for slug, figure in row.measures.items()
    ]  # fmt: skip
    for place, figure in enumerate(found):
        figure.place = place
    return found


def freeze(publication: Publication) -> None:
    """Keep its figures as they are now, each with the digest of the rows behind it; in the transaction that publishes."""
    figures, kept = figures_now(publication), []
    for slug, measure in MEASURES.items():
        found = behind(slug, publication.span, publication.scope)  # one measure at a time: there may be very many rows
        _digest(found, [figure for figure in figures if figure.measure == slug and figure.symbol != CONFIDENTIAL])
        if not measure.characteristic:
            kept.append(_kept(publication, slug, found))
    PublishedFigure.objects.bulk_create(figures, batch_size=500)
    PublishedRows.objects.bulk_create(kept, batch_size=50)


def bring_up_to_date() -> None:
    """Count what has changed just now: what is said to be so by now has to be. Waits for nobody who counts already."""
    if cells.pending():
        cells.refresh(wait=False)


def frozen(publication: Publication, user) -> list[PublishedFigure]:
    """The figures that a reader may see: of a draft as they are now, of a publication as they were published."""
    if publication.is_draft:
        bring_up_to_date()
        return figures_now(publication)
    return list(PublishedFigure.objects.visible_to(user).filter(publication=publication))


def digest_of(figures: Iterable[PublishedFigure]) -> str:
    """One line for all figures: what somebody signed off, to be compared with what is published."""
    lines = (f"{f.measure}|{f.by}|{f.key}|{f.value}|{f.confirmed}|{f.target}|{f.symbol}\n" for f in figures)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _rows(publication: Publication, slugs: list[str]) -> Iterator:
    for by in dimensions(publication):
        wanted = [slug for slug in slugs if slug in BY_KIND] if by == "kind" else slugs
        found = summary(period=publication.span, by=by, scope=publication.scope, measures=wanted, for_team=True)
        for row in [found.total] if by == "total" else found.rows:
            yield by, row


def _figure(publication: Publication, slug: str, by: str, key: str, label: str, figure: Figure, *,
            told: bool) -> PublishedFigure:  # fmt: skip
    shown = figure if told else WITHHELD
    return PublishedFigure(
        publication=publication, measure=slug, by=by, key=key, label=label, value=shown.value,
        confirmed=shown.confirmed, missing=shown.missing, target=shown.target, numerator=shown.numerator,
        denominator=shown.denominator, parts=shown.parts, adds_up=figure.adds_up, symbol=shown.symbol or symbol_of(shown),
    )  # fmt: skip


def symbol_of(figure: Figure) -> str:
    """counting.md, rule 9: why there is no figure, or what it stands for."""
    if figure.value is None:
        return NOT_APPLICABLE
    if not figure.value and figure.missing:
        return NOT_AVAILABLE
    return LOW if figure.denominator is not None and 0 < figure.value < _HALF_A_PERCENT else ""


def _digest(found: Behind, figures: list[PublishedFigure]) -> None:
    parts = found.by_figure()
    for figure in figures:
        mine = parts.get((figure.by, figure.key), {})
        figure.rows, figure.digest = len(mine), digest(mine)


def _kept(publication: Publication, slug: str, found: Behind) -> PublishedRows:
    return PublishedRows(publication=publication, measure=slug, record=found.record, packed=found.pack())
