"""Which database answers: figures may come from a read-only replica (REPLICA_URL), everything else never does.

A replica is a moment behind. Figures say when they were last refreshed, and that moment comes from the replica too, so
they stay true; a record that somebody has just saved must be there when the next page reads it.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse

ADDRESSES = ("/impact/", "/api/v1/impact/")
#: The tables that only figures are read from.
FIGURES = frozenset({"guilds.Cell", "guilds.Presence", "guilds.DistinctCount", "guilds.Freshness"})

_reading_figures: ContextVar[bool] = ContextVar("reading_figures", default=False)


class FiguresFromReplica:
    """Middleware: marks the requests whose figures may come from the replica."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _reading_figures.set(request.method in ("GET", "HEAD") and request.path.startswith(ADDRESSES))
        try:
            return self.get_response(request)
        finally:
            _reading_figures.reset(token)


class Router:
    """Django asks it before each query that names no database. Only in place where there is a replica."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """The replica for figures within a marked request; no opinion otherwise."""
        return "replica" if _reading_figures.get() and model._meta.label in FIGURES else None

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """A replica copies what the database does; it is never changed itself."""
        return False if db == "replica" else None
