"""What happens around every request."""

import re
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from uuid_utils import uuid7

from crm.adapters import remember_browser
from crm.second_steps import needs_second_step
from guilds.access import sign_ins
from guilds.audit.context import current_request_id

#: What somebody reaches who has still to set up a second step.
MAY_BE_OPENED_WITHOUT = ("/account/", "/sign-in/", "/brand.css", "/outbox/", "/health/", "/static/")
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestIdMiddleware:
    """Gives each request an id (or takes the proxy's), which its changes carry in history and its answer in a header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if _ID.fullmatch(given) else str(uuid7())
        token = current_request_id.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            current_request_id.reset(token)
        response.headers["X-Request-Id"] = request_id
        return response


class SignInMiddleware:
    """Whoever must have a second step of signing in sets it up before anything else; and a browser is seen to be used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            self._seen(request, user)
            if settings.REQUIRE_SECOND_FACTOR and user.is_administrator and self._must_set_up(request, user):
                return self._to_set_up(request)
        response = self.get_response(request)
        # Called by the web server once the whole answer is sent.
        response._resource_closers.extend(request.__dict__.pop("done_afterwards", ()))  # type: ignore[attr-defined]
        return response

    def _seen(self, request: HttpRequest, user: Any) -> None:
        last = request.session.get("seen")
        if last is not None and time.time() - last > sign_ins.SEEN_EVERY.total_seconds():
            remember_browser(request, user)

    def _must_set_up(self, request: HttpRequest, user: Any) -> bool:
        """Asked of the database until there is one; the last one can't be taken away."""
        if request.session.get("second_step") or request.path_info.startswith(MAY_BE_OPENED_WITHOUT):
            return False
        if needs_second_step(user):
            return True
        request.session["second_step"] = True
        return False

    def _to_set_up(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            detail = "Set up a passkey or an authenticator app first: sign in with a browser"
            problem = {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": detail}
            return JsonResponse(problem, status=403, content_type="application/problem+json")
        where = reverse("mfa_index")
        return HttpResponseClientRedirect(where) if request.headers.get("HX-Request") else redirect(where)
