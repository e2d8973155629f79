"""Finding organisations by what somebody types: a name, a number or a postcode."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, Q, QuerySet
from rapidfuzz import fuzz

from guilds.access.questions import ReadersQuestion
from guilds.organisations.models import Contact, Identifier, Organisation, OrganisationQuerySet, Scheme, Status
from guilds.organisations.names import bare_name, search_name
from guilds.organisations.words import OrganisationWord
from guilds.reading import Asked
from guilds.reference.places import tidy_postcode
from guilds.search import index
from guilds.search.words import telling_words, words_of

#: How many suggestions a picker shows.
SUGGESTED = 10
#: Among how many that fit the words the likeliest are chosen.
_CONSIDERED = 100
#: How many names are kept as they are compared.
_KEPT = 20_000
#: Of how many people of a name at most each is looked up.
_NAMED = 200
_OUTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_NUMBER = re.compile(r"(?:[A-Z]{2})?[0-9]{4,8}")


class Words(NamedTuple):
    """What was typed to name an organisation, and the id that a suggestion put beside it (may be stale or empty)."""

    id: str
    text: str


def pickable(user, role: str = "") -> OrganisationQuerySet:
    """The organisations that a user may pick: those that they see, but for archived ones; of one role if it is given."""
    seen = Organisation.objects.visible_to(user).exclude(status=Status.ARCHIVED)
    return {"employer": seen.employers(), "provider": seen.providers()}.get(role, seen)


def sought(words: str) -> index.Sought:
    """The words as organisations are looked for by them: those whose number or postcode begins so, whose names have words
    that begin so, and only where there are none of these, whose names have words that are spelt alike.
    """
    return index.Sought(OrganisationWord, words_of(bare_name(words)), also=_numbered_or_placed(words))


def matching(words: str, *, among: OrganisationQuerySet) -> OrganisationQuerySet:
    """Those that the words may mean, in any order; a few queries by index come before the one that the caller makes of it."""
    return sought(words).among(among)


def suggest(words: str, *, among: OrganisationQuerySet, size: int = SUGGESTED) -> list[Organisation]:
    """What a picker offers for the words so far, the `likeliest` first, with what tells them from their namesakes. A constant
    number of queries, whatever there is to find.
    """
    found = likeliest(words, among=among, size=size)
    rows = among.filter(pk__in=found).select_related("district").prefetch_related("identifiers") if found else []
    return sorted(rows, key=lambda row: found.index(row.pk))


def likeliest(
    words: str,
    *,
    among: OrganisationQuerySet,
    size: int,
    meant: index.Meant | None = None,
    begun: Iterable[tuple] | None = None,
) -> list[UUID]:
    """The ids of those that the words may mean, the likeliest first: a number or postcode, a name that begins so, then
    names with these words, or words spelt alike. Of each kind active ones come first, and likelier names.

    `meant`: what is `sought` by the words, and `begun`: those that are `begun_with` them, if that is known.
    """
    found: list[UUID] = []
    for candidates in _candidates(words, among, meant, begun):
        found += [pk for pk in _ranked(words, candidates) if pk not in found][: size - len(found)]
        if len(found) >= size:
            break
    return found


def _candidates(
    words: str, among: OrganisationQuerySet, meant: index.Meant | None, begun: Iterable[tuple] | None
) -> Iterator[Iterable[tuple]]:
    """Each is asked for only where those before are not enough."""
    for rows in (_of_number(words, among=among), _at_number_or_place(words, among=among)):
        if rows is not None:
            yield _considered(rows)
    if start := search_name(words):
        yield _considered(among.filter(search_name__begins=start)) if begun is None else begun
    yield _considered(matching(words, among=among) if meant is None else among.filter(meant.on("pk")))


def _considered(rows: OrganisationQuerySet) -> QuerySet:
    """The first rows, as plain values, for they are many."""
    return rows.order_by("search_name", "id").values_list("pk", "status", "name", "trading_names")[:_CONSIDERED]


def begun_with(words: str, *, reader: Any) -> Asked:
    """Those of all whom a reader sees whose names begin with the words, for `likeliest`."""
    return _BEGUN(reader, start=search_name(words))


_BEGUN = ReadersQuestion(
    lambda reader, start: _considered(Organisation.objects.visible_to(reader).filter(search_name__begins=start)),
    start=CharField(),
)


def _ranked(words: str, candidates: Iterable[tuple]) -> list[UUID]:
    """The ids of candidates: active ones and likelier names first."""
    typed = _compared(words)

    def rank(row: tuple[UUID, str, str, list[str]]) -> tuple[bool, float]:
        _, status, name, others = row
        likeness = max(fuzz.token_sort_ratio(typed, _compared(one)) for one in (name, *others))
        return status != Status.ACTIVE, -likeness

    return [pk for pk, *_ in sorted(candidates, key=rank)]


@lru_cache(maxsize=_KEPT)
def _compared(name: str) -> str:
    """As names are compared; while somebody types, they are the same names letter after letter."""
    return " ".join(telling_words(bare_name(name)))


def of_name(words: str) -> QuerySet:
    """The ids of the first people whose name has every part of the words: a name, never an address or a number."""
    return Contact.objects.filter(_of_name(words)).order_by().values_list("pk", flat=True)[: _NAMED + 1]


def people_named(words: str, *, reader: Any, few: QuerySet | None = None) -> QuerySet[Contact]:
    """Those whom the reader may see and whose name has every part of the words.

    Names are asked first (`few`: `of_name`, if it is known): hardly any words are one, and then it need not be asked who
    works with whom.
    """
    ids = list(of_name(words) if few is None else few)
    if not ids:
        return Contact.objects.none()
    return Contact.objects.visible_to(reader).filter(_of_name(words) if len(ids) > _NAMED else Q(pk__in=ids))


def _of_name(words: str) -> Q:
    return Q(*(Q(name__icontains=part) for part in words.split()))


def resolve(typed: Iterable[Words], *, among: OrganisationQuerySet) -> dict[Words, list[Organisation]]:
    """The organisations that some words may mean, for all words in a constant number of queries.

    An id counts only while the words beside it are still its organisation's name. Otherwise a number decides, and then
    the exact name (but for case, punctuation and company endings). One organisation: that is meant. Several: ask. None
    at all: unknown; likeness is never enough.
    """
    typed = set(typed)
    chosen = {str(row.pk): row for row in among.filter(pk__in=[w.id for w in typed if _is_id(w.id)])}
    numbered = _holders({number for words in typed for number in _numbers(words.text)}, among)
    named = _named({search_name(words.text) for words in typed}, among)
    return {words: _meant(words, chosen, numbered, named) for words in typed}


def _meant(words: Words, chosen: dict, numbered: dict, named: dict) -> list[Organisation]:
    picked = chosen.get(words.id)
    if picked and _folded(picked.name) == _folded(words.text):
        return [picked]
    held = {row.pk: row for number in _numbers(words.text) for row in numbered.get(number, ())}
    return list(held.values()) or named.get(search_name(words.text), [])


def _holders(numbers: set[str], among: QuerySet) -> dict[str, list[Organisation]]:
    """Who has these numbers; a merged organisation's go on to the one that stayed."""
    found = defaultdict(list)
    if numbers:
        rows = Identifier.objects.filter(scheme__in=Scheme.values, value__in=numbers).select_related("organisation")
        ids = {row.pk: row.organisation.merged_into_id or row.organisation_id for row in rows}
        allowed = {row.pk: row for row in among.filter(pk__in=set(ids.values())).prefetch_related("identifiers")}
        for row in rows:
            if ids[row.pk] in allowed:
                found[row.value].append(allowed[ids[row.pk]])
    return found


