"""What of allauth's behaviour is ours: nobody signs up, a code is six digits, mail carries our name, secrets are sealed."""

import base64
import hashlib
import logging
import time
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.crypto import get_random_string

from crm.devices import device_in_words
from crm.emails.sending import send, send_at_once
from crm.second_steps import is_last_required
from guilds.access import sign_ins
from guilds.access.models import User

logger = logging.getLogger(__name__)

CODE_DIGITS = 6
#: What the owner is told when how they sign in has changed; allauth's names.
NOTICES = {
    "mfa/email/totp_activated": "An authenticator app was added to your account.",
    "mfa/email/totp_deactivated": "The authenticator app was removed from your account.",
    "mfa/email/webauthn_added": "A passkey was added to your account.",
    "mfa/email/webauthn_removed": "A passkey was removed from your account.",
    "mfa/email/recovery_codes_generated": "New recovery codes were made for your account. The old ones are of no use now.",
    "account/email/password_changed": "The password of your account was changed.",
    "account/email/password_set": "Your account has a password now.",
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation, or by administrators."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The e-mail address or password is not right",
        "incorrect_code": "That code is not right. Check it, or ask for a new one",
        "incorrect_password": "That password is not right",
        "too_many_login_attempts": "Too many attempts. Wait five minutes, then ask for a new code",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: a stranger has no business with other people's contacts."""
        return False

    def generate_login_code(self) -> str:
        """Six digits: with three tries and ten minutes that is a one in 300,000 guess."""
        return get_random_string(CODE_DIGITS, "0123456789")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whose attempts are counted: in public the last address that is forwarded is the one that our proxy saw."""
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if settings.PUBLIC else ""
        return forwarded or str(super().get_client_ip(request))

    def format_email_subject(self, subject: str) -> str:
        """The subject as its template has it; the default puts the host's name before it."""
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """As allauth does, for somebody we know; a stranger is told nothing and costs nobody a mail."""
        if template_prefix == "account/email/login_code":
            afterwards(self.request, lambda: send_code(email, context["code"]))
        elif template_prefix != "account/email/unknown_account":
            super().send_mail(template_prefix, email, context)

    def send_notification_mail(self, template_prefix: str, user: User, context: Any = None, email: Any = None) -> None:
        """In our words, without the address and the browser that it was done from."""
        if template_prefix in NOTICES:
            tell_of_change(User.objects.get(pk=user.pk), template_prefix)

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, and note with which browser, for its owner to see."""
        super().login(request, user)
        remember_browser(request, user)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Not for whoever signed in a moment ago: setting up a passkey follows on signing in."""
        latest = get_authentication_records(self.request, self.request.user)[-1:]
        age = time.time() - latest[0]["at"] if latest else settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return bool(age >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def afterwards(request: HttpRequest, act: Callable[[], None]) -> None:
    """Have something done once the answer is out (crm.middleware.SignInMiddleware), so that how long it takes tells nobody
    whether an address is known here.
    """
    request.__dict__.setdefault("done_afterwards", []).append(act)


def send_code(email: str, code: str) -> None:
    """The code for signing in. Where the mail server is away, a stranger and somebody known wait alike; the log tells."""
    try:
        send_at_once("sign_in_code", to=User.objects.get_by_natural_key(email), context={"code": code})
    except (SMTPException, OSError) as error:
        logger.error("A sign-in code could not be sent: %s", type(error).__name__)


def tell_of_change(user: User, notice: str) -> None:
    """Write to somebody that how they sign in has changed. The mail waits where the mail server is away."""
    send("account_notice", to=user, context={"what": NOTICES[notice]})


def remember_browser(request: HttpRequest, user: User) -> None:
    """Note that somebody is signed in with the browser of this request."""
    if request.session.session_key is None:
        request.session.save()
    device = device_in_words(request.headers.get("User-Agent", ""))
    sign_ins.remember(user=user, session_key=str(request.session.session_key), device=device)
    request.session["seen"] = int(time.time())


def _seals() -> MultiFernet:
    """Made from the installation's secret, and former ones, so that a database alone opens no account."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second step" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SecondStepAdapter(DefaultMFAAdapter):
    """Passkeys, authenticator apps and recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code is not right. Codes change every half minute: enter the one that you see now",
        "cannot_delete_authenticator": "Administrators need one: add another before you remove this one",
    }

    def encrypt(self, text: str) -> str:
        """Sealed."""
        return _seals().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Opened."""
        return _seals().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who must have one."""
        return not is_last_required(authenticator)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        """What a passkey is called until its owner says otherwise."""
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Signing in by another system, such as Entra: only for people who are known here by an address that it vouches for."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the person by the address. Raises ImmediateHttpResponse for anybody else."""
        if sociallogin.is_existing:
            return
        user = _vouched_for(sociallogin)
        if user is None:
            _turn_away(
                request,
                "Nobody here has the e-mail address of that account, or your organisation does not vouch for it. "
                "Sign in by a code, or ask to join",
            )
        sociallogin.connect(request, user)

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Back to the sign-in page, in words."""
        _turn_away(request, "Signing in there did not work. Try again, or use another way to sign in")


def _vouched_for(sociallogin: Any) -> User | None:
    """The person whose address the provider has verified. Entra says so in a claim of its own (xms_edov)."""
    data = sociallogin.account.extra_data
    claims = (data.get("id_token") or {}) | (data.get("userinfo") or {})
    verified = any(claims.get(name) in (True, 1, "1", "true") for name in ("email_verified", "xms_edov"))
    email = claims.get("email") if verified else None
    return User.objects.filter(email__iexact=email, is_active=True).first() if email else None


def _turn_away(request: HttpRequest, words: str) -> NoReturn:
    messages.error(request, words)
    raise ImmediateHttpResponse(redirect("account_login"))
