"""From the words in a file to the records they mean, for many rows in few queries.

An organisation is meant by its identifier, or by its exact name; a name that fits two is refused with the candidates.
Nothing is ever created here.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from guilds.importing.rows import Row
from guilds.importing.values import Unreadable, read_company_number
from guilds.organisations.models import Identifier, Organisation, Scheme, Status
from guilds.organisations.names import search_name
from guilds.reference.models import OUTSIDE, ApprenticeshipStandard, District, Guild

_CHUNK = 500
Pair = tuple[str, str]


def in_chunks(values: Iterable, size: int = _CHUNK) -> Iterable[list]:
    """Lists of at most `size`: databases limit how many values one query may name."""
    values = list(values)
    return (values[start : start + size] for start in range(0, len(values), size))


def holders(pairs: Iterable[Pair]) -> dict[Pair, Organisation]:
    """The organisation behind each (scheme, value); a merged one's links go on to the one that stayed."""
    wanted = defaultdict(set)
    for scheme, value in pairs:
        wanted[scheme].add(value)
    found = {}
    for scheme, values in wanted.items():
        for chunk in in_chunks(values):
            rows = Identifier.objects.filter(scheme=scheme, value__in=chunk).select_related("organisation__merged_into")
            for row in rows:
                found[scheme, row.value] = row.organisation.merged_into or row.organisation
    return found


def provider_pairs(words: str) -> list[Pair]:
    """What a school or college may be meant by: URN, UKPRN or LAESTAB."""
    scheme = {6: Scheme.URN, 7: Scheme.LAESTAB, 8: Scheme.UKPRN}.get(len(words)) if words.isdecimal() else None
    return [(scheme, words)] if scheme else _named_scheme(words)


def employer_pairs(words: str) -> list[Pair]:
    """What an employer may be meant by: its company number."""
    try:
        number = read_company_number(words) if re.search(r"\d", words) else ""
    except Unreadable:
        number = ""
    return [(Scheme.COMPANIES_HOUSE, number)] if number else _named_scheme(words)


def any_pairs(words: str) -> list[Pair]:
    """What any organisation may be meant by."""
    charity: list[Pair] = [(Scheme.CHARITY, words)] if words.isdecimal() else []
    return list(dict.fromkeys(provider_pairs(words) + employer_pairs(words) + charity))


def _named_scheme(words: str) -> list[Pair]:
    scheme, colon, value = words.partition(":")
    return [(scheme, value.strip())] if colon and scheme in Scheme.values else []


class Organisations:
    """The organisations that some rows mean, looked up at once; then asked one by one."""

    def __init__(self, words: Iterable[str], pairs_of: Callable[[str], list[Pair]], noun: str) -> None:
        self._pairs_of, self._noun = pairs_of, noun
        words = {word for word in words if word}
        self._held = holders(pair for word in words for pair in pairs_of(word))
        self._named = by_name(word for word in words if not any(p in self._held for p in pairs_of(word)))

    def find(self, row: Row, column: str, district: str | None = None) -> Organisation | None:
        """The one organisation that a cell means; None where it is empty, or refused."""
        words = row.text(column)
        if not words:
            return None
        candidates = self._candidates(words)
        if len(candidates) > 1 and district:
            candidates = [c for c in candidates if c.district_id == district] or candidates
        if len(candidates) == 1:
            return candidates[0]
        row.refuse(column, self._refusal(words, candidates))
        return None

    def only(self, words: str) -> Organisation | None:
        """The organisation that some words mean, if they mean exactly one; nothing is refused."""
        candidates = self._candidates(words) if words else []
        return candidates[0] if len(candidates) == 1 else None

    def _candidates(self, words: str) -> list[Organisation]:
        held = {self._held[pair].pk: self._held[pair] for pair in self._pairs_of(words) if pair in self._held}
        return list(held.values()) or self._named.get(folded(words), [])

    def _refusal(self, words: str, candidates: list[Organisation]) -> str:
        if not candidates:
            return f"There is no {self._noun} “{words}”: give its number, its exact name, or load it first"
        listed = "; ".join(described(candidate) for candidate in candidates[:6])
        return f"“{words}” fits {len(candidates)}: give the number of the one that is meant. {listed}"


