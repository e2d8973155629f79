"""Counting all engagements in one go: the database adds up by itself what a turn of a few slices adds up in Python.

The figures are those of tally.py; only the adding is done elsewhere. Two looks at each of the large tables, however many
engagements there are: one for what was counted, one for who was there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection
from django.db.models import Max, Min, Q

from guilds.engagement.models import Engagement
from guilds.impact import numbered
from guilds.impact.counting import kept_cells, of_family, write_cells
from guilds.impact.distinct import Gathered
from guilds.impact.models import Presence
from guilds.impact.months import MONTHS_IN_A_WORD, MonthsFrom, TakenMonths, months_between, words_for
from guilds.impact.slices import ENGAGEMENTS
from guilds.impact.tally import added_up
from guilds.impact.working_tables import Sql, do, plan, sql_of, table
from guilds.reference.calendars import add_months, first_of_month

_TRUE, _KEPT, _MONTHS = "presence_true", "presence_kept", "presence_months"
_WHERE = ("guild", "district", "measure", "kind", "organisation_id")
_PRESENCE = ("month", *_WHERE)


@contextmanager
def engagements_counted() -> Iterator[Gathered | None]:
    """Bring cells and presence of all engagements in line with the records, in the caller's transaction.

    Gives the presence in a table that is there in this block, None if there is none.
    """
    # Until the transaction ends: sum in memory what would go through files; compiling costs more than it saves. Sorting
    # millions of rows takes twice as long as summing them in a hash table; and several processes read what is read for it.
    plan("work_mem = '64MB'", "jit = off")
    plan("enable_sort = off", "parallel_tuple_cost = 0", "parallel_setup_cost = 0")
    months = _months_there_are()
    if not months:
        write_cells(kept_cells(ENGAGEMENTS, Q()), {})
        yield None
        return
    with numbered.numbered(months) as numbers:
        write_cells(kept_cells(ENGAGEMENTS, Q()), added_up(numbered.parts(numbers)))
        true = numbered.there(numbers)
        with table(_TRUE, true):
            with table(_KEPT, _kept(months)):
                _write_presence(months)
            yield Gathered(_TRUE, months[0], len(words_for(months)))
    plan("enable_sort = on")


def _months_there_are() -> list[date]:
    """From the first month of a delivered engagement or of presence to the last."""
    held = Engagement.objects.delivered().aggregate(first=Min("starts_on"), last=Max("starts_on"))
    kept = Presence.objects.aggregate(first=Min("month"), last=Max("month"))
    ends = [first_of_month(day) for found in (held, kept) for day in found.values() if day]
    return [add_months(min(ends), at) for at in range(months_between(min(ends), max(ends)) + 1)] if ends else []


def _columns(months: list[date]) -> str:
    return ", ".join((*_WHERE, *(f"w{word}" for word in words_for(months))))


def _kept(months: list[date]) -> Sql:
    """The presence that is kept, in the same form."""
    at = MonthsFrom("month", months[0])
    rows = Presence.objects.filter(of_family(ENGAGEMENTS)).order_by().values(*_WHERE)
    return sql_of(rows.annotate(**{f"w{word}": TakenMonths(at, word) for word in words_for(months)}))


def _write_presence(months: list[date]) -> None:
    """Add what is missing, and take away what should not be there. Only where bits differ are they taken apart."""
    name, columns, bits = Presence._meta.db_table, ", ".join(_PRESENCE), f"SELECT {_columns(months)} FROM"
    with (
        table("presence_more", Sql(f"{bits} {_TRUE} EXCEPT {bits} {_KEPT}")),
        table("presence_less", Sql(f"{bits} {_KEPT} EXCEPT {bits} {_TRUE}")),
        table(_MONTHS, Sql(" UNION ALL ".join(_month(months, at) for at in range(len(months))))),
    ):
        more, less = (_apart(rows, months) for rows in ("presence_more", "presence_less"))
        do(f"INSERT INTO {name} ({columns}) {more} EXCEPT {less}")
        same = " AND ".join(f"{name}.{column} = gone.{column}" for column in _PRESENCE)
        do(f"DELETE FROM {name} WHERE EXISTS (SELECT 1 FROM ({less} EXCEPT {more}) gone WHERE {same})")  # noqa: S608


def _month(months: list[date], at: int) -> str:
    """A month with its bit, in its own word."""
    day = "CAST('{}' AS date)" if connection.vendor == "postgresql" else "'{}'"
    own, bit = divmod(at, MONTHS_IN_A_WORD)
    words = ", ".join(f"{1 << bit if word == own else 0} AS b{word}" for word in words_for(months))
    return f"SELECT {day.format(months[at])} AS month, {words}"


def _apart(rows: str, months: list[date]) -> str:
    """Rows of presence of rows with bits."""
    has = " OR ".join(f"(w{word} & b{word}) <> 0" for word in words_for(months))
    return f"SELECT {', '.join(_PRESENCE)} FROM {rows} JOIN {_MONTHS} ON {has}"  # noqa: S608 - names of our own only
