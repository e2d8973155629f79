"""Keeping the index of words, and asking it. Both cost the same few queries for one record or word and for many."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import chain, islice
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import CharField, F, Model, Q, QuerySet
from rapidfuzz.distance import OSA

from guilds.reading import Asked, Question
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


@dataclass
class Sought:
    """Words that are looked for in one index. `also`: ids that are meant whatever their words are, unless very many have
    the words. `near`: other words that may stand in the place of each.

    What is asked of the index first are `questions`: whoever has more to ask reads them together with the rest.
    """

    model: type[IndexedWord]
    words: tuple[str, ...]
    also: QuerySet | None = None
    near: Mapping[str, set[str]] = field(default_factory=dict)

    @property
    def questions(self) -> tuple[Asked | QuerySet, ...]:
        """Small ones, all by index."""
        return self._first, self._beyond, self._others

    def among(self, rows: Rows, *, many: bool = False) -> Rows:
        """Those that have every word, each at least by its beginning; where there are none, those that have words spelt like
        them. A few queries before the caller's own, and always as many. `many`: it is known that there are.
        """
        exact = self._narrowed(rows, many=many)
        if exact is not None:
            return exact
        alike = self._alike
        found = alike._narrowed(rows) if alike else None
        return rows.none() if found is None else found

    @cached_property
    def meant(self) -> "Meant":
        """What `among` would find of all records, for rows that name one: the ids are not looked up among the records."""
        return self._meant or (self._alike and self._alike._meant) or Meant([])

    @cached_property
    def _ids(self) -> QuerySet:
        ids = record_ids(self.model, self.words, self.near) if self.words else _rows(self.model).none()
        return ids.order_by().values_list("record", flat=True)

    @cached_property
    def _first(self) -> Asked | QuerySet:
        return self._slice(0, _FEW + 1)

    @cached_property
    def _beyond(self) -> Asked | QuerySet:
        """The one that makes them many."""
        return self._slice(_MANY, _MANY + 1)

    def _slice(self, start: int, end: int) -> Asked | QuerySet:
        if self.near or not self.words:
            return self._ids.values_list("record")[start:end]
        question = _question(self.model, len(self.words), start, end)
        return question(**{f"word_{place}": word for place, word in enumerate(self.words)})

    @cached_property
    def _others(self) -> QuerySet:
        return _rows(self.model).none() if self.also is None else self.also.order_by()[: _FEW + 1]

    @cached_property
    def _alike(self) -> "Sought | None":
        near = {} if self.near else neighbours(self.words)
        return Sought(self.model, self.words, near=near) if near else None

    def _narrowed(self, rows: Rows, *, many: bool = False) -> Rows | None:
        """The records of these ids, None if there are none. How many there are is asked first: whether words are often, seldom
        or never together is more than a database can guess, and it would read a list in its own order to find none.
        """
        if len(self._first) > _FEW:
            return rows.filter(pk__in=self._ids) if many or self._beyond else rows.filter(pk__any_of=self._ids)
        looked_up = rows.filter(pk__in=self._few)
        return looked_up if looked_up.exists() else None

    @property
    def _meant(self) -> "Meant | None":
        if len(self._first) > _FEW:
            return Meant(self._ids, many=bool(self._beyond))
        return Meant(self._few) if self._few else None

    @property
    def _few(self) -> list[UUID]:
        return [*(pk for (pk,) in self._first), *self._others]


@cache
def _question(model: type[IndexedWord], many: int, start: int, end: int) -> Question:
    """The question after some of the records that have so many words."""
    return Question(
        lambda **words: record_ids(model, words.values()).order_by().values_list("record")[start:end],
        **{f"word_{place}": CharField() for place in range(many)},
    )


@dataclass(frozen=True)
class Meant:
    """The ids of the records that some words mean: a few, or a query for them."""

    ids: list[UUID] | QuerySet
    #: So many that a row is sooner asked whether it is one of them than each of them is looked up.
    many: bool = False

    def if_rows_are(self, *, many: bool) -> "Meant":
        """The same where it is known that many rows name one of them: a list's own order soon meets as many as it shows."""
        return replace(self, many=True) if many else self

    def on(self, column: str, *, each: bool = False) -> Q:
        """That one of them is named in this column (like `employer__id`). `each`: every row is looked at anyway."""
        lookup = "in" if each or self.many or isinstance(self.ids, list) else "any_of"
        return Q(**{f"{column}__{lookup}": self.ids})


def record_ids(model: type[IndexedWord], words: Iterable[str], near: Mapping[str, set[str]] | None = None) -> QuerySet:
    """The ids of the records that have all of the words, or one of the near ones in a word's place. There are words."""
    ids = None
    for word in words:
        begins, alike = Q(word__begins=word), near.get(word) if near else None
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
