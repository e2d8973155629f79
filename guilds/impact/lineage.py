"""Which organisations are one to a distinct count: a school and its successor, a merged record and the one it is in."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from guilds.organisations.models import Organisation, Succession
from guilds.reading import read_at_once


class Lineage:
    """All links between organisations.

    A merged organisation is always the one that it was merged into; a school is its successor from the day of the
    succession on (always, where nobody gave a day). A school with several successors is the first of them.
    """

    def __init__(
        self, successions: Iterable[tuple[UUID, UUID, date | None]], merged: Iterable[tuple[UUID, UUID]]
    ) -> None:
        self._merged = dict(merged)
        self._successions: dict[UUID, list[tuple[date, UUID]]] = defaultdict(list)
        self._kin: dict[UUID, set[UUID]] = defaultdict(set)
        for before, after, day in successions:
            self._successions[before].append((day or date.min, after))
            self._link(before, after)
        for before, after in self._merged.items():
            self._link(before, after)
        for links in self._successions.values():
            links.sort()

    @classmethod
    def load(cls) -> "Lineage":
        """As the records have it, by one query."""
        merged = Organisation.objects.filter(merged_into__isnull=False).order_by().values_list("pk", "merged_into_id")
        successions = Succession.objects.values_list("predecessor_id", "successor_id", "happened_on")
        read_at_once(successions, merged)
        return cls(successions, merged)

    @classmethod
    def of(cls, organisations: Iterable[UUID]) -> "Lineage":
        """The links that lead on from some organisations, however far: enough to say what each of these counts as.

        One query, if none of them has gone over into another; one more for each step.
        """
        successions, merged = list[tuple[UUID, UUID, date | None]](), dict[UUID, UUID]()
        seen, waiting = set[UUID](), set(organisations)
        while waiting:
            seen |= waiting
            links = list(_links_from(waiting))
            successions += [(before, after, day) for before, _, after, day in links if after]
            merged |= {before: winner for before, winner, *_ in links if winner}
            waiting = {after for _, *both, _ in links for after in both if after} - seen
        return cls(successions, merged.items())

    def __contains__(self, organisation: UUID) -> bool:
        return organisation in self._kin

    def members(self) -> set[UUID]:
        """All organisations that have a link."""
        return set(self._kin)

    def relatives(self, organisations: Iterable[UUID]) -> set[UUID]:
        """All that are linked with any of these, by whatever many links, whenever; these themselves if they have any."""
        found: set[UUID] = set()
        waiting = [organisation for organisation in organisations if organisation in self._kin]
        while waiting:
            organisation = waiting.pop()
            if organisation not in found:
                found.add(organisation)
                waiting += self._kin[organisation]
        return found

    def begun_later(self, on: date) -> set[UUID]:
        """The organisations that only took over from another after a day, as far as days are known."""
        first: dict[UUID, date] = {}
        for day, after in (link for links in self._successions.values() for link in links):
            first[after] = min(day, first.get(after, day))
        return {after for after, day in first.items() if day > on}

    def identity(self, organisation: UUID, on: date) -> UUID:
        """What an organisation counts as at the end of a day. A ring of links counts as its least member."""
        way = [organisation]
        while (following := self._next(way[-1], on)) is not None:
            if following in way:
                return min(way[way.index(following) :])
            way.append(following)
        return way[-1]

    def _next(self, organisation: UUID, on: date) -> UUID | None:
        if organisation in self._merged:
            return self._merged[organisation]
        links = self._successions.get(organisation, ())
        return links[0][1] if links and links[0][0] <= on else None

    def _link(self, one: UUID, other: UUID) -> None:
        self._kin[one].add(other)
        self._kin[other].add(one)


def extra(rows: QuerySet, keys: Sequence[str], on: date) -> dict[Hashable, set[UUID]]:
    """The organisations that rows name beside another that they are one with, for each value of `keys`.

    `rows` have an `organisation`; `on` is the last day of the scope. Counting distinct organisations and leaving these
    out counts each lineage once. One query where no organisation of the rows has gone over into another.
    """
    gone = rows.filter(_gone_over(on)).order_by().values_list("organisation", flat=True).distinct()
    found = set(gone)
    if not found:
        return {}
    lineage = Lineage.load()
    kept: dict[Hashable, dict[UUID, UUID]] = defaultdict(dict)
    left_out: dict[Hashable, set[UUID]] = defaultdict(set)
    related = rows.filter(organisation__in=lineage.relatives(found)).order_by()
    named = {(tuple(key), organisation) for *key, organisation in related.values_list(*keys, "organisation")}
    # Whoever all are one with is kept where it is among them.
    for key, organisation in sorted(named, key=lambda row: (row[1] != lineage.identity(row[1], on), row[1])):
        if kept[key].setdefault(lineage.identity(organisation, on), organisation) != organisation:
            left_out[key].add(organisation)
    return left_out


def duplicates(rows: QuerySet, keys: Sequence[str], on: date) -> Counter:
    """How many too many a plain distinct count of organisations gives, for each value of `keys`."""
    return Counter({key: len(organisations) for key, organisations in extra(rows, keys, on).items()})


def _links_from(organisations: set[UUID]) -> QuerySet:
    """Of those that have gone over into another: the one they were merged into, or a successor and from which day."""
    gone = Q(merged_into__isnull=False) | Q(successions__isnull=False)
    rows = Organisation.objects.filter(gone, pk__in=organisations).order_by()
    return rows.values_list("pk", "merged_into", "successions__successor", "successions__happened_on")


def _gone_over(on: date) -> Q:
    by_then = Q(happened_on__isnull=True) | Q(happened_on__lte=on)
    succeeded = Succession.objects.filter(by_then, predecessor=OuterRef("organisation"))
    return Q(Exists(succeeded)) | Q(organisation__merged_into__isnull=False)
