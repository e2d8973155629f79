"""What is kept for one table of figures, read in a handful of queries: cells, distinct counts, memberships."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import CharField, Count, F, Q, QuerySet, Sum, Value

from guilds.impact import stocks
from guilds.impact.distinct import ANY
from guilds.impact.figures import Figure
from guilds.impact.lineage import duplicates
from guilds.impact.measures import CHARACTERISTICS, DISTINCT, MEASURES, STOCKS
from guilds.impact.models import Cell, DistinctCount, Presence
from guilds.impact.periods import Period
from guilds.impact.reach import Coverage
from guilds.impact.scopes import COUNTY_WIDE, TOTAL, UNKNOWN, Scope
from guilds.impact.tally import CONVERSION, Amount

_PARTS = tuple(name.removeprefix("conversion_") for name in CONVERSION)
#: Figures that are a column of the cells of encounters.
_COLUMNS = {"encounters_confirmed": "confirmed", "encounters_missing": "missing"}
#: Measures of which a record may have no number.
_MAY_MISS = frozenset({"encounters", *CHARACTERISTICS, "staff_trained", "volunteer_hours", "job_offers"})
_NOTHING = Amount(Decimal(0))
#: What an empty code in a kept row means.
_EMPTY = {"guild": COUNTY_WIDE, "district": UNKNOWN}


class Kept:
    """The kept numbers of a period and scope, by the keys of one dimension and in total."""

    def __init__(self, period: Period, by: str, scope: Scope, slugs: Iterable[str]) -> None:
        self._period, self._by, self._scope = period, by, scope
        #: By measure, key and kind.
        self._sums: dict[tuple[str, str], dict[str, Amount]] = defaultdict(dict)
        self._counts: dict[tuple[str, str], int] = {}
        wanted = set(slugs)
        self._coverage = Coverage(period, by, scope) if "coverage" in wanted else None
        self._read_cells(wanted)
        self._read_distinct(wanted & set(DISTINCT))
        for slug in sorted(wanted & set(STOCKS)):
            self._counts |= {(slug, key): n for key, n in stocks.counts(slug, period, by, scope).items()}

    @property
    def keys(self) -> set[str]:
        """The keys of rows that have anything at all."""
        return {key for _, key in self._sums} | {key for (_, key), number in self._counts.items() if number}

    def figure(self, slug: str, key: str) -> Figure:
        """One figure; of nothing it is a true zero."""
        sort = MEASURES[slug].sort
        if sort in ("distinct", "stock"):
            return Figure(self._counts.get((slug, key), 0), adds_up=False)
        if self._coverage and slug == "coverage":
            return self._coverage.figure(key)
        if sort == "ratio":
            return self._ratio(key)
        amount = _added(self._sums.get(("encounters" if slug in _COLUMNS else slug, key), {}).values())
        return Figure(
            _number(Decimal(getattr(amount, _COLUMNS.get(slug, "value")))),
            confirmed=int(amount.confirmed) if slug == "encounters" else None,
            missing=amount.missing if slug in _MAY_MISS else None,
        )

    def _ratio(self, key: str) -> Figure:
        """Delivered ÷ pledged of the same pledges, in all and for each kind; nothing over zero is not applicable."""
        parts: dict[str, dict] = defaultdict(lambda: dict.fromkeys(_PARTS, 0))
        for part in _PARTS:
            for kind, amount in self._sums.get((f"conversion_{part}", key), {}).items():
                parts[kind][part] = int(amount.value)
        for numbers in parts.values():
            numbers["value"] = _share(numbers["delivered"], numbers["pledged"])
        delivered, pledged = (sum(numbers[part] for numbers in parts.values()) for part in ("delivered", "pledged"))
        return Figure(_share(delivered, pledged), adds_up=False, numerator=delivered, denominator=pledged,
                      parts=dict(sorted(parts.items())))  # fmt: skip

    def _read_cells(self, wanted: set[str]) -> None:
        measures = {slug for slug in wanted if MEASURES[slug].sort == "additive"} - set(_COLUMNS)
        measures |= {"encounters"} if wanted & set(_COLUMNS) else set()
        measures |= set(CONVERSION) if "pledge_conversion" in wanted else set()
        if not measures:
            return
        rows = Cell.objects.filter(self._within(), measure__in=measures).order_by().values("measure", "kind")
        rows = rows.annotate(at=self._key_column(), v=Sum("value"), c=Sum("confirmed"), m=Sum("missing"))
        for row in rows.values_list("at", "measure", "kind", "v", "c", "m"):
            at, measure, kind, *amount = row
            for key in {self._key(at), TOTAL}:
                has = self._sums[measure, key].get(kind, _NOTHING)
                self._sums[measure, key][kind] = _added([has, Amount(*amount)])

    def _within(self) -> Q:
        """Cells and presence of the period and scope."""
        found = Q(month__gte=self._period.start, month__lte=self._period.end)
        scope = self._scope
        for column, code in (("guild", scope.lead), ("district", scope.place), ("kind", scope.kind)):
            if code is not None:
                found &= Q(**{column: code})
        return found

    def _key_column(self):
        return Value(TOTAL, output_field=CharField()) if self._by == "total" else F(self._by)

    def _key(self, code) -> str:
        """A kept code as rows of a table are called."""
        if self._by == "month":
            return f"{code:%Y-%m}"
        return code or _EMPTY.get(self._by, "")

    def _read_distinct(self, wanted: set[str]) -> None:
        if not wanted:
            return
        if self._period.is_standard or self._by == "month":
            self._read_counts(wanted)
        if not self._period.is_standard:
            self._count_presence(wanted)

    def _read_counts(self, wanted: set[str]) -> None:
        """Standard periods have their counts kept."""
        scope, whole = self._scope, Q(starts=self._period.start, months=self._period.length)
        codes = {"guild": scope.lead, "district": scope.place, "kind": scope.kind}
        in_scope = Q(**{column: ANY if code is None else code for column, code in codes.items()})
        asked = whole & in_scope
        if self._by == "month":
            asked |= in_scope & Q(months=1, starts__gte=self._period.start, starts__lte=self._period.end)
        elif self._by != "total" and codes[self._by] is None:
            others = Q(
                **{column: ANY if code is None else code for column, code in codes.items() if column != self._by}
            )
            asked |= whole & others
        for count in DistinctCount.objects.filter(asked, measure__in=wanted):
            for key in self._keys_of(count, codes):
                self._counts[count.measure, key] = count.value

    def _keys_of(self, count: DistinctCount, codes: dict[str, str | None]) -> set[str]:
        keys = set()
        if (count.starts, count.months) == (self._period.start, self._period.length):
            total = self._by in ("total", "month") or getattr(count, self._by) == (codes[self._by] or ANY)
            keys |= {TOTAL} if total or codes[self._by] is not None else set()
        if self._by == "month" and count.months == 1:
            keys.add(self._key(count.starts))
        elif self._by in codes and getattr(count, self._by) != ANY and not (self._by == "kind" and not count.kind):
            keys.add(self._key(getattr(count, self._by)))
        return keys

    def _count_presence(self, wanted: set[str]) -> None:
        """Any other period is counted when it is asked for."""
        rows = Presence.objects.filter(self._within(), measure__in=wanted).order_by()
        self._counts |= {(measure, TOTAL): n for (measure,), n in self._distinct(rows, ["measure"]).items()}
        if self._by in ("guild", "district", "kind"):
            told = rows.exclude(kind="") if self._by == "kind" else rows
            found = self._distinct(told, ["measure", self._by])
            self._counts |= {(measure, self._key(code)): n for (measure, code), n in found.items()}

    def _distinct(self, rows: QuerySet[Presence], keys: list[str]) -> dict[tuple, int]:
        counted = rows.values(*keys).annotate(number=Count("organisation", distinct=True))
        found = {tuple(row[key] for key in keys): row["number"] for row in counted}
        too_many = duplicates(rows, keys, self._period.end)
        return {key: number - too_many[key] for key, number in found.items()}


def _added(amounts: Iterable[Amount]) -> Amount:
    listed = list(amounts)
    return Amount(
        sum((amount.value for amount in listed), Decimal(0)),
        sum((amount.confirmed for amount in listed), Decimal(0)),
        sum(amount.missing for amount in listed),
    )


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
