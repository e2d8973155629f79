"""Counts of organisations for the standard periods, kept beside the presence table that they follow from.

A few changed rows of presence move the counts of the organisations concerned; many have their years counted anew.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache, reduce
from itertools import product
from operator import or_
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from guilds.impact.lineage import Lineage
from guilds.impact.models import DistinctCount, Presence
from guilds.impact.months import MONTHS_IN_A_WORD as _WORD
from guilds.impact.months import MonthsFrom, TakenMonths, months_between
from guilds.impact.periods import Period, academic_year, financial_year, quarters, standard_around
from guilds.impact.slices import Slice, years_of
from guilds.impact.tally import PresenceKey
from guilds.organisations.models import Organisation

#: Any guild, district or kind.
ANY = "*"
#: More changed rows of presence than this, and counting their years anew is quicker.
MANY = 2_000
_ROWS_AT_ONCE = 500
_PLACE = ("guild", "district", "kind")
_TAKEN = ("organisation_id", *_PLACE)


class Span(NamedTuple):
    """A standard period as kept counts name it."""

    starts: date
    months: int


class CountKey(NamedTuple):
    """What is counted: a measure in a period and scope, of which each part may be ANY."""

    starts: date
    months: int
    measure: str
    guild: str
    district: str
    kind: str


class Row(NamedTuple):
    """Where and when an organisation took part."""

    month: date
    guild: str
    district: str
    kind: str


#: Rows of presence by measure and organisation.
Taken = dict[tuple[str, UUID], set[Row]]


@lru_cache(maxsize=1_000)
def spans_of(month: date) -> dict[Span, date]:
    """The standard periods with this month in them, and their last days."""
    return {Span(p.start, p.length): p.end for p in standard_around(month)}


def count(taken: Taken, lineage: Lineage, spans: set[Span]) -> Counter[CountKey]:
    """How many organisations there are in each scope of some periods, one lineage counted once."""
    counts: Counter[CountKey] = Counter()
    kin: dict[tuple[str, UUID, Span], set[tuple]] = defaultdict(set)
    for (measure, organisation), rows in taken.items():
        for span, end, places in _by_span(rows, spans):
            if organisation in lineage:
                kin[measure, lineage.identity(organisation, end), span] |= places
            else:
                counts.update(_scopes(measure, span, places))
    for (measure, _, span), places in kin.items():
        counts.update(_scopes(measure, span, places))
    return counts


def follow(gone: set[PresenceKey], new: set[PresenceKey], lineage: Lineage) -> set[Slice]:
    """Bring the counts along with presence that has just changed, in the change's own transaction.

    Gives the years to be counted anew instead, where very many rows changed.
    """
    changed = gone | new
    if not changed:
        return set()
    if len(changed) > MANY:
        return _years_touched(changed)
    spans = {span for key in changed for span in spans_of(key.month)}
    now = _of_organisations(changed, lineage)
    before: Taken = defaultdict(set, {key: set(rows) for key, rows in now.items()})
    for key in new:
        before[key.measure, key.organisation].discard(_row(key))
    for key in gone:
        before[key.measure, key.organisation].add(_row(key))
    counts = count(now, lineage, spans)
    counts.subtract(count(before, lineage, spans))
    _move({key: change for key, change in counts.items() if change})
    return set()


def _of_organisations(changed: set[PresenceKey], lineage: Lineage) -> Taken:
    """All rows of the organisations in some rows, and of those they are one with, in the years concerned."""
    organisations = {key.organisation for key in changed}
    months = [key.month for key in changed]
    rows = Presence.objects.filter(
        measure__in={key.measure for key in changed},
        organisation__in=organisations | lineage.relatives(organisations),
        month__gte=min(min(academic_year(m).start, financial_year(m).start) for m in months),
        month__lte=max(max(academic_year(m).end, financial_year(m).end) for m in months),
    )
    return _taken(rows)


def _years_touched(changed: Iterable[PresenceKey]) -> set[Slice]:
    """The years to be counted anew, where rows of presence have changed."""
    return {
        year for measure, month in {(key.measure, key.month) for key in changed} for year in years_of(measure, month)
    }


def recount(years: Iterable[Slice], lineage: Lineage, gathered: "Gathered | None" = None) -> None:
    """Count years of distinct measures, their quarters and (of academic years) their months, from presence."""
    for measure, some in _by_measure(years).items():
        changed = _different(measure, some, lineage, gathered)
        DistinctCount.objects.bulk_create(
            [DistinctCount(**key._asdict(), value=value) for key, value in changed.items()],
            batch_size=_ROWS_AT_ONCE,
            update_conflicts=True,
            unique_fields=CountKey._fields,
            update_fields=["value"],
        )


def differences(years: Iterable[Slice], lineage: Lineage) -> list[str]:
    """Where the kept counts of some years are not what presence says."""
    return [
        f"{key.measure} in {key.months} months from {key.starts}, guild {key.guild or 'county-wide'}, "
        f"district {key.district or 'unknown'}, kind {key.kind}: kept {kept}, counted {value}"
        for measure, some in _by_measure(years).items()
        for had in [_kept(measure, _spans_in(some))]
        for key, value in sorted(_different(measure, some, lineage).items())
        for kept in [had.get(key, 0)]
    ]


def _by_measure(years: Iterable[Slice]) -> dict[str, list[date]]:
    """The first months of the years of each measure."""
    found: dict[str, list[date]] = defaultdict(list)
    for year in years:
        found[year.family].append(year.month)
    return found


def _different(
    measure: str, years: list[date], lineage: Lineage, gathered: "Gathered | None" = None
) -> dict[CountKey, int]:
    spans = _spans_in(years)
    during = reduce(or_, (Q(month__range=(year.start, year.end)) for year in map(_year_from, years)))
    rows = Presence.objects.filter(during, measure=measure)
    linked = lineage.members()
    counted = count(_taken(rows.filter(organisation__in=linked)), lineage, set(spans))
    counted.update(_counted_alone(measure, sorted(spans), rows, linked, gathered))
    kept = _kept(measure, spans)
    return {key: counted[key] for key in counted.keys() | kept.keys() if counted[key] != kept.get(key, 0)}


def _kept(measure: str, spans: Mapping[Span, date]) -> dict[CountKey, int]:
    rows = DistinctCount.objects.filter(measure=measure, starts__in={span.starts for span in spans})
    fields = (*CountKey._fields, "value")
    found = ((CountKey(*key), value) for *key, value in rows.values_list(*fields))
    return {key: value for key, value in found if Span(key.starts, key.months) in spans}


def _spans_in(years: Iterable[date]) -> dict[Span, date]:
    """The standard periods of the years that begin in these months, and their last days."""
    return {Span(p.start, p.length): p.end for start in years for p in _standard_in(start)}


def _standard_in(start: date) -> Iterator[Period]:
    whole = _year_from(start)
    yield from (whole, *quarters(whole))
    yield from whole.months() if whole == academic_year(start) else ()


def _year_from(start: date) -> Period:
    academic = academic_year(start)
    return academic if academic.start == start else financial_year(start)


class Gathered(NamedTuple):
    """All presence at engagements, in a table: `measure`, organisation, guild, district, kind, and the months as bits of the
    columns `w0`, `w1`, …, counted from the first month.
    """

    table: str
    first: date
    words: int


def _counted_alone(
    measure: str, spans: list[Span], rows: QuerySet, linked: set[UUID], gathered: Gathered | None
) -> Counter[CountKey]:
    """The counts of organisations without links, by the database: it needs one look, however many there are, and however
    many years.

    An organisation is in one district, so that those of all districts are the sum of each one's.
    """
    counts: Counter[CountKey] = Counter()
    first = gathered.first if gathered else spans[0].starts
    bits = _Bits(first, spans, gathered.words if gathered else None)
    alone = rows.exclude(organisation__in=linked)
    taken, values = _months_taken(alone.filter(kind="") if gathered else alone, bits)
    if gathered:
        more, some = _months_gathered(measure, linked, gathered)
        taken, values = f"{taken} UNION ALL {more}", (*values, *some)
    with connection.cursor() as cursor:
        cursor.execute(_scopes_of(taken, bits), values)
        for guild, district, kind, *numbers in cursor.fetchall():
            for span, number in zip(spans, numbers, strict=True):
                if number and kind:
                    counts[CountKey(*span, measure, guild, district, kind)] += number
                    counts[CountKey(*span, measure, guild, ANY, kind)] += number
    return counts


def _months_taken(rows: QuerySet, bits: "_Bits") -> tuple[str, tuple]:
    """Where each organisation took part, and when, from rows of presence."""
    at = MonthsFrom("month", bits.first)
    words = {f"w{word}": TakenMonths(at, word) for word in range(bits.words)}
    return rows.order_by().values(*_TAKEN).annotate(**words).query.sql_with_params()


def _months_gathered(measure: str, linked: set[UUID], gathered: Gathered) -> tuple[str, tuple]:
    """The same, of presence that is gathered already."""
    columns = ", ".join((*_TAKEN, *(f"w{word}" for word in range(gathered.words))))
    sql, values = f"SELECT {columns} FROM {gathered.table} WHERE measure = %s", (measure,)  # noqa: S608 - our own names
    if not linked:
        return sql, values
    others, more = Organisation.objects.filter(pk__in=linked).order_by().values("pk").query.sql_with_params()
    return f"{sql} AND organisation_id NOT IN ({others})", (*values, *more)


class _Bits:
    """The months in which an organisation took part, as bits of so many whole numbers, from the first month on."""

    def __init__(self, first: date, spans: list[Span], words: int | None) -> None:
        self.first = first
        masks = [_masks(months_between(first, span.starts), span.months) for span in spans]
        self.words = words or 1 + max(word for mask in masks for word in mask)
        #: Before the first month and after the last word there is nothing.
        self._masks = [{word: mask[word] for word in sorted(mask) if 0 <= word < self.words} for mask in masks]

    def together(self) -> str:
        """Columns: of several rows, the months of any."""
        return ", ".join(f"{_any_bit(f'w{word}')} AS w{word}" for word in range(self.words))

    def numbers(self) -> str:
        """Columns: for each period, how many rows have a month in it."""
        looks = (
            " OR ".join(f"(w{word} & {mask}) <> 0" for word, mask in masks.items()) or "1 = 0" for masks in self._masks
        )
        return ", ".join(f"COUNT(*) FILTER (WHERE {look})" for look in looks)


def _masks(start: int, months: int) -> dict[int, int]:
    """By the place of a whole number, the bits of some months."""
    found: dict[int, int] = defaultdict(int)
    for at in range(start, start + months):
        found[at // _WORD] |= 1 << at % _WORD
    return found


def _any_bit(column: str) -> str:
    if connection.vendor == "postgresql":
        return f"BIT_OR({column})"
    return " + ".join(f"MAX({column} & {1 << at})" for at in range(_WORD))


def _scopes_of(taken: str, bits: _Bits) -> str:
    """Rows of guild, district, kind, and for each period how many organisations; guild and kind of each, and ANY."""
    alone, numbers, together = ", ".join(_PLACE), bits.numbers(), bits.together()
    looks = [f"SELECT {alone}, {numbers} FROM taken GROUP BY {alone}"]  # noqa: S608 - our own names
    for own in (("guild",), ("kind",), ()):
        scope = ", ".join(name if name in (*own, "district") else f"'{ANY}' AS {name}" for name in _PLACE)
        key = ", ".join(("organisation_id", "district", *own))
        each = f"SELECT {key}, {together} FROM taken GROUP BY {key}"  # noqa: S608
        looks.append(f"SELECT {scope}, {numbers} FROM ({each}) AS each_one GROUP BY {', '.join(('district', *own))}")  # noqa: S608
    return f"WITH taken AS ({taken}) {' UNION ALL '.join(looks)}"


def _taken(rows) -> Taken:
    taken: Taken = defaultdict(set)
    fields = ("measure", "organisation", *Row._fields)
    for measure, organisation, *row in rows.order_by().values_list(*fields).iterator(chunk_size=5_000):
        taken[measure, organisation].add(Row(*row))
    return taken


def _row(key: PresenceKey) -> Row:
    return Row(key.month, key.guild, key.district, key.kind)


def _by_span(rows: set[Row], spans: set[Span]) -> Iterator[tuple[Span, date, set[tuple]]]:
    """The places (guild, district, kind) of one organisation in each period."""
    places: dict[Span, set[tuple]] = defaultdict(set)
    ends: dict[Span, date] = {}
    for month, *place in rows:
        for span, end in spans_of(month).items():
            if span in spans:
                places[span].add(tuple(place))
                ends[span] = end
    return ((span, ends[span], found) for span, found in places.items())


def _scopes(measure: str, span: Span, places: set[tuple]) -> set[CountKey]:
    """Every scope that has one of these places in it."""
    return {
        CountKey(*span, measure, *scope)
        for guild, district, kind in places
        for scope in product((guild, ANY), (district, ANY), (kind, ANY) if kind else (ANY,))
    }


def _move(changes: dict[CountKey, int]) -> None:
    """Add to kept counts. A sum in the database itself, so that nothing has to be read for it."""
    table = connection.ops.quote_name(DistinctCount._meta.db_table)
    listed = [(*key, change) for key, change in sorted(changes.items())]
    columns = ", ".join((*CountKey._fields, "value"))
    with connection.cursor() as cursor:
        for start in range(0, len(listed), _ROWS_AT_ONCE):
            rows = listed[start : start + _ROWS_AT_ONCE]
            marks = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(rows))
            cursor.execute(
                f"INSERT INTO {table} ({columns}) VALUES {marks} "  # noqa: S608 - names of our own columns only
                f"ON CONFLICT ({', '.join(CountKey._fields)}) DO UPDATE SET value = {table}.value + excluded.value",
                [value for row in rows for value in row],
            )
