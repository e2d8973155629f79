"""The demonstration's outbox, where the sign-in codes arrive."""

from itertools import islice

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.emails.backend import sent

SHOWN = 30


@require_safe
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """What would have been sent. Public, since codes are read before signing in, and only in the demonstration."""
    if not settings.DEMO:
        raise Http404
    return render(request, "sign_in/outbox.html", {"mails": list(islice(sent(), SHOWN))})


outbox.permission_name = "public"  # type: ignore[attr-defined]
