"""`flush` as Django has it, for a database that refuses to delete what is published.

SQLite empties a table by deleting its rows; PostgreSQL does not ask triggers when it empties one.
"""

from django.core.management.commands.flush import Command as Flush
from django.db import connections

from guilds.publishing import freezing


class Command(Flush):
    """Empties the whole database: publications too, which nothing else removes."""

    def handle(self, **options) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "sqlite" or not _is_there(connection):
            super().handle(**options)
            return
        freezing.thaw(connection)
        try:
            super().handle(**options)
        finally:
            freezing.freeze(connection)


def _is_there(connection) -> bool:
    return "guilds_publication" in connection.introspection.table_names()
