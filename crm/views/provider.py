"""Signing in by another system, such as Entra: there and back."""

from allauth.socialaccount.providers.openid_connect import views
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from crm.views.sign_in import provider_names


def _known(provider_id: str) -> None:
    if provider_id not in {known["id"] for known in provider_names()}:
        raise Http404


@require_POST
@never_cache
def leave(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go there; only ever by a button."""
    _known(provider_id)
    return views.login(request, provider_id)


@require_safe
@never_cache
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from there, known or turned away."""
    _known(provider_id)
    return views.callback(request, provider_id)


@require_safe
def given_up(request: HttpRequest) -> HttpResponse:
    """Somebody thought better of it, or it did not work: back to the door."""
    messages.error(request, "You did not sign in there. Try again, or use another way")
    return redirect("account_login")


leave.permission_name = come_back.permission_name = given_up.permission_name = "public"  # type: ignore[attr-defined]
