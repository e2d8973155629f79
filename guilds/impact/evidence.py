"""The rows behind a figure: what each adds, and where its number is missing. Without personal details."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from guilds.audit.refusals import refuse
from guilds.impact.figures import Figure
from guilds.impact.measures import BY_KIND, MEASURES
from guilds.impact.periods import Period
from guilds.impact.reach import Coverage
from guilds.impact.scopes import EVERYWHERE, TOTAL, Places, Scope
from guilds.impact.sources import Source, source_of
from guilds.impact.totals import summary

_LARGEST = 500


@dataclass(frozen=True)
class EvidenceRow:
    """One record behind a figure, without personal details.

    `record`: the model that `id` belongs to ("engagement", "pledge", "placement", "apprenticeship", "organisation").
    `contribution`: what it adds; `missing`: it has no number and adds 0. `promised`: of a pledge behind a ratio,
    whose contribution is what was delivered.
    """

    record: str
    id: UUID
    title: str
    on: date | None
    guild: str | None
    district: str | None
    organisation: str | None
    status: str
    contribution: int | float
    confirmed: int | None = None
    missing: bool = False
    promised: int | None = None


@dataclass(frozen=True)
class EvidencePage:
    """Some of the rows behind a figure; `next` asks for those after."""

    rows: list[EvidenceRow]
    next: str | None
    figure: Figure

    @property
    def total(self) -> int | float | None:
        """The figure's value."""
        return self.figure.value


def evidence(
    *,
    measure: str,
    period: Period,
    scope: Scope = EVERYWHERE,
    only: Q | None = None,
    after: str | None = None,
    size: int = 50,
    for_team: bool = False,
) -> EvidencePage:
    """The rows behind a figure, latest first (organisations by name), `size` at most 500 at a time.

    The contributions of all rows of an additive measure sum to the figure exactly. `only`: of coverage, the schools that are
    meant. `for_team`: see totals.summary. Raises ValidationError keyed "measure", "scope", "after", "guild", "district" or
    "kind".
    """
    _check(measure, scope, only, for_team)
    source = source_of(measure, period, scope, only)
    size = min(max(size, 1), _LARGEST)
    rows = _after(source, after).order_by(*source.order)[: size + 1]
    found = list(rows)
    following = _token(source, found[size - 1]) if len(found) > size else None
    figure = _figure(measure, period, scope, only, for_team)
    return EvidencePage([EvidenceRow(**source.told(record)) for record in found[:size]], following, figure)


def _figure(measure: str, period: Period, scope: Scope, only: Q | None, for_team: bool) -> Figure:
    """What the rows are behind."""
    if only:
        return Coverage(period, TOTAL, scope, only=only).figure(TOTAL)
    found = summary(period=period, by="total", scope=scope, measures=[measure], for_team=for_team)
    return found.total.measures[measure]


def _check(measure: str, scope: Scope, only: Q | None, for_team: bool) -> None:
    if measure not in MEASURES:
        raise refuse("measure", f"There is no measure “{measure}”: one of {', '.join(MEASURES)}", "invalid_choice")
    if MEASURES[measure].characteristic and not for_team:
        raise refuse("measure", f"“{measure}” is told in publications only: a few young people could be known by it",
                     "confidential")  # fmt: skip
    if only and measure != "coverage":
        raise refuse(
            "scope", "Kinds of school and saved scopes narrow “coverage” alone: leave them out", "not_by_scope"
        )
    Places().check(scope)
    if scope.kind and measure not in BY_KIND:
        raise refuse("kind", f"“{measure}” is not told by kind: {', '.join(BY_KIND)} are", "not_by_kind")


def _after(source: Source, token: str | None) -> QuerySet:
    if not token:
        return source.rows
    try:
        first, key = urlsafe_b64decode(token.encode()).decode().split("\n")
        field = source.rows.model._meta.pk
        place, key = source.read(first), field.to_python(key)
    except Exception as error:
        raise refuse("after", "This is not where a page ended: begin again without it", "invalid") from error
    further = "gt" if source.ascending else "lt"
    return source.rows.filter(Q(**{f"{source.by}__{further}": place}) | Q(**{source.by: place, f"pk__{further}": key}))


def _token(source: Source, record: Any) -> str:
    value = record
    for name in source.by.split("__"):
        value = getattr(value, name)
    return urlsafe_b64encode(f"{value}\n{record.pk}".encode()).decode()
