"""The figures: what dashboard, API, files and publications all show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from guilds.audit.refusals import Refusals
from guilds.impact.figures import WITHHELD, By, Figure
from guilds.impact.kept import Kept
from guilds.impact.measures import BY_KIND, MEASURES, METHODOLOGY_VERSION
from guilds.impact.models import Freshness
from guilds.impact.periods import Period
from guilds.impact.scopes import EVERYWHERE, TOTAL, Places, Scope
from guilds.impact.targets import TargetKey, in_force
from guilds.reference.calendars import local_day

__all__ = ["By", "Figure", "Scope", "Shared", "Summary", "SummaryRow", "summary"]

_BY = ("guild", "district", "kind", "month", "total")


@dataclass(frozen=True)
class SummaryRow:
    """A row of a table of figures, or its total."""

    key: str
    label: str
    measures: dict[str, Figure]


@dataclass(frozen=True)
class Summary:
    """A table of figures, with what they rest on. `as_of`: the day until which changes are in them."""

    period: Period
    as_of: date
    methodology_version: str
    refreshed_at: datetime | None
    by: str
    rows: list[SummaryRow]
    total: SummaryRow


class Shared:
    """What several tables of one moment have in common: the names of their rows, targets, when they were counted."""

    def __init__(self) -> None:
        self._targets: dict[str, dict[TargetKey, int]] = {}

    @cached_property
    def places(self) -> Places:
        """Names of guilds and districts."""
        return Places()

    @cached_property
    def freshness(self) -> datetime | None:
        """When the figures were last brought up to date."""
        return Freshness.objects.filter(pk=1).values_list("at", flat=True).first()

    def targets(self, slugs: list[str], asked: list[str]) -> dict[TargetKey, int]:
        """The targets in force of some measures; those of a period are read for all measures at once."""
        unread = [period for period in asked if period not in self._targets]
        if unread:
            self._targets |= {period: {} for period in unread}
            for key, value in in_force(MEASURES, unread).items():
                self._targets[key[1]][key] = value
        return {key: value for period in asked for key, value in self._targets[period].items() if key[0] in slugs}


def summary(
    *,
    period: Period,
    by: By,
    scope: Scope = EVERYWHERE,
    measures: Iterable[str] | None = None,
    for_team: bool = False,
    shared: Shared | None = None,
) -> Summary:
    """Figures of a period in rows, in a number of queries that does not grow with the records.

    `measures`: their slugs; None: all that there are (by kind, or for one kind: those told by kind).
    `for_team`: the reader is one of the team. Everybody else gets figures of a characteristic from publications only:
    of figures that move, two looks would tell what came in between (counting.md, rule 8).
    `shared`: where the caller makes several tables, what they have in common, read once.
    Raises ValidationError keyed "by", "measures", "guild", "district" or "kind".
    """
    shared = shared or Shared()
    places = shared.places
    places.check(scope)
    slugs = _chosen(by, scope, measures)
    kept = Kept(period, by, scope, slugs)
    targets = {} if scope.kind else shared.targets(slugs, _target_periods(period, by))

    def figure(slug: str, key: str, by: str) -> Figure:
        hidden = MEASURES[slug].characteristic and not for_team
        return WITHHELD if hidden else _figure(kept, targets, slug, key, by, scope, period)

    rows = [
        SummaryRow(key, label, {slug: figure(slug, key, by) for slug in slugs})
        for key, label in _rows(period, by, scope, places, kept)
    ]
    total = {slug: figure(slug, TOTAL, "total") for slug in slugs}
    freshness = shared.freshness
    as_of = local_day(freshness) if freshness else timezone.localdate()
    return Summary(period, as_of, METHODOLOGY_VERSION, freshness, by, rows, SummaryRow(TOTAL, "Total", total))


def _chosen(by: str, scope: Scope, wanted: Iterable[str] | None) -> list[str]:
    refusals = Refusals()
    refusals.add_when(by not in _BY, "by", f"Choose one of: {', '.join(_BY)}", "invalid_choice")
    able = list(BY_KIND) if by == "kind" or scope.kind else list(MEASURES)
    slugs = able if wanted is None else list(dict.fromkeys(wanted))
    for slug in slugs:
        refusals.add_when(slug not in MEASURES, "measures", f"There is no measure “{slug}”", "invalid_choice")
        refusals.add_when(slug in MEASURES and slug not in able, "measures",
                          f"“{slug}” is not told by kind: choose from {', '.join(BY_KIND)}", "not_by_kind")  # fmt: skip
    refusals.add_when(not slugs, "measures", "Name at least one measure", "required")
    refusals.raise_if_any()
    return slugs


def _rows(period: Period, by: str, scope: Scope, places: Places, kept: Kept) -> list[tuple[str, str]]:
    """The keys and labels of a table's rows: all that there could be, so that none is missing for want of a figure."""
    if by == "total":
        return [(TOTAL, "Total")]
    if by == "month":
        return [(month.slug, month.label) for month in period.months()]
    rows = places.rows(by, period, kept.keys)
    return [(key, label) for key, label in rows if getattr(scope, by) in (None, key)]


def _target_periods(period: Period, by: str) -> list[str]:
    return [period.slug, *(month.slug for month in period.months())] if by == "month" else [period.slug]


def _figure(kept: Kept, targets: dict[TargetKey, int], slug: str, key: str, by: str, scope: Scope,
            period: Period) -> Figure:  # fmt: skip
    figure = kept.figure(slug, key)
    target = targets.get((slug, *_aim(key, by, scope, period)))
    return figure if target is None else figure.aimed_at(target)


def _aim(key: str, by: str, scope: Scope, period: Period) -> tuple[str, str, str]:
    """The period, guild and district of the target that a row may have: the row's own place, within the scope."""
    guild = key if by == "guild" else scope.guild or ""
    district = key if by == "district" else scope.district or ""
    return key if by == "month" else period.slug, guild, district
