"""How many records several questions find, for pages that show many such numbers: one query for all of them."""

from collections.abc import Hashable, Mapping
from typing import Any, TypeVar

from django.db.models import IntegerField, QuerySet, Subquery

from guilds.access.models import User

Name = TypeVar("Name", bound=Hashable)


class _NumberOf(Subquery):
    """How many rows a query has, as a value of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


def numbers_of(questions: Mapping[Name, QuerySet], *, at_most: int, reader: User) -> dict[Name, int]:
    """The number of rows of each, counted up to `at_most`. The queries are already narrowed to what the reader may see."""
    if not questions:
        return {}
    each: list[Any] = [_NumberOf(rows.order_by()[:at_most].values("pk")) for rows in questions.values()]
    row = User.objects.filter(pk=reader.pk).order_by().values_list(*each)
    return dict(zip(questions, row.get(), strict=True))
