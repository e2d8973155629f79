"""Tables that are there only while something is counted, and SQL about them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet


class Sql(NamedTuple):
    """A query, and the values in it."""

    text: str
    values: Sequence[Any] = ()


def sql_of(rows: QuerySet) -> Sql:
    """A queryset in the database's words."""
    return Sql(*rows.query.sql_with_params())


def do(text: str, values: Sequence[Any] = ()) -> None:
    """Tell the database to do something."""
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def rows_of(sql: Sql) -> Iterator[dict[str, Any]]:
    """What a query finds, asked at once: PostgreSQL reads for a server's cursor with one process only."""
    with connection.cursor() as cursor:
        cursor.execute(*sql)
        names = [column.name if hasattr(column, "name") else column[0] for column in cursor.description]
        for row in cursor.fetchall():
            yield dict(zip(names, row, strict=True))


def plan(*settings: str) -> None:
    """How PostgreSQL is to go about it until the transaction ends; SQLite has no such choice."""
    if connection.vendor == "postgresql":
        for setting in settings:
            do(f"SET LOCAL {setting}")


@contextmanager
def table(name: str, rows: Sql, *, shared: bool = False) -> Iterator[None]:
    """A table of our own with some rows, until it has been used. `shared`: PostgreSQL may read it with several processes."""
    kind = "UNLOGGED" if shared and connection.vendor == "postgresql" else "TEMPORARY"
    do(f"CREATE {kind} TABLE {name} AS {rows.text}", rows.values)
    do(f"ANALYZE {name}")
    yield
    do(f"DROP TABLE {name}")
