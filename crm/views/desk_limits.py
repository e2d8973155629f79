"""How much one network address may send to a desk. The address itself is kept nowhere: only a mark of it, for a minute."""

import logging
import time

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from guilds.desk.models import Desk

logger = logging.getLogger(__name__)
#: Bytes of one entry: every box full, in letters that take nine characters each to send.
LARGEST = 16_384
WINDOW = 60


def seconds_to_wait(request: HttpRequest, desk: Desk) -> int:
    """0 if this one may be taken now. A cache that is away stops nobody: a promise counts for more than a limit."""
    now = int(time.time())
    name = f"desk:{desk.pk}:{_mark(request)}:{now // WINDOW}"
    try:
        cache.add(name, 0, timeout=WINDOW * 2)
        sent = cache.incr(name)
    except (OSError, ValueError, cache_errors()) as error:
        logger.warning("A pledge desk goes on without its limit: %s", type(error).__name__)
        return 0
    return WINDOW - now % WINDOW if sent > desk.per_minute else 0


def too_large(request: HttpRequest) -> bool:
    """Whether more is being sent than one entry; nothing of it is read."""
    try:
        return int(request.headers.get("Content-Length") or 0) > LARGEST
    except ValueError:
        return True


def cache_errors() -> type[Exception]:
    """What the cache's own client raises."""
    from redis.exceptions import RedisError

    return RedisError


def _mark(request: HttpRequest) -> str:
    """Tells addresses apart within a day, and says nothing about them."""
    address = get_adapter(request).get_client_ip(request)
    return salted_hmac(f"desk {timezone.localdate()}", str(address), secret=settings.SECRET_KEY).hexdigest()[:16]
