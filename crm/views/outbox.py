"""The demonstration's outbox, where the sign-in codes arrive."""

from itertools import islice
from uuid import UUID

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from crm.emails.backend import sent
from crm.views.mail import MAIL_POLICY

SHOWN = 30


@require_safe
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """What would have been sent. Public, since codes are read before signing in, and only in the demonstration."""
    if not settings.DEMO:
        raise Http404
    return render(request, "sign_in/outbox.html", {"mails": list(islice(sent(), SHOWN))})


@require_safe
@never_cache
@xframe_options_sameorigin
@csp_replace(MAIL_POLICY)  # type: ignore[arg-type]
def outbox_html(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The HTML of one mail, for the frame in the page."""
    found = next((mail for mail in sent() if mail["id"] == str(pk)), None) if settings.DEMO else None
    if not found:
        raise Http404
    return HttpResponse(found.get("html", ""))


outbox.permission_name = outbox_html.permission_name = "public"  # type: ignore[attr-defined]
