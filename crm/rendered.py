"""Parts of pages, and files, that say the same to everybody until the records change: made once, and then kept for a while.

A part is kept for the state of the records that it was made from: the moment of counting, the latest change, the day. So a
change of anything is seen at once, and nobody has to remember to throw anything away.
"""

import hashlib
import logging
from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, TypeVar

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from guilds.audit.models import Event
from guilds.impact.models import Freshness

KEPT_FOR = 600
Kept = TypeVar("Kept", str, bytes)
logger = logging.getLogger(__name__)


def rendered(template: str, about: Hashable, *, today: date, context: Callable[[], dict[str, Any]]) -> SafeString:
    """The part of a page as it is kept, or made from its `context`. `about` is all that it depends on but the records.

    Without a cache, or before anything was counted, it is made each time.
    """
    kept = made_once(template, about, today=today, make=lambda: str(render_to_string(template, context())))
    return mark_safe(kept)  # noqa: S308 (made by a template, which escaped what it shows)


def made_once(name: str, about: Hashable, *, today: date, make: Callable[[], Kept]) -> Kept:
    """What `make` makes, such as a file, as it is kept or made anew. `about` as in `rendered`."""
    key = _key(name, about, today)
    kept: Kept | None = _found(key) if key else None
    if kept is None:
        kept = make()
        if key:
            _keep(key, kept)
    return kept


def _key(template: str, about: Hashable, today: date) -> str:
    """Names the state of the records; empty where there is none to go by."""
    counted = Freshness.objects.values_list("at", flat=True).first()
    latest = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    state = repr((template, about, today, counted, latest))
    return f"rendered:{hashlib.sha256(state.encode()).hexdigest()}" if counted else ""


def _found(key: str) -> Any:
    try:
        return cache.get(key)
    except Exception as error:
        logger.warning("A page goes on without its cache: %s", type(error).__name__)
        return None


def _keep(key: str, kept: str | bytes) -> None:
    try:
        cache.set(key, kept, KEPT_FOR)
    except Exception as error:
        logger.warning("A page goes on without its cache: %s", type(error).__name__)
