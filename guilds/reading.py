"""Reading several things by one way to the database and back."""

from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler


class _Written(NamedTuple):
    """A queryset's question as SQL, and what reads the answer."""

    rows: QuerySet
    compiler: SQLCompiler
    sql: str
    values: tuple[Any, ...]


def read_at_once(*asked: QuerySet) -> None:
    """Have these querysets read, all of them from one database; one that was read already is not asked again.

    A page asks for a dozen small things that are found by index: the way to the database and back takes several times
    as long as finding them, and is gone once here. To SQLite there is no way: it is asked one after the other.
    """
    waiting = [rows for rows in dict.fromkeys(asked) if rows._result_cache is None]
    if waiting and connections[waiting[0].db].vendor == "postgresql":
        _ask([written for rows in waiting if (written := _write(rows))])
    for rows in waiting:
        len(rows)


def _write(rows: QuerySet) -> _Written | None:
    """None for a question that nothing can fit."""
    compiler = rows.query.get_compiler(rows.db)
    try:
        return _Written(rows, compiler, *compiler.as_sql())
    except EmptyResultSet:
        return None


def _ask(questions: list[_Written]) -> None:
    if not questions:
        return
    text = ";\n".join(question.sql for question in questions)
    with questions[0].compiler.connection.cursor() as cursor:
        cursor.execute(text, [value for question in questions for value in question.values])
        answers = [cursor.fetchall(), *(cursor.fetchall() for _ in questions[1:] if cursor.nextset())]
    for question, answer in zip(questions, answers, strict=True):
        _take(question, answer)


def _take(question: _Written, answer: list[tuple]) -> None:
    """Let a queryset make of its answer what it would have made, had it asked alone."""
    rows, compiler = question.rows, question.compiler
    seen = compiler.col_count if compiler.has_extra_select else None
    compiler.execute_sql = lambda *_, **__: [[row[:seen] for row in answer]]  # type: ignore[assignment, method-assign]
    rows.query.get_compiler = lambda *_, **__: compiler  # type: ignore[assignment, method-assign]
    try:
        len(rows)
    finally:
        # Only this once: what is narrowed further from here asks anew.
        del rows.query.get_compiler
