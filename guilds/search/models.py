"""The index: which words a record has, and how each word may be misspelt. Made from the records, so without a history."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Lookup
from django.db.models.lookups import In

from guilds.reading import Given
from guilds.search.words import LONGEST


@models.CharField.register_lookup
class Begins(Lookup):
    """`word__begins`: a beginning, by an index on every database (Django's own `startswith` scans on SQLite)."""

    lookup_name = "begins"
    prepare_rhs = True

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """As a span: from the beginning itself to all that goes on from it."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} >= %s AND {column} < %s", [*parameters, self.rhs, *parameters, self._made(_end_of)]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """PostgreSQL's index of patterns knows LIKE, whatever the database's language sorts by."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", [*parameters, self._made(_pattern_of)]

    def _made(self, through: Callable[[str], str]) -> Any:
        return self.rhs.made(through) if isinstance(self.rhs, Given) else through(str(self.rhs))


def _end_of(beginning: str) -> str:
    return f"{beginning}\U0010ffff"


def _pattern_of(beginning: str) -> str:
    plain = beginning.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"{plain}%"


@models.UUIDField.register_lookup
class AnyOf(In):
    """`pk__any_of=ids`: like `in`, but the ids are found first. PostgreSQL would sooner read a list in its own order to the
    end than look some thousand records up, for it can't know that none of the first ones is among them.
    """

    lookup_name = "any_of"

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """As an array, which is made once and before the rest."""
        column, parameters = self.process_lhs(compiler, connection)
        ids, more = self.process_rhs(compiler, connection)
        return f"{column} = ANY(ARRAY{ids})", [*parameters, *more]


class IndexedWord(models.Model):
    """A word that finds a record. A topic's own has `record`, a foreign key."""

    word = models.CharField(max_length=LONGEST)

    visible_to_reason = "words are never shown: they find records, which visible_to has narrowed before"

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["record", "word"], name="%(class)s_once")]
        indexes = [
            models.Index(
                fields=["word", "record"], name="%(class)s_find", opclasses=["varchar_pattern_ops", "uuid_ops"]
            )
        ]


class Spelling(models.Model):
    """A word of the index under one way of misspelling it (guilds.search.words.spellings)."""

    spelling = models.CharField(max_length=LONGEST)
    word = models.CharField(max_length=LONGEST)

    visible_to_reason = "a dictionary of single words, never shown"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["spelling", "word"], name="spelling_once")]
