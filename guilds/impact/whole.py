"""Counting all engagements in one go: the database adds up by itself what a turn of a few slices adds up in Python.

The rows are those of tally.py, and so is what becomes of each; only the adding is done elsewhere. One look at each of the
large tables, however many engagements there are.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from guilds.impact import tally
from guilds.impact.counting import kept_cells, of_family, write_cells
from guilds.impact.models import Presence
from guilds.impact.slices import ENGAGEMENTS, as_day
from guilds.impact.tally import Part, added_up

_CAME, _BROUGHT, _THERE = "counted_came", "counted_brought", "counted_there"
_CELL = ("m", "lead", "place", "sort")
_PRESENCE = ("month", "guild", "district", "measure", "kind", "organisation_id")
_ROWS_AT_ONCE = 5_000


def count_engagements() -> None:
    """Bring cells and presence of all engagements in line with the records, in the caller's transaction."""
    # Until the transaction ends: sum in memory what would go through files; compiling costs more than it saves.
    _plan("work_mem = '256MB'", "jit = off")
    # Sorting millions of rows by their texts takes twice as long as summing them in a hash table; and what is read for it
    # is read by several processes.
    _plan("enable_sort = off", "parallel_tuple_cost = 0", "parallel_setup_cost = 0")
    with _gathered(_CAME, *_sql(tally.came())), _gathered(_BROUGHT, *_sql(tally.brought())):
        write_cells(kept_cells(ENGAGEMENTS, Q()), added_up(_parts()))
        with _gathered(_THERE, " UNION ".join(_presence_in(name) for name in (_CAME, _BROUGHT))):
            _write_presence()
    _plan("enable_sort = on")


def _plan(*settings: str) -> None:
    """How PostgreSQL is to go about it; SQLite has no such choice."""
    if connection.vendor == "postgresql":
        for setting in settings:
            _do(f"SET LOCAL {setting}")


@contextmanager
def _gathered(name: str, sql: str, values: Sequence[Any] = ()) -> Iterator[None]:
    """A table of our own with some rows, until it has been used."""
    _do(f"CREATE TEMPORARY TABLE {name} AS {sql}", values)
    _do(f"ANALYZE {name}")
    yield
    _do(f"DROP TABLE {name}")


def _parts() -> Iterator[Part]:
    for row in tally.held():
        yield from tally.of_held(row)
    yield from _summed(_CAME, (*tally.CAME, "confirmed"), tally.CAME, tally.of_came)
    yield from _summed(_BROUGHT, tally.BROUGHT, tally.BROUGHT, tally.of_brought)


def _summed(
    table: str, sums: tuple[str, ...], unknown: tuple[str, ...], cells_of: Callable[[dict[str, Any]], Iterator[Part]]
) -> Iterator[Part]:
    columns = [*(f"sum_{field}" for field in sums), *(f"no_{field}" for field in unknown)]
    key = ", ".join(_CELL)
    totals = ", ".join(f"SUM({column})" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, {totals} FROM {table} GROUP BY {key}")  # noqa: S608 - names of our own only
        while found := cursor.fetchmany(_ROWS_AT_ONCE):
            for month, *rest in found:
                yield from cells_of(dict(zip((*_CELL, *columns), (as_day(month), *rest), strict=True)))


def _presence_in(name: str) -> str:
    return f"SELECT m, lead, home, measure, sort, who FROM {name}"  # noqa: S608 - names of our own only


def _write_presence() -> None:
    """Add what is missing; and where there is more then than there should be, take away what should not be there."""
    rows = Presence.objects.filter(of_family(ENGAGEMENTS)).order_by()
    kept, values = _sql(rows.values(*_PRESENCE))
    table, columns, truth = Presence._meta.db_table, ", ".join(_PRESENCE), f"SELECT * FROM {_THERE}"  # noqa: S608
    _do(f"INSERT INTO {table} ({columns}) {truth} EXCEPT {kept}", values)
    if rows.count() > _do(f"SELECT COUNT(*) FROM {_THERE}"):  # noqa: S608
        surplus = " AND ".join(f"{table}.{column} = gone.{column}" for column in _PRESENCE)
        _do(
            f"WITH gone AS ({kept} EXCEPT {truth}) "  # noqa: S608
            f"DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM gone WHERE {surplus})",
            values,
        )


def _sql(rows: QuerySet) -> tuple[str, Sequence[Any]]:
    return rows.query.sql_with_params()


def _do(sql: str, values: Sequence[Any] = ()) -> int:
    """Run a statement; gives the number that it answers, if it does."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0] if cursor.description else 0