def _named(names: set[str], among: QuerySet) -> dict[str, list[Organisation]]:
    found = defaultdict(list)
    for row in among.filter(search_name__in=names - {""}).prefetch_related("identifiers").order_by("name", "id"):
        found[row.search_name].append(row)
    return found


def _numbers(text: str) -> list[str]:
    """How a number may be kept: as typed, and with the zeros that a company number begins with."""
    bare = re.sub(r"[\s./-]+", "", text.rpartition(":")[2]).upper()
    if not re.fullmatch(r"(?:[A-Z]{2})?[0-9]{1,10}", bare):
        return []
    letters, digits = (bare[:2], bare[2:]) if bare[:1].isalpha() else ("", bare)
    return list(dict.fromkeys([bare, letters + digits.zfill(8 - len(letters))]))


def _numbered_or_placed(words: str) -> QuerySet | None:
    """The ids of those whose number begins so, or that are at this postcode; None for words that are neither."""
    bare = re.sub(r"\s+", "", words).upper()
    if _NUMBER.fullmatch(bare):
        numbers = Identifier.objects.filter(scheme__in=Scheme.values)
        return numbers.filter(Q(value__begins=bare) | Q(value__in=_numbers(bare))).values_list(
            "organisation", flat=True
        )
    if postcode := tidy_postcode(words):
        return Organisation.objects.filter(postcode=postcode).values_list("pk", flat=True)
    if _OUTCODE.fullmatch(words.strip().upper()):
        return Organisation.objects.filter(postcode__begins=f"{words.strip().upper()} ").values_list("pk", flat=True)
    return None


def _of_number(words: str, *, among: OrganisationQuerySet) -> OrganisationQuerySet | None:
    numbers = _numbers(words)
    if not numbers:
        return None
    return among.filter(
        pk__in=Identifier.objects.filter(scheme__in=Scheme.values, value__in=numbers).values("organisation")
    )


def _at_number_or_place(words: str, *, among: OrganisationQuerySet) -> OrganisationQuerySet | None:
    ids = _numbered_or_placed(words)
    return None if ids is None else among.filter(pk__in=ids)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
