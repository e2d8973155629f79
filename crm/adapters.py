"""What of allauth's behaviour is ours: nobody signs up, a code is six digits, mail carries our name."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from crm.emails.sending import send_at_once
from guilds.access.models import User

CODE_DIGITS = 6


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators only."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The e-mail address or password is not right",
        "incorrect_code": "That code is not right. Check it, or ask for a new one",
        "too_many_login_attempts": "Too many attempts. Wait five minutes, then ask for a new code",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: a stranger has no business with other people's contacts."""
        return False

    def generate_login_code(self) -> str:
        """Six digits: with three tries and ten minutes that is a one in 300,000 guess."""
        return get_random_string(CODE_DIGITS, "0123456789")

    def format_email_subject(self, subject: str) -> str:
        """The subject as its template has it; the default puts the host's name before it."""
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """As allauth does, for somebody we know; a stranger is told nothing and costs nobody a mail."""
        if template_prefix == "account/email/login_code":
            person = User.objects.get_by_natural_key(email)
            send_at_once("sign_in_code", to=person, context={"code": context["code"]})
        elif template_prefix != "account/email/unknown_account":
            super().send_mail(template_prefix, email, context)
