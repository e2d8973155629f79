"""Figures as people read them: numbers and the symbols of counting.md, each with its evidence behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse

from guilds.impact.compare import change
from guilds.impact.measures import MEASURES, Measure
from guilds.impact.periods import Period, elapsed_share
from guilds.impact.totals import Figure, Scope, Summary, SummaryRow

#: counting.md, rule 9.
NOT_APPLICABLE, NOT_AVAILABLE, LOW = "z", "x", "low"
_HALF_A_PERCENT = 0.005


@dataclass(frozen=True)
class Shown:
    """One figure on a page: in words, with what stands beside it and the address of the rows behind it."""

    measure: Measure
    figure: Figure
    words: str
    address: str
    notes: tuple[str, ...]
    progress: str = ""
    then: Figure | None = None

    @property
    def before(self) -> str:
        """The figure that it is compared with."""
        return "–" if self.then is None else worded(self.measure, self.then)

    @property
    def change(self) -> str:
        """The difference to it, and of how much that is what share."""
        return "–" if self.then is None else changed(self.figure, self.then)

    @property
    def confirmed(self) -> str:
        """The part that schools and colleges have confirmed."""
        return "–" if self.figure.confirmed is None else number(self.figure.confirmed)

    @property
    def missing(self) -> str:
        """How many records have no number."""
        return "–" if self.figure.missing is None else number(self.figure.missing)

    @property
    def target(self) -> str:
        """What was aimed at."""
        return "–" if self.figure.target is None else number(self.figure.target)

    @property
    def spoken(self) -> str:
        """The figure for those who can't see its bar."""
        return f"{self.words} of {self.target}" if self.figure.target else self.words


@dataclass(frozen=True)
class Line:
    """A row of a table of figures."""

    key: str
    label: str
    shown: tuple[Shown, ...]

    @property
    def first(self) -> Shown:
        """The figure of a table that has one measure."""
        return self.shown[0]


def line(
    row: SummaryRow, slugs: list[str], *, period: Period, scope: Scope, pace_on=None, then: SummaryRow | None = None
) -> Line:
    """A row's figures in the order of `slugs`; `scope` is what the row itself is about, `then` what it is compared with."""
    before = then.measures if then else {}
    figures = [
        shown(slug, row.measures[slug], period=period, scope=scope, pace_on=pace_on, then=before.get(slug))
        for slug in slugs
    ]
    return Line(row.key, row.label, tuple(figures))


def narrowed(scope: Scope, by: str, key: str) -> Scope:
    """What one row of a table by guild, district or kind is about."""
    return Scope(**{name: getattr(scope, name) for name in ("guild", "district", "kind")} | {by: key})


def lines(summary: Summary, slugs: list[str], *, scope: Scope, then: Summary | None = None) -> list[Line]:
    """All rows of a table by guild, district, kind or month, each with the same row of the table it is compared with."""
    if summary.by == "month":
        months = {month.slug: month for month in summary.period.months()}
        return [line(row, slugs, period=months[row.key], scope=scope) for row in summary.rows]
    before = {row.key: row for row in then.rows} if then else {}
    return [
        line(row, slugs, period=summary.period, scope=narrowed(scope, summary.by, row.key), pace_on=summary.as_of,
             then=before.get(row.key))
        for row in summary.rows
    ]  # fmt: skip


def shown(
    slug: str, figure: Figure, *, period: Period, scope: Scope, pace_on=None, then: Figure | None = None
) -> Shown:
    """One figure with everything that is said beside it."""
    measure = MEASURES[slug]
    has_evidence = figure.value is not None or bool(figure.missing)
    address = evidence_address(slug, period, scope) if has_evidence else ""
    progress = _progress(figure, period, pace_on) if figure.target else ""
    return Shown(measure, figure, worded(measure, figure), address, tuple(notes_of(figure)), progress, then)


def worded(measure: Measure, figure: Figure) -> str:
    """A figure's value: a number, a percentage, or the symbol for why there is none."""
    if figure.value is None:
        return figure.symbol or NOT_APPLICABLE
    if measure.sort == "ratio":
        return percent(figure.value)
    if not figure.value and figure.missing:
        return NOT_AVAILABLE
    return number(figure.value)


def number(value: float) -> str:
    """A number with separators, and its tenths where it has any."""
    return intcomma(int(value) if value == int(value) else round(float(value), 1))


def percent(share: float) -> str:
    """A share from unrounded values; one that is there but rounds to nothing is "low"."""
    return LOW if 0 < share < _HALF_A_PERCENT else f"{number(round(100 * share))}%"


def changed(now: Figure, then: Figure) -> str:
    """A difference in words: in numbers, and as a share of what it was; of shares, in percentage points."""
    found = change(now, then)
    if found.difference is None:
        return NOT_APPLICABLE
    if now.denominator is not None:
        return f"{signed(round(100 * found.difference))} percentage points"
    if found.share is None:
        return signed(found.difference)
    return f"{signed(found.difference)} ({signed(round(100 * found.share))}% of {number(found.then or 0)})"


def signed(value: float) -> str:
    """A number with its sign; nothing has none."""
    return number(0) if not value else ("+" if value > 0 else "−") + number(abs(value))


def evidence_address(slug: str, period: Period, scope: Scope, schools: Mapping[str, str] | None = None) -> str:
    """Where the rows behind a figure are. `schools`: of coverage, the filters that say which schools are meant."""
    parts = {"measure": slug, "period": period.slug, **(schools or {})}
    parts |= {name: value for name in ("guild", "district", "kind") if (value := getattr(scope, name))}
    return f"{_evidence_page()}?{urlencode(parts)}"


@cache
def _evidence_page() -> str:
    """Its address alone: a page has hundreds of figures."""
    return reverse("impact_evidence")


def notes_of(figure: Figure) -> Iterator[str]:
    """What stands beside a figure: both numbers of a share, how much is confirmed, how many numbers are missing."""
    if figure.denominator is not None:
        yield f"{number(figure.numerator or 0)} of {number(figure.denominator)}"
    if figure.confirmed is not None:
        yield f"{number(figure.confirmed)} confirmed"
    if figure.missing:
        yield f"{number(figure.missing)} {'number' if figure.missing == 1 else 'numbers'} missing"


def _progress(figure: Figure, period: Period, pace_on) -> str:
    """Progress towards the target, never capped; and the pace while the period is running (counting.md, Targets)."""
    assert figure.target
    done = percent((figure.value or 0) / figure.target)
    share = elapsed_share(period, pace_on) if pace_on else 1
    running = 0 < share < 1
    return f"{done}, pace {percent((figure.value or 0) / (figure.target * share))}" if running else done
