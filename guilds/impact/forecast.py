"""What a running year may come to, by the pace of the years before it and by the pledges that are still open.

The arithmetic is a function of numbers, so that anybody can work it by hand; what it is made of is read beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from guilds.impact import periods
from guilds.impact.kept import Kept
from guilds.impact.measures import MEASURES
from guilds.impact.periods import Period
from guilds.impact.scopes import EVERYWHERE, Scope

#: How many past years are looked at, and how many are needed.
PAST, ENOUGH = 5, 2
_MONTHS = 12
#: The kind of pledge that a measure's deliveries fulfil.
PROMISED_BY = {
    "placements_arranged": "placement",
    "placements_started": "placement",
    "apprenticeships_created": "apprenticeship",
    "apprenticeships_started": "apprenticeship",
}
METHOD = (
    "For each past year we look at what share of its total had been counted after the same number of whole months. "
    "This year’s count until then, divided by the share of those years together, is the forecast. The interval goes from "
    "the lowest to the highest that any one of those years would say. Where pledges are still open, it is widened to what "
    "they would bring if as much of them is kept as of past years’ pledges. It is never below what is counted already."
)
NOT_A_YEAR = "Only a whole academic or financial year has a forecast"
NOT_BEGUN, OVER = "The year has not begun", "The year is over: what it came to is known"
NO_MONTH = "No month of the year is over yet"
NOT_ADDED = "This measure counts each once, so its months do not add up to a year"
NOTHING_YET = "Nothing is counted yet in the months that are over"
TOO_FEW = f"Not enough past years: it takes {ENOUGH} in which something was counted by this time"


@dataclass(frozen=True)
class Promised:
    """What is still open of this year's pledges; and of past years' pledges what was delivered of what was pledged."""

    open: int
    delivered: int
    pledged: int

    @property
    def expected(self) -> float | None:
        """What the open ones bring if they are kept like those of the past; None where nothing was pledged then."""
        return self.open * self.delivered / self.pledged if self.pledged else None


@dataclass(frozen=True)
class PastYear:
    """What the method would have said of a past year at this point of it, from the years before it; and what came."""

    year: str
    said: int
    came: int

    @property
    def error(self) -> float:
        """How far off it was, as a share of what came."""
        return (self.said - self.came) / self.came


@dataclass(frozen=True)
class Forecast:
    """`value` with its interval; None where `reason` says why there is none.

    `counted`: what is counted by now. `shares`: for each past year that is used, the share that it had reached by then.
    """

    counted: int
    value: int | None = None
    low: int | None = None
    high: int | None = None
    reason: str = ""
    months: int = 0
    shares: tuple[tuple[str, float], ...] = ()
    promised: Promised | None = None
    tests: tuple[PastYear, ...] = ()


def forecast(
    past: Mapping[str, Sequence[float]], this_year: Sequence[float], months: int, promised: Promised | None = None
) -> Forecast:
    """The year's end from the monthly values of past years (first to last) and of this one, `months` of which are over."""
    counted, until = round(sum(this_year)), sum(this_year[:months])
    usable = _usable(past, months)
    refused = NO_MONTH if not months else TOO_FEW if len(usable) < ENOUGH else NOTHING_YET if until <= 0 else ""
    if refused:
        return Forecast(counted, reason=refused, months=months)
    shares = {year: _share([values], months) for year, values in usable.items()}
    said = [until / share for share in shares.values()]
    if promised and promised.open and promised.expected is not None:
        said.append(counted + promised.expected)
    found = Forecast(counted, _at_least(counted, until / _share(usable.values(), months)), months=months)
    return replace(
        found,
        low=min(found.value or 0, _at_least(counted, min(said))),
        high=max(found.value or 0, _at_least(counted, max(said))),
        shares=tuple(shares.items()),
        promised=promised if promised and promised.open else None,
        tests=tuple(_tested(usable, months)),
    )


def forecasts(
    period: Period, measures: Iterable[str], *, today: date, scope: Scope = EVERYWHERE
) -> dict[str, Forecast]:
    """The forecast of each measure for a running year, or why it has none; in two queries."""
    slugs = list(measures)
    reason = refusal(period, today)
    added = [slug for slug in slugs if MEASURES[slug].sort == "additive"]
    if reason or not added:
        return {slug: Forecast(0, reason=reason or NOT_ADDED) for slug in slugs}
    years = _years(period)
    promising = scope.kind is None and bool(PROMISED_BY.keys() & set(added))
    run = periods.between(years[0].start, period.end)
    kept = Kept(run, "month", scope, [*added, *(["pledge_conversion"] if promising else [])])
    months = sum(month.end < today for month in period.months())
    found = {slug: Forecast(0, reason=NOT_ADDED) for slug in slugs}
    for slug in added:
        past = {year.slug: _values(kept, slug, year) for year in years[:-1]}
        promised = _promised(kept, PROMISED_BY[slug], years) if promising and slug in PROMISED_BY else None
        found[slug] = forecast(past, _values(kept, slug, period), months, promised)
    return found


def refusal(period: Period, today: date) -> str:
    """Why a period has no forecast at all; empty if it may have one."""
    if not period.is_standard or period.length != _MONTHS:
        return NOT_A_YEAR
    if today < period.start:
        return NOT_BEGUN
    return OVER if today > period.end else ""


def _years(period: Period) -> list[Period]:
    """The years before, first to last, and this one."""
    years = [period]
    while len(years) <= PAST:
        years.insert(0, periods.previous(years[0]))
    return years


def _values(kept: Kept, slug: str, year: Period) -> list[float]:
    return [kept.figure(slug, month.slug).value or 0 for month in year.months()]


def _promised(kept: Kept, kind: str, years: list[Period]) -> Promised:
    """The open part of this year's pledges of a kind, and how past years' were kept."""

    def added(part: str, some: list[Period]) -> int:
        parts = (kept.figure("pledge_conversion", m.slug).parts or {} for year in some for m in year.months())
        return sum(of_month.get(kind, {}).get(part, 0) for of_month in parts)

    return Promised(added("open", years[-1:]), added("delivered", years[:-1]), added("pledged", years[:-1]))


def _usable(past: Mapping[str, Sequence[float]], months: int) -> dict[str, Sequence[float]]:
    """The years in which something had been counted by then: of the others no share can be told."""
    return {year: values for year, values in past.items() if sum(values[:months]) > 0}


def _share(years: Iterable[Sequence[float]], months: int) -> float:
    listed = list(years)
    return sum(sum(values[:months]) for values in listed) / sum(sum(values) for values in listed)


def _at_least(counted: int, value: float) -> int:
    return max(counted, round(value))


def _tested(usable: Mapping[str, Sequence[float]], months: int) -> Iterable[PastYear]:
    """By pace alone: how much was open of the pledges at that day is not kept."""
    names = list(usable)
    for place in range(ENOUGH, len(names)):
        values = usable[names[place]]
        share = _share((usable[name] for name in names[:place]), months)
        yield PastYear(names[place], round(sum(values[:months]) / share), round(sum(values)))
