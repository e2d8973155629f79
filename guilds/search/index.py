"""Keeping the index of words, and asking it. Both cost the same few queries for one record or word and for many."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Model, Q, QuerySet
from rapidfuzz.distance import OSA

from guilds.search.models import IndexedWord, Spelling
from guilds.search.words import all_spellings, spellings, words_of

_BATCH = 5000
_SLIPS = 2
#: So few are told to the database one by one. Of more than so many, a list's own order soon meets as many as it shows.
_FEW, _MANY = 200, 5000
Rows = TypeVar("Rows", bound=QuerySet)


@transaction.atomic
def keep(model: type[IndexedWord], words: Mapping[UUID, Iterable[str]], *, new: bool = False) -> None:
    """Have these records found by these words (record's id: words) and no others. `new`: they have none yet."""
    if not new:
        _rows(model).filter(record__in=list(words)).delete()
    pairs = [(_key(record), word) for record, own in words.items() for word in sorted(set(own))]
    _insert(model, ("record_id", "word"), pairs)
    _learn({word for _, word in pairs})


def forget_spellings(texts: Iterable[str]) -> None:
    """Forget how the words of these texts may be misspelt, unless a record still has them."""
    words = {word for text in texts for word in words_of(text)}
    for model in IndexedWord.__subclasses__():
        words -= set(_rows(model).filter(word__in=words).values_list("word", flat=True))
    Spelling.objects.filter(word__in=words).delete()


def fill(model: type[IndexedWord], rows: Iterable[tuple], words_for: Callable[..., set[str]]) -> None:
    """Make the index anew from (id, text, text, …) of every record, a batch at a time."""
    _rows(model).all().delete()
    for batch in batched(rows, _BATCH):
        keep(model, {pk: words_for(*texts) for pk, *texts in batch}, new=True)


def batched(rows: Iterable[tuple], size: int) -> Iterator[list[tuple]]:
    """The rows, so many at a time."""
    waiting = iter(rows)
    while batch := list(islice(waiting, size)):
        yield batch


def _rows(model: type[IndexedWord]) -> Any:
    """A topic's own model has `record`, which the base can't say."""
    return model._default_manager


def _learn(words: set[str]) -> None:
    """Know how words that are new to the index may be misspelt."""
    known: set[str] = set()
    asked = sorted(words)
    for start in range(0, len(asked), _BATCH):
        rows = Spelling.objects.filter(spelling__in=asked[start : start + _BATCH], word=F("spelling"))
        known.update(rows.values_list("word", flat=True))
    _insert(Spelling, ("spelling", "word"), sorted(all_spellings(words - known)))


def _insert(model: type[Model], columns: tuple[str, str], pairs: list[tuple[str, str]]) -> None:
    """What `bulk_create` would do, without an object for each of some hundred thousand pairs; what is there stays."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    kinds = [model._meta.get_field(column.removesuffix("_id")).db_type(connection) or "" for column in columns]
    for start in range(0, len(pairs), _BATCH):
        source, parameters = _source(pairs[start : start + _BATCH], kinds)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {quote(model._meta.db_table)} ({names}) {source} ON CONFLICT DO NOTHING",
                parameters,
            )


def _source(pairs: list[tuple[str, str]], kinds: list[str]) -> tuple[str, list]:
    """Pairs as SQL that can be inserted."""
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{kind.partition('(')[0]}[]" for kind in kinds)
        return f"SELECT * FROM unnest({arrays})", [list(column) for column in zip(*pairs, strict=True)]  # noqa: S608
    return "VALUES " + ", ".join(["(%s, %s)"] * len(pairs)), list(chain.from_iterable(pairs))


def _key(record: UUID) -> str:
    return str(record) if connection.features.has_native_uuid_field else record.hex


def matching(among: Rows, text: str, *, model: type[IndexedWord], also: QuerySet | None = None) -> Rows:
    """Those records that have every word of the text, each at least by its beginning; where there are none, those that
    have words spelt like them. `also`: ids that are meant whatever their words are, unless very many have the words.

    A few queries before the caller's own, and always as many.
    """
    words = words_of(text)
    exact = _narrowed(among, record_ids(model, words) if words else None, also)
    if exact is not None:
        return exact
    near = neighbours(words)
    alike = _narrowed(among, record_ids(model, words, near), None) if near else None
    return among.none() if alike is None else alike


def _narrowed(among: Rows, ids: QuerySet | None, also: QuerySet | None) -> Rows | None:
    """The records of these ids, None if there are none. How many there are is asked first: whether words are often, seldom
    or never together is more than a database can guess, and it would read a list in its own order to find none.
    """
    few = _first(ids)
    if len(few) > _FEW and ids is not None:
        many = ids[: _MANY + 1].count() > _MANY
        return among.filter(pk__in=ids) if many else among.filter(pk__any_of=ids)
    looked_up = among.filter(pk__in=few + _first(also))
    return looked_up if looked_up.exists() else None


@dataclass(frozen=True)
class Meant:
    """The ids of the records that some words mean: a few, or a query for them."""

    ids: list[UUID] | QuerySet
    #: So many that a row is sooner asked whether it is one of them than each of them is looked up.
    many: bool = False

    def on(self, column: str, *, each: bool = False) -> Q:
        """That one of them is named in this column (like `employer__id`). `each`: every row is looked at anyway."""
        lookup = "in" if each or self.many or isinstance(self.ids, list) else "any_of"
        return Q(**{f"{column}__{lookup}": self.ids})


def meant_by(text: str, *, model: type[IndexedWord], also: QuerySet | None = None) -> Meant:
    """What `matching` would find among all records, for rows that name one: the ids are not looked up among the records.

    A few queries before the caller's own.
    """
    words = words_of(text)
    exact = _meant(record_ids(model, words) if words else None, also)
    near = neighbours(words) if exact is None else {}
    alike = _meant(record_ids(model, words, near), None) if near else None
    return exact or alike or Meant([])


def _meant(ids: QuerySet | None, also: QuerySet | None) -> Meant | None:
    few = _first(ids)
    if len(few) > _FEW and ids is not None:
        return Meant(ids, many=ids[: _MANY + 1].count() > _MANY)
    few += _first(also)
    return Meant(few) if few else None


def _first(ids: QuerySet | None) -> list:
    return [] if ids is None else list(ids.order_by()[: _FEW + 1])


def record_ids(model: type[IndexedWord], words: Iterable[str], near: Mapping[str, set[str]] | None = None) -> QuerySet:
    """The ids of the records that have all of the words, or one of the near ones in a word's place. There are words."""
    ids = None
    for word in words:
        begins, alike = Q(word__begins=word), (near or {}).get(word)
        having = _rows(model).filter(begins | Q(word__in=sorted(alike)) if alike else begins)
        ids = (having if ids is None else having.filter(record__in=ids)).values_list("record", flat=True)
    assert ids is not None
    return ids


def neighbours(words: Iterable[str]) -> dict[str, set[str]]:
    """For each word the others of the index that are spelt like it; words that have none are left out. One query."""
    asked = {word: spellings(word) for word in words if len(spellings(word)) > 1}
    if not asked:
        return {}
    rows = Spelling.objects.filter(spelling__in=set().union(*asked.values())).values_list("spelling", "word")
    found: dict[str, set[str]] = {}
    for spelling, known in rows:
        for word, ways in asked.items():
            if spelling in ways and known != word and OSA.distance(word, known, score_cutoff=_SLIPS) <= _SLIPS:
                found.setdefault(word, set()).add(known)
    return found
