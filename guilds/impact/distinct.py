"""Counts of organisations for the standard periods, kept beside the presence table that they follow from.

A few changed rows of presence move the counts of the organisations concerned; many have their years counted anew.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import product
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Case, IntegerField, QuerySet, Sum, Value, When

from guilds.impact.lineage import Lineage
from guilds.impact.models import DistinctCount, Presence
from guilds.impact.periods import academic_year, financial_year, quarters, standard_around
from guilds.impact.slices import Slice, years_of
from guilds.impact.tally import PresenceKey
from guilds.reference.calendars import add_months

#: Any guild, district or kind.
ANY = "*"
#: More changed rows of presence than this, and counting their years anew is quicker.
MANY = 2_000
_ROWS_AT_ONCE = 500
_PLACE = ("guild", "district", "kind")


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


def recount(year: Slice, lineage: Lineage) -> None:
    """Count a year of a distinct measure, its quarters and (of an academic year) its months, from presence."""
    changed = _different(year, lineage)
    DistinctCount.objects.bulk_create(
        [DistinctCount(**key._asdict(), value=value) for key, value in changed.items()],
        batch_size=_ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=CountKey._fields,
        update_fields=["value"],
    )


def differences(year: Slice, lineage: Lineage) -> list[str]:
    """Where the kept counts of a year are not what presence says."""
    kept = _kept(year)
    return [
        f"{key.measure} in {key.months} months from {key.starts}, guild {key.guild or 'county-wide'}, "
        f"district {key.district or 'unknown'}, kind {key.kind}: kept {kept.get(key, 0)}, counted {value}"
        for key, value in sorted(_different(year, lineage).items())
    ]


def _different(year: Slice, lineage: Lineage) -> dict[CountKey, int]:
    spans = _spans_in(year)
    rows = Presence.objects.filter(measure=year.family, month__gte=year.month, month__lte=max(spans.values()))
    linked = lineage.members()
    counted = count(_taken(rows.filter(organisation__in=linked)), lineage, set(spans))
    counted.update(_counted_alone(rows.exclude(organisation__in=linked), year.family, list(spans)))
    kept = _kept(year)
    return {key: counted[key] for key in counted.keys() | kept.keys() if counted[key] != kept.get(key, 0)}


def _kept(year: Slice) -> dict[CountKey, int]:
    spans = _spans_in(year)
    rows = DistinctCount.objects.filter(measure=year.family, starts__in={span.starts for span in spans})
    fields = (*CountKey._fields, "value")
    found = ((CountKey(*key), value) for *key, value in rows.values_list(*fields))
    return {key: value for key, value in found if Span(key.starts, key.months) in spans}


def _spans_in(year: Slice) -> dict[Span, date]:
    academic = academic_year(year.month)
    whole = academic if academic.start == year.month else financial_year(year.month)
    months = whole.months() if whole is academic else ()
    return {Span(p.start, p.length): p.end for p in (whole, *quarters(whole), *months)}


def _counted_alone(rows: QuerySet, measure: str, spans: list[Span]) -> Counter[CountKey]:
    """The counts of organisations without links, by the database: it needs one look, however many there are.

    An organisation is in one district, so that those of all districts are the sum of each one's.
    """
    counts: Counter[CountKey] = Counter()
    sql, values = _months_taken(rows, spans)
    with connection.cursor() as cursor:
        cursor.execute(_scopes_of(sql, spans), values)
        for guild, district, kind, *numbers in cursor.fetchall():
            for span, number in zip(spans, numbers, strict=True):
                if number and kind:
                    counts[CountKey(*span, measure, guild, district, kind)] += number
                    counts[CountKey(*span, measure, guild, ANY, kind)] += number
    return counts


def _months_taken(rows: QuerySet, spans: list[Span]) -> tuple[str, tuple]:
    """Where each organisation took part, and when: a bit for each month."""
    bits = Case(
        *(When(month=month, then=Value(bit)) for month, bit in _bits(spans).items()), output_field=IntegerField()
    )
    return rows.order_by().values("organisation_id", *_PLACE).annotate(months=Sum(bits)).query.sql_with_params()


def _bits(spans: list[Span]) -> dict[date, int]:
    first, length = min(span.starts for span in spans), max(span.months for span in spans)
    return {add_months(first, place): 1 << place for place in range(length)}


def _scopes_of(taken: str, spans: list[Span]) -> str:
    """Rows of guild, district, kind, and for each span how many organisations; guild and kind of each, and ANY."""
    bits = _bits(spans)
    masks = [sum(bits[add_months(span.starts, place)] for place in range(span.months)) for span in spans]
    numbers = ", ".join(f"SUM(CASE WHEN months & {mask} > 0 THEN 1 ELSE 0 END)" for mask in masks)
    together = "BIT_OR(months)" if connection.vendor == "postgresql" else " + ".join(
        f"MAX(months & {bit})" for bit in bits.values()
    )  # fmt: skip
    looks = [f"SELECT {', '.join(_PLACE)}, {numbers} FROM taken GROUP BY {', '.join(_PLACE)}"]  # noqa: S608 - our own names
    for own in (("guild",), ("kind",), ()):
        scope = ", ".join(name if name in (*own, "district") else f"'{ANY}' AS {name}" for name in _PLACE)
        key = ", ".join(("organisation_id", "district", *own))
        each = f"SELECT {key}, {together} AS months FROM taken GROUP BY {key}"  # noqa: S608
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