def described(organisation: Organisation) -> str:
    numbers = ", ".join(f"{identifier.scheme} {identifier.value}" for identifier in organisation.identifiers.all())
    facts = ", ".join(filter(None, (numbers, organisation.postcode, organisation.status)))
    return f"{organisation.name} ({facts})"


def folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def by_name(names: Iterable[str]) -> dict[str, list[Organisation]]:
    """Organisations by exact name (but for case); found by the indexed form of the name."""
    found = defaultdict(list)
    for chunk in in_chunks({search_name(name) for name in names}):
        live = Organisation.objects.filter(search_name__in=chunk).exclude(status=Status.ARCHIVED)
        for organisation in live.prefetch_related("identifiers"):
            found[folded(organisation.name)].append(organisation)
    return found


class Places:
    """Guilds, districts and standards by any name a file may use; read once for each import."""

    def __init__(self) -> None:
        self._guilds = {folded(name): guild for guild in Guild.objects.all() for name in _guild_names(guild)}
        self._districts = {
            folded(name): district
            for district in District.objects.all()
            for name in (district.code, district.name, *district.former_names)
        }
        self._standards: dict[str, list[ApprenticeshipStandard]] | None = None

    def guild(self, row: Row, column: str = "guild") -> Guild | None:
        """A guild by slug or name; None (county-wide) where the cell is empty."""
        return self._guild_called(row.text(column), row, column)

    def guilds(self, row: Row, column: str) -> list[Guild]:
        """Several guilds, separated by semicolons."""
        found = (self._guild_called(words.strip(), row, column) for words in row.text(column).split(";"))
        return [guild for guild in found if guild]

    def _guild_called(self, words: str, row: Row, column: str) -> Guild | None:
        if not words or folded(words) in ("county-wide", "countywide", "county wide"):
            return None
        found = self._guilds.get(folded(words)) or self._guilds.get(folded(words.replace("&", "and")))
        if found is None:
            slugs = ", ".join(sorted({guild.slug for guild in self._guilds.values()}))
            row.refuse(column, f"There is no guild “{words}”: one of {slugs}, or empty for county-wide")
        return found

    def district(self, row: Row, column: str, words: str) -> District | None:
        """A district by code or name, former names too; None where the cell is empty."""
        if not words:
            return None
        found = self._districts.get(folded(words)) or self._districts.get(folded(words.replace("&", "and")))
        if found is None:
            names = ", ".join(sorted({d.name for d in self._districts.values() if d.code != OUTSIDE}))
            row.refuse(column, f"There is no district “{words}”: {names}, or {OUTSIDE}")
        return found

    def standard(self, row: Row, column: str = "standard") -> ApprenticeshipStandard | None:
        """A standard by reference or exact title."""
        words = row.text(column)
        if not words:
            return None
        found = self._standardsby_name().get(folded(words), [])
        if len(found) == 1:
            return found[0]
        listed = "; ".join(f"{standard.reference} {standard.title}" for standard in found[:6])
        row.refuse(
            column,
            f"“{words}” fits {len(found)}: {listed}"
            if found
            else f"There is no standard “{words}”: give its reference, such as ST0116, or its exact title",
        )
        return None

    def _standardsby_name(self) -> dict[str, list[ApprenticeshipStandard]]:
        if self._standards is None:
            self._standards = defaultdict(list)
            for standard in ApprenticeshipStandard.objects.all():
                for name in {folded(standard.reference), folded(standard.title)}:
                    self._standards[name].append(standard)
        return self._standards


def _guild_names(guild: Guild) -> tuple[str, ...]:
    return guild.slug, guild.name, f"{guild.name} Guild", f"{guild.name} (Guild)"


def by_reference(model, references: Iterable[str | None], relations: Iterable[str] = ()) -> dict:
    """The records that have these references, with the relations that comparing them needs."""
    found = {}
    for chunk in in_chunks({reference for reference in references if reference}):
        for record in model.objects.filter(reference__in=chunk).select_related(*relations):
            found[record.reference] = record
    return found
