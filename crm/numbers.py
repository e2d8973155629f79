"""How many records several questions find, for pages that show many such numbers: one query for all of them."""

from collections.abc import Hashable, Mapping
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Name = TypeVar("Name", bound=Hashable)


class Numbers(Generic[Name]):
    """Several questions written out: how many rows (or distinct values) each has, counted up to `at_most`. The queries are
    already narrowed to what the reader may see.

    Each is written out by itself and all are asked side by side: as subqueries of a queryset they would be
    copied and renamed several times first, which takes longer than counting.
    """

    def __init__(self, questions: Mapping[Name, QuerySet], *, at_most: int) -> None:
        self._none = dict.fromkeys(questions, 0)
        asked: dict[Name, tuple[str, tuple[Any, ...]]] = {}
        for name, rows in questions.items():
            one_each = rows if rows.query.distinct else rows.order_by().values("pk")
            try:
                asked[name] = one_each[:at_most].query.sql_with_params()
            except EmptyResultSet:
                continue
        self._asked = list(asked)
        counts = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS counted)" for sql, _ in asked.values())  # noqa: S608 - querysets
        self._text = f"SELECT {counts}"
        self._values = [value for _, values in asked.values() for value in values]

    def counted(self) -> dict[Name, int]:
        """How many there are now, of each."""
        if not self._asked:
            return dict(self._none)
        with connection.cursor() as cursor:
            cursor.execute(self._text, self._values)
            return self._none | dict(zip(self._asked, cursor.fetchone(), strict=True))


def numbers_of(questions: Mapping[Name, QuerySet], *, at_most: int) -> dict[Name, int]:
    """The number of rows of each, for questions that are asked once."""
    return Numbers(questions, at_most=at_most).counted()
