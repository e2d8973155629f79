"""Whether this process runs, and whether it can do its work: for whoever restarts it or sends it requests."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache as remember

from django.core.cache import cache
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guilds.audit.models import Event

logger = logging.getLogger(__name__)

#: Changes are counted within seconds; after this long, worker or clock are not at work.
LATE = timedelta(minutes=1)


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """This process answers. Says nothing about what it depends on, for restarting it would not mend that."""
    return JsonResponse({"status": "live"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Database, its migrations and the cache answer: else 503. Late figures are told, but keep nobody from working."""
    checks = {
        "database": _ok(_ask_databases),
        "migrations": _ok(_require_migrations),
        "cache": _ok(lambda: cache.get("ready")),
    }
    is_ready = all(answer == "ok" for answer in checks.values())
    if is_ready:
        checks["figures"] = "late" if figures_are_late() else "ok"
    return JsonResponse(
        {"status": "ready" if is_ready else "not ready", "checks": checks}, status=200 if is_ready else 503
    )


live.permission_name = ready.permission_name = "public"  # type: ignore[attr-defined]


def waiting() -> tuple[int, timedelta]:
    """How many changes the figures do not show yet, and how long the oldest has been waiting."""
    uncounted = Event.objects.uncounted()
    oldest = uncounted.order_by("id").values_list("at", flat=True).first()
    return (uncounted.count(), timezone.now() - oldest) if oldest else (0, timedelta())


def figures_are_late() -> bool:
    """Whether a change has been waiting for too long to be counted."""
    oldest = Event.objects.uncounted().order_by("id").values_list("at", flat=True).first()
    return oldest is not None and timezone.now() - oldest > LATE


def _ok(check: Callable[[], object]) -> str:
    try:
        check()
    except Exception as error:  # whatever goes wrong means the same to the one who asks
        logger.warning("Not ready: %s", error)
        return "failed"
    return "ok"


def _ask_databases() -> None:
    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")


def _require_migrations() -> None:
    missing = _missing_migrations()
    if missing:
        _missing_migrations.cache_clear()
        raise RuntimeError(f"migrations to run: {', '.join(missing)}")


@remember
def _missing_migrations() -> Iterable[str]:
    """Looked up until there are none: a running process never needs more."""
    executor = MigrationExecutor(connections["default"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
