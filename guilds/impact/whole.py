"""Counting all engagements in one go: the database adds up by itself what a turn of a few slices adds up in Python.

The rows are those of tally.py, and so is what becomes of each; only the adding is done elsewhere. Two looks at each of the
large tables, however many engagements there are: one for what was counted, one for who was there.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Max, Min, Q, QuerySet

from guilds.engagement.models import Engagement
from guilds.impact import tally
from guilds.impact.counting import kept_cells, of_family, write_cells
from guilds.impact.distinct import Gathered
from guilds.impact.models import Presence
from guilds.impact.months import MONTHS_IN_A_WORD, Month, MonthsFrom, TakenMonths, months_between
from guilds.impact.slices import ENGAGEMENTS
from guilds.impact.tally import Part, added_up
from guilds.organisations.models import Organisation
from guilds.reference.calendars import add_months, first_of_month

_TRUE, _KEPT, _MONTHS = "presence_true", "presence_kept", "presence_months"
_WHERE = ("guild", "district", "measure", "kind", "organisation_id")
_PRESENCE = ("month", *_WHERE)


@contextmanager
def engagements_counted() -> Iterator[Gathered | None]:
    """Bring cells and presence of all engagements in line with the records, in the caller's transaction.

    Gives the presence in a table that is there in this block, None if there is none.
    """
    # Until the transaction ends: sum in memory what would go through files; compiling costs more than it saves.
    _plan("work_mem = '256MB'", "jit = off")
    # Sorting millions of rows by their texts takes twice as long as summing them in a hash table; and what is read for it
    # is read by several processes.
    _plan("enable_sort = off", "parallel_tuple_cost = 0", "parallel_setup_cost = 0")
    write_cells(kept_cells(ENGAGEMENTS, Q()), added_up(_parts()))
    months = _months_there_are()
    with _table(_TRUE, *_true(months)) if months else nullcontext():
        if months:
            with _table(_KEPT, *_kept(months)):
                _write_presence(months)
        yield Gathered(_TRUE, months[0], len(_words(months))) if months else None
    _plan("enable_sort = on")


def _plan(*settings: str) -> None:
    """How PostgreSQL is to go about it; SQLite has no such choice."""
    if connection.vendor == "postgresql":
        for setting in settings:
            _do(f"SET LOCAL {setting}")


@contextmanager
def _table(name: str, sql: str, values: Sequence[Any] = ()) -> Iterator[None]:
    """A table of our own with some rows, until it has been used."""
    _do(f"CREATE TEMPORARY TABLE {name} AS {sql}", values)
    _do(f"ANALYZE {name}")
    yield
    _do(f"DROP TABLE {name}")


def _parts() -> Iterator[Part]:
    for rows, cells_of in (
        (tally.held(), tally.of_held),
        (tally.came(), tally.of_came),
        (tally.brought(), tally.of_brought),
    ):
        for row in rows:  # at once: PostgreSQL reads for a cursor with one process only
            yield from cells_of(row)


def _months_there_are() -> list[date]:
    """From the first month of a delivered engagement or of presence to the last."""
    held = Engagement.objects.delivered().aggregate(first=Min("starts_on"), last=Max("starts_on"))
    kept = Presence.objects.aggregate(first=Min("month"), last=Max("month"))
    ends = [first_of_month(day) for found in (held, kept) for day in found.values() if day]
    return [add_months(min(ends), at) for at in range(months_between(min(ends), max(ends)) + 1)] if ends else []


def _words(months: list[date]) -> range:
    return range(1 + (len(months) - 1) // MONTHS_IN_A_WORD)


def _columns(months: list[date]) -> str:
    return ", ".join((*_WHERE, *(f"w{word}" for word in _words(months))))


def _with_months(rows: QuerySet, day: str | Month, months: list[date]) -> QuerySet:
    """In which months rows that are alike are, as bits."""
    at = MonthsFrom(day, months[0])
    return rows.annotate(**{f"w{word}": TakenMonths(at, word) for word in _words(months)})


def _true(months: list[date]) -> tuple[str, list[Any]]:
    """Who was at engagements of which guild and kind. Where an organisation belongs is looked up once for all of its rows."""
    parts, values = [], []
    for rows, role in ((tally.delivered_attendances(), "provider"), (tally.delivered_participations(), "employer")):
        led, known = tally.or_empty("engagement__guild"), Organisation.objects.order_by()
        alike = rows.order_by().values("engagement__kind", role, led=led)
        there, some = _sql(_with_months(alike, Month("engagement__starts_on"), months))
        homes, more = _sql(tally.present(known, role, themselves=True).values("who", "home", "measure"))
        said = "led AS guild, home AS district, measure, engagement__kind AS kind, who AS organisation_id"
        words = ", ".join(f"w{word}" for word in _words(months))
        parts.append(f"SELECT {said}, {words} FROM ({there}) AS there JOIN ({homes}) AS homes ON who = {role}")  # noqa: S608
        values += [*some, *more]
    return " UNION ALL ".join(parts), values


def _kept(months: list[date]) -> tuple[str, Sequence[Any]]:
    """The presence that is kept, in the same form."""
    rows = Presence.objects.filter(of_family(ENGAGEMENTS)).order_by()
    return _sql(_with_months(rows.values(*_WHERE), "month", months))


def _write_presence(months: list[date]) -> None:
    """Add what is missing, and take away what should not be there. Only where bits differ are they taken apart."""
    table, columns, bits = Presence._meta.db_table, ", ".join(_PRESENCE), f"SELECT {_columns(months)} FROM"
    with (
        _table("presence_more", f"{bits} {_TRUE} EXCEPT {bits} {_KEPT}"),
        _table("presence_less", f"{bits} {_KEPT} EXCEPT {bits} {_TRUE}"),
        _table(_MONTHS, " UNION ALL ".join(_month(months, at) for at in range(len(months)))),
    ):
        more, less = (_apart(name, months) for name in ("presence_more", "presence_less"))
        _do(f"INSERT INTO {table} ({columns}) {more} EXCEPT {less}")
        same = " AND ".join(f"{table}.{column} = gone.{column}" for column in _PRESENCE)
        _do(f"DELETE FROM {table} WHERE EXISTS (SELECT 1 FROM ({less} EXCEPT {more}) gone WHERE {same})")  # noqa: S608


def _month(months: list[date], at: int) -> str:
    """A month with its bit, in its own word."""
    day = "CAST('{}' AS date)" if connection.vendor == "postgresql" else "'{}'"
    own, bit = divmod(at, MONTHS_IN_A_WORD)
    words = ", ".join(f"{1 << bit if word == own else 0} AS b{word}" for word in _words(months))
    return f"SELECT {day.format(months[at])} AS month, {words}"


def _apart(table: str, months: list[date]) -> str:
    """Rows of presence of rows with bits."""
    has = " OR ".join(f"(w{word} & b{word}) <> 0" for word in _words(months))
    return f"SELECT {', '.join(_PRESENCE)} FROM {table} JOIN {_MONTHS} ON {has}"  # noqa: S608 - names of our own only


def _sql(rows: QuerySet) -> tuple[str, Sequence[Any]]:
    return rows.query.sql_with_params()


def _do(sql: str, values: Sequence[Any] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
