"""Signing in and out: by a code that comes by e-mail, by password, and in the demonstration by one button per person."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from crm.forms.sign_in import CodeConfirmation, CodeRequest, Password

DEMONSTRATION_PEOPLE = {
    "administrator@guildhall.example": "Looks after the system, its users and its files",
    "hospitality@guildhall.example": "Coordinates the Hospitality and Tourism Guild",
    "engineering@guildhall.example": "Coordinates the Engineering Guild",
    "employer@guildhall.example": "Works for an employer that makes pledges",
    "school@guildhall.example": "Works at a school that employers visit",
    "commission@guildhall.example": "Reads the figures for the Skills Commission",
}
TEMPLATE = "sign_in/sign_in.html"


def demonstration_people() -> list[dict[str, Any]]:
    """Whom the page offers to be, in the order above; nobody outside the demonstration."""
    if not settings.DEMO:
        return []
    found = {user.email: user for user in get_user_model().objects.filter(email__in=DEMONSTRATION_PEOPLE)}
    return [{"user": found[email], "who": who} for email, who in DEMONSTRATION_PEOPLE.items() if email in found]


def provider_names() -> list[dict[str, str]]:
    """The systems by which people may sign in here, such as Entra."""
    apps: Any = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return [{"id": app["provider_id"], "name": app["name"]} for app in apps]


class _EntrancePage:
    """Both forms stand on one page, so each view brings the other's form with it, empty."""

    template_name = TEMPLATE
    permission_name = "public"
    request: HttpRequest

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """A code that was asked for and never entered must not keep anybody from this page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        form = context["form"]
        context["code_form"] = form if isinstance(form, CodeRequest) else CodeRequest()
        context["password_form"] = form if isinstance(form, Password) else Password()
        context["people"] = demonstration_people()
        context["providers"] = provider_names()
        context["next"] = self.request.POST.get("next") or self.request.GET.get("next", "")
        return context


class SignIn(_EntrancePage, allauth_views.LoginView):
    """The sign-in page, and signing in by password."""

    form_class = Password


class RequestCode(_EntrancePage, allauth_views.RequestLoginCodeView):
    """Sends a code, or seems to: an unknown address gets the same answer."""

    form_class = CodeRequest

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """There is no page of its own to show."""
        return redirect("account_login")


class ConfirmCode(allauth_views.ConfirmLoginCodeView):
    """Asks for the code; three wrong ones and a new one is needed."""

    form_class = CodeConfirmation
    template_name = "sign_in/code.html"
    permission_name = "public"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        minutes = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
        return super().get_context_data(**kwargs) | {"email": self._process.state.get("email"), "minutes": minutes}


@method_decorator(require_POST, name="dispatch")
class SignOut(allauth_views.LogoutView):
    """Ends the session; only ever by a button."""

    permission_name = "public"


@require_POST
@never_cache
def be_somebody(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demonstration's people. Does not exist outside the demonstration."""
    email = request.POST.get("email", "")
    if not settings.DEMO or email not in DEMONSTRATION_PEOPLE:
        raise Http404
    user = get_object_or_404(get_user_model(), email=email, is_active=True)
    record_authentication(request, user, method="demonstration")
    return perform_login(request, user, email_verification="none", redirect_url=_next(request))


def inactive(request: HttpRequest) -> HttpResponse:
    """Where allauth sends somebody whose account is closed: back to the door."""
    return HttpResponseRedirect(settings.LOGIN_URL)


def _next(request: HttpRequest) -> str:
    """Where to go afterwards, if it is one of our own pages."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else settings.LOGIN_REDIRECT_URL


be_somebody.permission_name = "public"  # type: ignore[attr-defined]
inactive.permission_name = "public"  # type: ignore[attr-defined]
