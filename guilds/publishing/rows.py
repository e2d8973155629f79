"""The records behind the figures: what each added, where; packed to be kept, and digested to be compared."""

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guilds.impact import stocks
from guilds.impact.measures import MEASURES
from guilds.impact.models import Presence
from guilds.impact.periods import Period
from guilds.impact.reach import Coverage, met
from guilds.impact.scopes import COUNTY_WIDE, TOTAL, UNKNOWN, Scope
from guilds.impact.sources import source_of

#: Rows of one measure that are kept; of more, the digests alone tell whether something has changed.
KEPT_AT_MOST = 20_000
_AT_ONCE = 2_000
#: By dimension and key of a table of figures.
FigureKey = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """What one record, or a part of it, adds. `part` tells parts of one record apart; all in words, to be kept."""

    part: str
    id: str
    amount: float
    guild: str
    district: str
    kind: str = ""
    month: str = ""

    def packed(self) -> tuple[str, str, float, str, str, str, str]:
        """Its values, in the order in which they make it again."""
        return self.part, self.id, self.amount, self.guild, self.district, self.kind, self.month

    def figures(self) -> Iterator[FigureKey]:
        """The figures that it is in."""
        if self.guild:
            yield "total", TOTAL
            yield "guild", self.guild
            yield "district", self.district
        if self.kind:
            yield "kind", self.kind
        if self.month:
            yield "month", self.month


@dataclass(frozen=True)
class Behind:
    """The rows behind a measure. `record`: the model that their ids belong to."""

    record: str
    rows: list[Row]

    def by_figure(self) -> dict[FigureKey, dict[str, tuple[str, float]]]:
        """For each figure its parts: the record and what it adds."""
        found: dict[FigureKey, dict[str, tuple[str, float]]] = defaultdict(dict)
        for row in self.rows:
            for key in row.figures():
                found[key][row.part] = (row.id, row.amount)
        return found

    def pack(self) -> bytes:
        """To be kept: nothing where there are too many."""
        if len(self.rows) > KEPT_AT_MOST:
            return b""
        return zlib.compress(json.dumps(sorted(row.packed() for row in self.rows)).encode())


def unpack(record: str, packed: bytes) -> Behind | None:
    """What was kept; None where nothing was."""
    if not packed:
        return None
    return Behind(record, [Row(*values) for values in json.loads(zlib.decompress(packed))])


def digest(parts: dict[str, tuple[str, float]]) -> str:
    """SHA-256 over the records' parts and what each adds, in the order of their ids."""
    lines = (f"{part}:{amount:g}\n" for part, (_, amount) in sorted(parts.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def behind(measure: str, period: Period, scope: Scope) -> Behind:
    """The rows behind a measure in a period and scope, as they are now."""
    sort = MEASURES[measure].sort
    if sort == "distinct":
        return Behind("organisation", list(_that_took_part(measure, period, scope)))
    if measure == "coverage":
        return Behind("organisation", list(_schools(period, scope)))
    if sort == "stock":
        return Behind("organisation", list(_members(measure, period, scope)))
    if sort not in ("additive", "ratio"):
        return Behind("", [])
    source = source_of(measure, period, scope)
    found = [_row(record, source.told(record)) for record in source.rows.order_by("pk").iterator(chunk_size=_AT_ONCE)]
    return Behind(found[0][0] if found else "", [row for _, row in found])


def _row(record, told: dict) -> tuple[str, Row]:
    event = record if hasattr(record, "supporting_guilds") else getattr(record, "engagement", None)
    kind = event.kind if told["record"] == "engagement" and event else ""
    month = f"{told['on']:%Y-%m}" if told["on"] else ""
    amount = float(told["contribution"])
    guild, district = told["guild"] or COUNTY_WIDE, told["district"] or UNKNOWN
    return told["record"], Row(str(record.pk), str(told["id"]), amount, guild, district, kind, month)


def _that_took_part(measure: str, period: Period, scope: Scope) -> Iterable[Row]:
    """Organisations, wherever each took part; those that are one are counted once only when they are counted."""
    rows = Presence.objects.filter(measure=measure, month__gte=period.start, month__lte=period.end).order_by()
    for column, code in (("guild", scope.lead), ("district", scope.place)):
        rows = rows if code is None else rows.filter(**{column: code})
    for who, month, guild, district, kind in rows.values_list("organisation", "month", "guild", "district", "kind"):
        yield Row(str(who), str(who), 1, guild or COUNTY_WIDE, district or UNKNOWN, kind, f"{month:%Y-%m}")


def _schools(period: Period, scope: Scope) -> Iterator[Row]:
    """Every school that there was; those that were reached stand wherever something reached them, and add one."""
    found = Coverage(period, "total", scope)
    for who, month, guild, kind in met(period, scope).values_list("organisation", "month", "guild", "kind"):
        school = found.school(who)
        if school is not None:
            place = school.district or UNKNOWN
            yield Row(str(school.pk), str(school.pk), 1, guild or COUNTY_WIDE, place, kind, f"{month:%Y-%m}")
    for school in found.unreached():
        yield Row(str(school.pk), str(school.pk), 0, COUNTY_WIDE, school.district or UNKNOWN)


def _members(measure: str, period: Period, scope: Scope) -> Iterable[Row]:
    """Members on the last day, and on the last day of each month."""
    members = stocks.members(measure, scope)
    there = members.open_on(period.end).values_list("organisation", "guild", "organisation__district")
    for who, guild, district in there:
        yield Row(str(who), str(who), 1, guild or COUNTY_WIDE, district or UNKNOWN)
    for month in period.months():
        for who in members.open_on(month.end).values_list("organisation", flat=True):
            yield Row(str(who), str(who), 1, "", "", month=month.slug)
