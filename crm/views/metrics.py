"""/metrics for Prometheus: requests, answers and times by page, and how far the figures are behind. Not public."""

import hmac
import ipaddress

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from crm.views.health import waiting

#: A request that came through a proxy comes from anywhere, though the proxy stands on this machine.
_SIGNS_OF_A_PROXY = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via", "X-Real-Ip")


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for who gives METRICS_TOKEN as a bearer; without one set, for programs on this machine."""
    if not _may_see(request):
        raise Http404
    response = ExportToDjangoView(request)
    response.content += _lag()
    return response


#: Not a person's permission: a token, or being on this machine.
metrics.permission_name = "machine"  # type: ignore[attr-defined]


def _may_see(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    return not settings.PUBLIC and _is_from_here(request)


def _is_from_here(request: HttpRequest) -> bool:
    address = request.META.get("REMOTE_ADDR", "")
    try:
        return ipaddress.ip_address(address).is_loopback and not any(map(request.headers.get, _SIGNS_OF_A_PROXY))
    except ValueError:
        return False


def _lag() -> bytes:
    registry, (changes, oldest) = CollectorRegistry(), waiting()
    Gauge("guildhall_changes_waiting", "Changes that the figures do not show yet", registry=registry).set(changes)
    Gauge(
        "guildhall_oldest_change_waiting_seconds", "How long the oldest of them has been waiting", registry=registry
    ).set(oldest.total_seconds())
    return generate_latest(registry)
