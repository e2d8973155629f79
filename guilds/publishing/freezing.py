"""What the database itself refuses: to change or remove a figure that is published, or anything said of it.

Triggers, because a rule in the program would bind the program alone. Emptying a whole database on purpose is no change of
a publication: `manage.py flush` thaws it first and freezes it again (PostgreSQL empties tables without asking triggers).
A migration that makes one of these tables anew on SQLite has to freeze again: a test holds that the triggers are there.
"""

from typing import Any

_WORDS = "What is published is never changed: revise it"
#: Of a publication, all but its status, its sign-off and whether the public may read it.
_FROZEN = ("id", "period", "guild_id", "district_id", "edition", "reason", "methodology_version", "published_at", "as_of",
           "author_id", "created_at")  # fmt: skip
_PARTS = ("guilds_publishedfigure", "guilds_publishedrows")
_TABLE = "guilds_publication"
#: What a published version may become.
_MOVES = "(OLD.status = 'provisional' AND NEW.status IN ('final', 'revised')) OR " \
         "(OLD.status = 'final' AND NEW.status = 'revised')"  # fmt: skip


def freeze(connection: Any) -> None:
    """Put the triggers in place; those that are there are made anew."""
    thaw(connection)
    run(connection, _ON_SQLITE if connection.vendor == "sqlite" else _ON_POSTGRESQL)


def thaw(connection: Any) -> None:
    """Take the triggers away: to empty a database, or to take a migration back."""
    names = [(name, table) for table in (_TABLE, *_PARTS) for name in _names(table)]
    if connection.vendor == "sqlite":
        run(connection, [f"DROP TRIGGER IF EXISTS {name}" for name, _ in names])
    else:
        run(connection, [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in names])


def trigger_names() -> set[str]:
    """All triggers that hold what is published."""
    return {name for table in (_TABLE, *_PARTS) for name in _names(table)}


def run(connection: Any, statements: list[str]) -> None:
    """One statement after the other."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _names(table: str) -> list[str]:
    events = ("update", "delete") if table == _TABLE else ("insert", "update", "delete")
    return [f"{table}_frozen_{event}" for event in events]


def _differs(column: str, different: str) -> str:
    return f"NEW.{column} {different} OLD.{column}"


def _changed(different: str) -> str:
    """SQL that holds where a published version is changed otherwise than it may be."""
    columns = " OR ".join(_differs(column, different) for column in _FROZEN)
    return f"OLD.status <> 'draft' AND ({columns} OR (NEW.status <> OLD.status AND NOT ({_MOVES})))"


def _published(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM {_TABLE} p WHERE p.id = {row}.publication_id AND p.status <> 'draft')"  # noqa: S608


def _sqlite_trigger(table: str, event: str, when: str) -> str:
    return (
        f"CREATE TRIGGER {table}_frozen_{event} BEFORE {event.upper()} ON {table} "
        f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
    )


def _postgresql_function(name: str, when: str, answer: str) -> str:
    """A check violation, so that programs see the same sort of error as from any other rule of the database."""
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
        f"RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'check_violation'; END IF; RETURN {answer}; END $$"
    )


def _postgresql_trigger(table: str, event: str, when: str) -> list[str]:
    name, answer = f"{table}_frozen_{event}", "OLD" if event == "delete" else "NEW"
    return [
        _postgresql_function(name, when, answer),
        f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def _rules(different: str) -> list[tuple[str, str, str]]:
    """Table, event, and when it is refused."""
    rules = [(_TABLE, "update", _changed(different)), (_TABLE, "delete", "OLD.status <> 'draft'")]
    for table in _PARTS:
        either = f"{_published('OLD')} OR {_published('NEW')}"
        rules += [(table, "insert", _published("NEW")), (table, "update", either), (table, "delete", _published("OLD"))]
    return rules


_ON_SQLITE = [_sqlite_trigger(*rule) for rule in _rules("IS NOT")]
_ON_POSTGRESQL = [sql for rule in _rules("IS DISTINCT FROM") for sql in _postgresql_trigger(*rule)]
