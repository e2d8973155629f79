"""Months as the database counts them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Aggregate, BigIntegerField, DateField, Expression, Func, IntegerField, Value

#: So many months are kept as the bits of one whole number, a word: as many as a signed one of 64 bits has.
MONTHS_IN_A_WORD = 63


class Month(Func):
    """The first day of a day's month, computed by the database itself."""

    output_field = DateField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="date(%(expressions)s, 'start of month')", **context)

    def as_postgresql(self, compiler, connection, **context):
        # As a day at noon nowhere: the time zone need not be looked up for each of millions.
        return self.as_sql(
            compiler, connection, template="date_trunc('month', (%(expressions)s)::timestamp)::date", **context
        )


class MonthsFrom(Func):
    """How many months there are from a first day of a month to a later one: from the days between them, which is quicker
    than taking both apart, and for a century and a half exact.
    """

    output_field = IntegerField()
    arg_joiner = " - "

    def __init__(self, month: str | Expression, first: date) -> None:
        super().__init__(month, Value(first, output_field=DateField()))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        days = self.copy()
        days.set_source_expressions([Func(day, function="julianday") for day in self.get_source_expressions()])
        template = "(CAST((%(expressions)s) * 100 + 1522 AS INTEGER) / 3044)"
        return days.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(((%(expressions)s) * 100 + 1522) / 3044)", **context)


class TakenMonths(Aggregate):
    """Which of the months of a word the rows are of, as its bits; of `at`, the number that MonthsFrom gives."""

    output_field = BigIntegerField()

    def __init__(self, at: Expression, word: int) -> None:
        super().__init__(at)
        self.word = word

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> tuple[str, tuple]:
        at, values = compiler.compile(self.get_source_expressions()[0])
        return taken(at, self.word), (*values, *values)  # what it is of is said twice


def taken(at: str, word: int) -> str:
    """SQL for the months of a word that rows are of, of a number of months from the first."""
    gather, one = ("BIT_OR({})", "1::bigint") if connection.vendor == "postgresql" else ("SUM(DISTINCT {})", "1")
    bit = f"CASE WHEN {at} / {MONTHS_IN_A_WORD} = {word} THEN {one} << ({at} %% {MONTHS_IN_A_WORD}) ELSE 0 END"
    return gather.format(bit)


def words_for(months: Sequence[date]) -> range:
    """The words that so many months need."""
    return range(1 + (len(months) - 1) // MONTHS_IN_A_WORD)


def months_between(first: date, later: date) -> int:
    """How many months there are from one first day of a month to a later one."""
    return (later.year - first.year) * 12 + later.month - first.month
