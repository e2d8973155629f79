"""Counting slices anew: what is kept becomes what the records say, and only what differs is written."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from guilds.impact import distinct, tally
from guilds.impact.lineage import Lineage
from guilds.impact.models import Cell, Presence
from guilds.impact.slices import ENGAGEMENTS, PLEDGES, RECORD_FAMILIES, Slice
from guilds.impact.tally import MEASURES_OF, Amount, CellKey, PresenceKey

_BATCH = 500
#: Cells with their rows' ids.
KeptCells = dict[CellKey, tuple[int, Amount]]


def recount(slices: list[Slice]) -> set[Slice]:
    """Bring cells, presence and kept counts of slices in line with the records, in the caller's transaction.

    Gives the years whose distinct counts are still to be counted anew, if very many organisations came or went.
    """
    lineage = Lineage.load()
    changes = [_recount_records(family, some) for family, some in _by_family(slices).items()]
    gone, new = (set().union(*(change[side] for change in changes)) for side in (0, 1))
    distinct.recount((year for year in slices if year.family not in RECORD_FAMILIES), lineage)
    return distinct.follow(gone, new, lineage)


def _recount_records(family: str, slices: list[Slice]) -> tuple[set[PresenceKey], set[PresenceKey]]:
    """Bring cells and presence in line with the records; gives the presence that is gone, and that which is new."""
    counted = tally.count(family, slices)
    write_cells(kept_cells(family, _standing(slices)), counted.cells)
    kept = _presence(family, slices)
    _write_presence(kept, counted.presence)
    return kept.keys() - counted.presence, counted.presence - kept.keys()


def differences(slices: Iterable[Slice]) -> list[str]:
    """Where cells and presence of slices are not what the records say, a line each."""
    found: list[str] = []
    for family, some in _by_family(slices).items():
        truth, there = tally.count(family, some)
        has = {key: amount for key, (_, amount) in kept_cells(family, _standing(some)).items()}
        found += [
            f"cell {_said(key)}: kept {_amount(has.get(key))}, records say {_amount(truth.get(key))}"
            for key in sorted(has.keys() | truth.keys())
            if has.get(key) != truth.get(key)
        ]
        known = _presence(family, some)
        found += [f"presence {_said(key)}: kept, but not in the records" for key in sorted(known.keys() - there)]
        found += [f"presence {_said(key)}: in the records, but not kept" for key in sorted(there - known.keys())]
    return found


def _by_family(slices: Iterable[Slice]) -> dict[str, list[Slice]]:
    families: dict[str, list[Slice]] = defaultdict(list)
    for piece in slices:
        if piece.family in RECORD_FAMILIES:
            families[piece.family].append(piece)
    return families


def _standing(slices: Iterable[Slice]) -> Q:
    """Kept rows of some slices, which have their month and guild as columns."""
    months: dict[frozenset[str], list[date]] = defaultdict(list)
    guilds: dict[date, set[str]] = defaultdict(set)
    for piece in slices:
        guilds[piece.month].add(piece.guild)
    for month, leads in guilds.items():
        months[frozenset(leads)].append(month)
    found = Q(pk__in=[])
    for some, starts in months.items():
        found |= Q(month__in=starts, guild__in=sorted(some))
    return found


def kept_cells(family: str, where: Q) -> KeptCells:
    """The cells that are kept of a family of records, each with its row's id."""
    rows = Cell.objects.filter(where, measure__in=MEASURES_OF[family])
    return {CellKey(c.month, c.guild, c.district, c.measure, c.kind): (c.pk, Amount(c.value, c.confirmed, c.missing))
            for c in rows.iterator()}  # fmt: skip


def write_cells(kept: KeptCells, truth: dict[CellKey, Amount]) -> None:
    """Make what is kept what is true: only what differs is written."""
    _delete(Cell, [pk for key, (pk, _) in kept.items() if key not in truth])
    changed = {key: amount for key, amount in truth.items() if key not in kept or kept[key][1] != amount}
    Cell.objects.bulk_create(
        [Cell(**key._asdict(), **amount._asdict()) for key, amount in sorted(changed.items())],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["month", "guild", "district", "measure", "kind"],
        update_fields=["value", "confirmed", "missing"],
    )


def of_family(family: str) -> Q:
    """Presence at engagements has a kind, other has none; pledges are no presence."""
    return {ENGAGEMENTS: ~Q(kind=""), PLEDGES: Q(pk__in=[])}.get(family, Q(kind=""))


def _presence(family: str, slices: list[Slice]) -> dict[PresenceKey, int]:
    """The presence that is kept, with its rows' ids."""
    columns = ("pk", "month", "guild", "district", "measure", "kind", "organisation_id")
    rows = Presence.objects.filter(of_family(family), _standing(slices)).order_by().values_list(*columns)
    return {PresenceKey(*key): pk for pk, *key in rows}


def _write_presence(kept: dict[PresenceKey, int], truth: set[PresenceKey]) -> None:
    _delete(Presence, [pk for key, pk in kept.items() if key not in truth])
    Presence.objects.bulk_create(
        [Presence(month=key.month, guild=key.guild, district=key.district, measure=key.measure, kind=key.kind,
                  organisation_id=key.organisation) for key in sorted(truth - kept.keys())],
        batch_size=_BATCH,
    )  # fmt: skip


def _delete(model, ids: list[int]) -> None:
    for start in range(0, len(ids), _BATCH):
        model.objects.filter(pk__in=ids[start : start + _BATCH]).delete()


def _said(key: tuple) -> str:
    return " × ".join(str(part) or "none" for part in key)


def _amount(amount: Amount | None) -> str:
    return "nothing" if amount is None else f"{amount.value} ({amount.confirmed} confirmed, {amount.missing} missing)"
