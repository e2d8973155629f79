"""How many records several questions find, for pages that show many such numbers: one query for all of them."""

from collections.abc import Hashable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Name = TypeVar("Name", bound=Hashable)


def numbers_of(questions: Mapping[Name, QuerySet], *, at_most: int) -> dict[Name, int]:
    """The number of rows (or distinct values) of each, counted up to `at_most`. The queries are already narrowed to what the
    reader may see.

    Each is written out by itself and all are asked side by side: as subqueries of a queryset they would be
    copied and renamed several times first, which takes longer than counting.
    """
    numbers = dict.fromkeys(questions, 0)
    asked: dict[Name, tuple[str, tuple[Any, ...]]] = {}
    for name, rows in questions.items():
        try:
            asked[name] = (rows if rows.query.distinct else rows.order_by().values("pk"))[
                :at_most
            ].query.sql_with_params()
        except EmptyResultSet:
            continue
    if not asked:
        return numbers
    counts = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS counted)" for sql, _ in asked.values())  # noqa: S608 - querysets
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [value for _, values in asked.values() for value in values])
        return numbers | dict(zip(asked, cursor.fetchone(), strict=True))
