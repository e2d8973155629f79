"""How somebody signs in, in our pages: passkeys, the authenticator app, recovery codes, and proving again that it is them.

Allauth does the work. What it has beside these pages has no address here.
"""

from typing import Any

from allauth.account import views as account_views
from allauth.mfa.base import views as base_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from crm.forms.security import (
    AppCode,
    NewPasskey,
    PasskeyAgain,
    PasskeyEntry,
    PasskeyName,
    PasskeySecondStep,
    PasswordAgain,
    SecondStep,
    SecondStepAgain,
)
from crm.second_steps import is_last_required, needs_second_step

KEPT = "Administrators need a second step: add another one before you remove this one"


class _Refused:
    """A form that comes back with what is wrong is a 422, as everywhere."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == 200:
            response.status_code = 422
        return response


class Security(base_views.IndexView):
    """What somebody has set up."""

    permission_name = "account.view"
    template_name = "account/security.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        return super().get_context_data(**kwargs) | {"must": needs_second_step(user), "person": user}


class SecondStepPage(_Refused, base_views.AuthenticateView):
    """After the code or the password: the second step of whoever has set one up."""

    permission_name = "public"
    template_name = "sign_in/second_step.html"
    form_class = SecondStep
    webauthn_form_class = PasskeySecondStep

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True)
        return super().get_context_data(**kwargs) | {"kinds": set(kinds)}


class AgainByPassword(_Refused, account_views.ReauthenticateView):
    """One's password, before something grave."""

    permission_name = "account.view"
    template_name = "account/again.html"
    form_class = PasswordAgain


class AgainByCode(_Refused, base_views.ReauthenticateView):
    """A code, before something grave."""

    permission_name = "account.view"
    template_name = "account/again.html"
    form_class = SecondStepAgain


class AgainByPasskey(passkey_views.ReauthenticateWebAuthnView):
    """A passkey, before something grave."""

    permission_name = "account.view"
    template_name = "account/again_passkey.html"
    form_class = PasskeyAgain

    def form_invalid(self, form: Any) -> HttpResponse:
        """Back to the same question."""
        messages.error(self.request, "That passkey did not work. Try again, or use another way")
        return redirect(self.request.get_full_path())


class AddPasskey(_Refused, passkey_views.AddWebAuthnView):
    """A new passkey: always one that signs in by itself."""

    permission_name = "account.view"
    template_name = "account/passkey_new.html"
    form_class = NewPasskey

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        options = auth.begin_registration(self.request.user, True)  # type: ignore[arg-type]
        return super(passkey_views.AddWebAuthnView, self).get_context_data(**kwargs) | {"js_data": options}


class RenamePasskey(_Refused, passkey_views.EditWebAuthnView):
    """Another name for a passkey."""

    permission_name = "account.view"
    template_name = "account/passkey_name.html"
    form_class = PasskeyName
    success_url = reverse_lazy("mfa_index")


class RemovePasskey(passkey_views.RemoveWebAuthnView):
    """A passkey that is of no use any more."""

    permission_name = "account.view"
    template_name = "account/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, unless its owner needs it."""
        if is_last_required(self.object):
            messages.error(self.request, KEPT)
            return redirect("mfa_index")
        return super().form_valid(form)


@method_decorator(never_cache, name="dispatch")
class AddApp(_Refused, app_views.ActivateTOTPView):
    """An authenticator app."""

    permission_name = "account.view"
    template_name = "account/app_new.html"
    form_class = AppCode


class RemoveApp(_Refused, app_views.DeactivateTOTPView):
    """No authenticator app any more."""

    permission_name = "account.view"
    template_name = "account/app_remove.html"


@method_decorator(never_cache, name="dispatch")
class RecoveryCodes(code_views.ViewRecoveryCodesView):
    """The codes for the day when the phone is lost."""

    permission_name = "account.view"
    template_name = "account/recovery_codes.html"


class NewRecoveryCodes(_Refused, code_views.GenerateRecoveryCodesView):
    """New codes in the place of the old ones."""

    permission_name = "account.view"
    template_name = "account/recovery_codes_new.html"


class RecoveryCodesFile(code_views.DownloadRecoveryCodesView):
    """The codes as a text file."""

    permission_name = "account.view"


class PasskeySignIn(passkey_views.LoginWebAuthnView):
    """Signing in by a passkey alone."""

    permission_name = "public"
    form_class = PasskeyEntry

    def form_invalid(self, form: Any) -> HttpResponse:
        """Back to the door, in words."""
        messages.error(self.request, "That passkey did not work here. Try again, or get a code by e-mail")
        return redirect("account_login")
