"""The forms of the sign-in page: allauth's, in our words."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, LoginForm, RequestLoginCodeForm
from django import forms

EMAIL_REFUSALS = {
    "required": "Enter your e-mail address",
    "invalid": "Enter an e-mail address in the correct format, like name@example.com",
}


def _email_box() -> forms.EmailInput:
    return forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"})


class CodeRequest(RequestLoginCodeForm):
    """Asks for a code by e-mail; says the same whether or not anybody has the address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.EmailField(
            label="E-mail address", widget=_email_box(), error_messages=EMAIL_REFUSALS
        )


class CodeConfirmation(ConfirmLoginCodeForm):
    """The six digits that came by e-mail."""

    code = forms.CharField(
        label="Six-digit code",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "govuk-input--width-5"}
        ),
        error_messages={"required": "Enter the six-digit code"},
    )


class Password(LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label="E-mail address", widget=_email_box(), error_messages=EMAIL_REFUSALS
        )
        self.fields["password"] = forms.CharField(
            label="Password",
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            error_messages={"required": "Enter your password"},
        )
        self.order_fields(["login", "password"])
        self.fields.pop("remember", None)
