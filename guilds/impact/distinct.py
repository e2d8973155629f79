"""How many organisations a distinct measure counts in each standard period and scope, kept as presence changes.

An organisation that comes or goes moves the counts of its own lineage only, so a change costs what that lineage did in
two years, not what everybody did.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from guilds.impact.lineage import Lineage
from guilds.impact.models import DistinctCount, Presence
from guilds.impact.periods import Period, academic_year, financial_year, quarters, standard_around
from guilds.impact.slices import Slice, years_of
from guilds.impact.tally import PresenceKey
from guilds.reference.calendars import add_months

ANY = "*"
_BATCH = 500
_SEPTEMBER = 9


class CountKey(NamedTuple):
    """Where a kept count stands: a standard period and a scope, in which "*" is any."""

    measure: str
    starts: date
    months: int
    guild: str
    district: str
    kind: str


def counts(rows: Iterable[PresenceKey], periods: Iterable[Period], lineage: Lineage) -> Counter[CountKey]:
    """What some rows of presence amount to in some periods, each lineage once."""
    seen: set[tuple[CountKey, UUID]] = set()
    periods = list(periods)
    for row in rows:
        for period in periods:
            if period.start <= row.month <= period.end:
                who = (
                    lineage.identity(row.organisation, period.end) if row.organisation in lineage else row.organisation
                )
                for guild, district, kind in product((row.guild, ANY), (row.district, ANY), (row.kind, ANY)):
                    seen.add((CountKey(row.measure, period.start, period.length, guild, district, kind), who))
    return Counter(key for key, _ in seen)


def move(gone: set[PresenceKey], new: set[PresenceKey]) -> None:
    """Bring the counts along with presence that has just changed; call it in the change's own transaction."""
    changed = gone | new
    if not changed:
        return
    lineage = Lineage.load()
    periods = {period for month in {row.month for row in changed} for period in standard_around(month)}
    organisations = {row.organisation for row in changed}
    now = _presence_of(organisations | lineage.relatives(organisations), {row.measure for row in changed}, periods)
    delta = counts(now, periods, lineage)
    delta.subtract(counts((now - new) | gone, periods, lineage))
    _add({key: by for key, by in delta.items() if by})


def recount(years: Iterable[Slice]) -> None:
    """Count some years of distinct measures anew, from all presence in them."""
    lineage = Lineage.load()
    for year in years:
        truth = year_counts(year, lineage)
        kept = DistinctCount.objects.filter(_of_year(year))
        has = {_key(count): count.value for count in kept}
        for period in periods_of(year):
            gone = [
                key for key in has.keys() - truth.keys() if (key.starts, key.months) == (period.start, period.length)
            ]
            for key in gone:
                kept.filter(**key._asdict()).delete()
        _save({key: value for key, value in truth.items() if has.get(key) != value})


def differences(year: Slice, lineage: Lineage) -> list[str]:
    """Where the kept counts of a year are not what presence says."""
    truth = year_counts(year, lineage)
    has = {_key(count): count.value for count in DistinctCount.objects.filter(_of_year(year), value__gt=0)}
    return [
        f"count {tuple(map(str, key))}: kept {has.get(key, 0)}, records say {truth.get(key, 0)}"
        for key in sorted(truth.keys() | has.keys())
        if has.get(key, 0) != truth.get(key, 0)
    ]


def year_counts(year: Slice, lineage: Lineage) -> Counter[CountKey]:
    """What the presence of a year says."""
    last = add_months(year.month, 12)
    rows = Presence.objects.filter(measure=year.family, month__gte=year.month, month__lt=last)
    return counts(_keys(rows), periods_of(year), lineage)


def periods_of(year: Slice) -> list[Period]:
    """The periods whose counts belong to a year; months go with the academic year."""
    if year.month.month == _SEPTEMBER:
        whole = academic_year(year.month)
        return [whole, *quarters(whole), *whole.months()]
    whole = financial_year(year.month)
    return [whole, *quarters(whole)]


def _of_year(year: Slice) -> Q:
    standing = Q()
    for period in periods_of(year):
        standing |= Q(starts=period.start, months=period.length)
    return standing & Q(measure=year.family)


def _presence_of(organisations: set[UUID], measures: set[str], periods: set[Period]) -> set[PresenceKey]:
    first, last = min(p.start for p in periods), max(p.end for p in periods)
    ids, found = sorted(organisations), set()
    for start in range(0, len(ids), _BATCH):
        rows = Presence.objects.filter(organisation__in=ids[start : start + _BATCH], measure__in=measures,
                                       month__gte=first, month__lt=last + timedelta(days=1))  # fmt: skip
        found |= set(_keys(rows))
    return found


def _keys(rows) -> Iterable[PresenceKey]:
    columns = ("month", "guild", "district", "measure", "kind", "organisation_id")
    return (PresenceKey(*row) for row in rows.order_by().values_list(*columns).iterator())


def _key(count: DistinctCount) -> CountKey:
    return CountKey(count.measure, count.starts, count.months, count.guild, count.district, count.kind)


def _add(delta: dict[CountKey, int]) -> None:
    has = _kept(delta)
    values = {key: has.get(key, 0) + by for key, by in delta.items()}
    wrong = {year for key, value in values.items() if value < 0 for year in years_of(key.measure, key.starts)}
    _save({key: value for key, value in values.items() if value >= 0})
    # Fewer than nobody: what was kept was not right, so it is counted afresh instead of standing in the way.
    recount(sorted(wrong))


def _kept(keys: Iterable[CountKey]) -> dict[CountKey, int]:
    """The counts that there are for some keys, found by period and measure."""
    wanted = set(keys)
    by_period: dict[tuple[date, int], set[str]] = defaultdict(set)
    for key in wanted:
        by_period[key.starts, key.months].add(key.measure)
    standing = Q(pk__in=[])
    for (starts, months), measures in by_period.items():
        standing |= Q(starts=starts, months=months, measure__in=measures)
    return {_key(count): count.value for count in DistinctCount.objects.filter(standing) if _key(count) in wanted}


def _save(values: dict[CountKey, int]) -> None:
    DistinctCount.objects.bulk_create(
        [DistinctCount(**key._asdict(), value=value) for key, value in values.items()],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["starts", "months", "measure", "guild", "district", "kind"],
        update_fields=["value"],
    )
