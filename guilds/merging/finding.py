"""Finding records that may be the same organisation: ahead of time, never while somebody waits for a page.

A likeness is a reason to look, and decides nothing. Organisations with different numbers of one register are two to that
register, and are offered only where their name and place are the same.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import combinations
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from rapidfuzz.fuzz import token_sort_ratio

from guilds.merging.models import DuplicatePair
from guilds.organisations.models import Identifier, Organisation, Scheme, Succession

#: A telephone or website of more organisations than this is a head office's or a trust's, and says nothing of two of them.
SHARED_BY_FEW = 4
#: How alike names must be (of 100): at one postcode, and in one district.
ALIKE_AT_ONE_POSTCODE, ALIKE_IN_ONE_DISTRICT = 80, 92
#: In a block of similar names, each is compared with so many that follow it in the alphabet.
NEIGHBOURS = 25
_BATCH = 500
#: Numbers that tell organisations apart; a school has one UKPRN before and another after it became an academy.
_DECIDING = (Scheme.COMPANIES_HOUSE, Scheme.CHARITY, Scheme.URN)


class Known(NamedTuple):
    """What is compared of an organisation."""

    pk: UUID
    name: str
    postcode: str
    district: str | None
    phone: str
    host: str


class Likeness(NamedTuple):
    """Why two look like one, and how much so."""

    score: int
    reason: str


Pair = tuple[UUID, UUID]


def find_duplicates() -> int:
    """Bring the pairs that are offered in line with the registry; gives how many new ones there are.

    What somebody decided stays. Pairs that look alike no more are forgotten.
    """
    found = likely_pairs(_known())
    _leave_out_known_to_differ(found)
    with transaction.atomic():
        there = {(pair.first_id, pair.second_id): pair for pair in DuplicatePair.objects.all()}
        gone = [pair.pk for key, pair in there.items() if not pair.different and key not in found]
        for start in range(0, len(gone), _BATCH):
            DuplicatePair.objects.filter(pk__in=gone[start : start + _BATCH]).delete()
        new = [
            DuplicatePair(first_id=first, second_id=second, reason=likeness.reason, likeness=likeness.score)
            for (first, second), likeness in found.items()
            if (first, second) not in there
        ]
        DuplicatePair.objects.bulk_create(new, batch_size=_BATCH)
    return len(new)


def likely_pairs(known: Iterable[Known]) -> dict[Pair, Likeness]:
    """Pairs that look like one organisation, each with its best reason."""
    organisations = list(known)
    found: dict[Pair, Likeness] = {}
    for one, other, likeness in _candidates(organisations):
        pair = (one.pk, other.pk) if one.pk < other.pk else (other.pk, one.pk)
        found[pair] = max(likeness, found.get(pair, likeness))
    return found


def _candidates(organisations: list[Known]) -> Iterator[tuple[Known, Known, Likeness]]:
    for block in _blocks(organisations, lambda one: one.postcode and one.name and (one.name, one.postcode)):
        yield from _all(block, Likeness(100, "Same name and postcode"))
    for block in _blocks(organisations, lambda one: one.district and one.name and (one.name, one.district)):
        yield from _all(block, Likeness(95, "Same name in the same district"))
    for block in _blocks(organisations, lambda one: one.phone, most=SHARED_BY_FEW):
        yield from _all(block, Likeness(90, "Same telephone number"))
    for block in _blocks(organisations, lambda one: one.host, most=SHARED_BY_FEW):
        yield from _all(block, Likeness(85, "Same website"))
    for block in _blocks(organisations, lambda one: one.postcode):
        yield from _alike(block, ALIKE_AT_ONE_POSTCODE, "Much the same name at the same postcode")
    for block in _blocks(organisations, lambda one: one.district and one.name and (one.district, one.name[:4])):
        yield from _alike(block, ALIKE_IN_ONE_DISTRICT, "Much the same name in the same district")


def _blocks(organisations: list[Known], key: Callable[[Known], Hashable], most: int = 0) -> Iterator[list[Known]]:
    """Those that share something, two or more of them (and not more than `most`)."""
    blocks: dict[Hashable, list[Known]] = defaultdict(list)
    for one in organisations:
        if shared := key(one):
            blocks[shared].append(one)
    return (block for block in blocks.values() if 1 < len(block) <= (most or len(block)))


def _all(block: list[Known], likeness: Likeness) -> Iterator[tuple[Known, Known, Likeness]]:
    return ((one, other, likeness) for one, other in combinations(block[: NEIGHBOURS + 1], 2))


def _alike(block: list[Known], least: int, reason: str) -> Iterator[tuple[Known, Known, Likeness]]:
    ordered = sorted(block, key=lambda one: one.name)
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 : place + 1 + NEIGHBOURS]:
            score = token_sort_ratio(one.name, other.name, score_cutoff=least)
            if score and one.name != other.name:
                yield one, other, Likeness(min(int(score), 89), reason)


def _known() -> Iterator[Known]:
    rows = Organisation.objects.active().order_by("pk")
    columns = ("pk", "search_name", "postcode", "district", "phone", "website")
    for pk, name, postcode, district, phone, website in rows.values_list(*columns).iterator(chunk_size=5_000):
        yield Known(pk, name, postcode, district, digits_of(phone), host_of(website))


def digits_of(phone: str) -> str:
    """A telephone number as numbers are compared: its digits, as one dials it at home; empty for half a number."""
    digits = re.sub(r"\D", "", phone)
    digits = re.sub(r"^(00)?44(0?)", "0", digits)
    return digits if len(digits) >= 10 else ""


def host_of(website: str) -> str:
    """Whose website it is: its host without www, and its path where there is one (a page at somebody else's)."""
    parts = urlsplit(website.lower())
    return (parts.netloc.removeprefix("www.") + parts.path.rstrip("/")).strip()


def _leave_out_known_to_differ(found: dict[Pair, Likeness]) -> None:
    """Registers that count them apart, and schools of which one went on as the other."""
    numbers: dict[UUID, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = Identifier.objects.filter(scheme__in=_DECIDING).order_by()
    for pk, scheme, value in rows.values_list("organisation", "scheme", "value"):
        numbers[pk][scheme].add(value)
    links = {frozenset(ends) for ends in Succession.objects.values_list("predecessor_id", "successor_id")}
    for pair, likeness in list(found.items()):
        one, other = (numbers.get(pk, {}) for pk in pair)
        differ = any(one[scheme].isdisjoint(other[scheme]) for scheme in one.keys() & other.keys())
        if frozenset(pair) in links or (differ and likeness.score < 100):
            del found[pair]
