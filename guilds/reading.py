"""Reading several things by one way to the database and back, and asking what has been put into words before."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler


class Given(Expression):
    """Stands in a question for what is only known when it is asked. `through`: what is made of it before it is asked."""

    def __init__(self, name: str, field: Field, through: Callable[[Any], Any] | None = None) -> None:
        super().__init__(output_field=field)
        self.name, self.through = name, through

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A place for the value, and among the values this itself."""
        return "%s", (self,)

    def made(self, through: Callable[[Any], Any]) -> "Given":
        """The same, with something made of it."""
        return Given(self.name, self.output_field, through)

    def value_in(self, values: dict[str, Any]) -> Any:
        """What it is, as the database takes it."""
        value = self.output_field.get_db_prep_value(values[self.name], connection)
        return self.through(value) if self.through else value


class _Wording(NamedTuple):
    """A question in the words of one kind of database; without words if nothing can fit it."""

    rows: QuerySet
    sql: str = ""
    values: tuple[Any, ...] = ()
    converters: dict | None = None


class Question:
    """A question that is asked again and again with other values: it is put into words once, which takes several times as long
    as asking it.

    `put` makes a `values_list` of what is `given`: values by name, of these fields. All that its words depend on must be
    among them: no reader, no day but a given one.
    """

    def __init__(self, put: Callable[..., QuerySet], **given: Field) -> None:
        self._put, self._given = put, given
        self._wordings: dict[str, _Wording] = {}

    def __call__(self, **values: Any) -> "Asked":
        """The question about these, for `read_at_once`."""
        return Asked(self, values)

    def worded(self) -> _Wording:
        """In the words of the database that is asked."""
        if connection.vendor not in self._wordings:
            rows = self._put(**{name: Given(name, field) for name, field in self._given.items()})
            self._wordings[connection.vendor] = _word(rows)
        return self._wordings[connection.vendor]


def _word(rows: QuerySet) -> _Wording:
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, values = compiler.as_sql()
    except EmptyResultSet:
        return _Wording(rows)
    return _Wording(rows, sql, tuple(values), compiler.get_converters([column for column, *_ in compiler.select]))


class Asked:
    """A question about something, and its answer's rows: tuples, as of a `values_list`. Asked when they are needed, unless they
    have been read before.
    """

    def __init__(self, question: Question, values: dict[str, Any]) -> None:
        self.question, self.values = question, values
        self._rows: list[tuple] = []
        self.is_read = False

    def __iter__(self) -> Iterator[tuple]:
        read_at_once(self)
        return iter(self._rows)

    def __len__(self) -> int:
        read_at_once(self)
        return len(self._rows)

    def written(self) -> "_Written | None":
        """With its values in their places; None where nothing can fit."""
        wording = self.question.worded()
        if not wording.sql:
            self.is_read = True
            return None
        values = [one.value_in(self.values) if isinstance(one, Given) else one for one in wording.values]
        return _Written(connection, wording.sql, values, self._take)

    def _take(self, answer: list[tuple]) -> None:
        wording = self.question.worded()
        if wording.converters:
            compiler = wording.rows.query.get_compiler(connection=connection)
            answer = [tuple(row) for row in compiler.apply_converters(answer, wording.converters)]
        self._rows, self.is_read = answer, True


class _Written(NamedTuple):
    """A question as a database is asked it, and who takes the answer."""

    connection: Any
    sql: str
    values: list[Any]
    take: Callable[[list[tuple]], None]


def read_at_once(*asked: QuerySet | Asked) -> None:
    """Have all of these read, from one database; what was read already is not asked again.

    A page asks for a dozen small things that are found by index: the way to the database and back takes several times
    as long as finding them, and is gone once here. To SQLite there is no way: it is asked one after the other.
    """
    waiting = [one for one in dict.fromkeys(asked) if not _is_read(one)]
    questions = [written for one in waiting if (written := _written(one))]
    for batch in [questions] if questions and _takes_several(questions[0].connection) else [[one] for one in questions]:
        _ask(batch)
    for one in waiting:
        if isinstance(one, QuerySet):
            len(one)


def _takes_several(connection: Any) -> bool:
    """Whether several questions may be one text: PostgreSQL takes them unless it is sent values beside the text."""
    beside = connection.settings_dict["OPTIONS"].get("server_side_binding", False)
    return connection.vendor == "postgresql" and not beside


def _is_read(one: QuerySet | Asked) -> bool:
    return one.is_read if isinstance(one, Asked) else one._result_cache is not None


def _written(one: QuerySet | Asked) -> _Written | None:
    """None for what nothing can fit."""
    if isinstance(one, Asked):
        return one.written()
    compiler = one.query.get_compiler(one.db)
    try:
        sql, values = compiler.as_sql()
    except EmptyResultSet:
        return None
    return _Written(compiler.connection, sql, list(values), lambda answer: _take(one, compiler, answer))


def _ask(questions: list[_Written]) -> None:
    with questions[0].connection.cursor() as cursor:
        text = ";\n".join(question.sql for question in questions)
        cursor.execute(text, [value for question in questions for value in question.values])
        answers = [cursor.fetchall(), *(cursor.fetchall() for _ in questions[1:] if cursor.nextset())]
    for question, answer in zip(questions, answers, strict=True):
        question.take(answer)


def _take(rows: QuerySet, compiler: SQLCompiler, answer: list[tuple]) -> None:
    """Let a queryset make of its answer what it would have made, had it asked alone."""
    seen = compiler.col_count if compiler.has_extra_select else None
    compiler.execute_sql = lambda *_, **__: [[row[:seen] for row in answer]]  # type: ignore[assignment, method-assign]
    rows.query.get_compiler = lambda *_, **__: compiler  # type: ignore[assignment, method-assign]
    try:
        len(rows)
    finally:
        # Only this once: what is narrowed further from here asks anew.
        del rows.query.get_compiler
