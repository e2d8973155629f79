"""Finding organisations by what somebody types: a name, a number or a postcode."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When, prefetch_related_objects

from guilds.organisations.models import Identifier, Organisation, OrganisationQuerySet, Scheme, Status
from guilds.organisations.names import search_name
from guilds.reference.places import tidy_postcode

#: How many suggestions a picker shows.
SUGGESTED = 10
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


def suggest(words: str, *, among: OrganisationQuerySet, size: int = SUGGESTED) -> list[Organisation]:
    """What a picker offers for the words so far: numbers first, then names that begin so, then names that contain them.

    At most four queries, whatever there is to find; names and numbers by index, the last resort by a scan.
    """
    found: dict[UUID, Organisation] = {}
    for step in (_by_number, _by_postcode, _by_start, _by_words):
        if len(found) < size and (matching := step(words)) is not None:
            rest = among.filter(matching).exclude(pk__in=found).order_by(_active_first(), "search_name", "id")
            found.update((organisation.pk, organisation) for organisation in rest[: size - len(found)])
    return _with_numbers(found.values())


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


def _by_number(words: str) -> Q | None:
    bare = re.sub(r"\s+", "", words).upper()
    if not _NUMBER.fullmatch(bare):
        return None
    holders = Identifier.objects.filter(
        Q(value__startswith=bare) | Q(value__in=_numbers(bare)), scheme__in=Scheme.values
    )
    return Q(pk__in=holders.values("organisation"))


def _by_postcode(words: str) -> Q | None:
    if postcode := tidy_postcode(words):
        return Q(postcode=postcode)
    bare = words.strip().upper()
    return Q(postcode__startswith=f"{bare} ") if _OUTCODE.fullmatch(bare) else None


def _by_start(words: str) -> Q | None:
    start = search_name(words)
    return Q(search_name__startswith=start) if start else None


def _by_words(words: str) -> Q | None:
    """Each word somewhere in the name: "grammar dover" finds Dover Grammar School."""
    parts = [part for part in search_name(words).split() if len(part) > 1]
    return Q(*(Q(search_name__contains=part) for part in parts)) if parts else None


def _active_first() -> Case:
    return Case(When(status=Status.ACTIVE, then=Value(0)), default=Value(1), output_field=IntegerField())


def _with_numbers(found: Iterable[Organisation]) -> list[Organisation]:
    organisations = list(found)
    prefetch_related_objects(organisations, "identifiers", "district")
    return organisations


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
