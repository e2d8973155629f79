"""The forms about how somebody signs in: passkeys, the authenticator app, a password, another address."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.forms import ReauthenticateForm as AccountReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.core.exceptions import ValidationError

from crm.forms.people import email_box

#: Long, and not one that everybody tries first: no rules of signs and figures, which make passwords no better.
SHORTEST_PASSWORD = 12
LONGEST_PASSKEY_NAME = 60


@contextmanager
def _sense() -> Iterator[None]:
    """What is no answer of a device at all is refused like one that is wrong. Raises ValidationError."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError, IndexError, struct.error):
        raise ValidationError("That was no answer of a passkey. Try again", code="invalid") from None


def _code_box(label: str, help_text: str = "") -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "class": "govuk-input--width-10", "spellcheck": "false"}
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=label, help_text=help_text, widget=widget, error_messages={"required": "Enter the code"}
    )


class CodeBox:
    """Asks for the code of the app, or for one of the recovery codes where there is no app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_mfa_enabled(self.user, [Authenticator.Type.TOTP]):  # type: ignore[attr-defined]
            box = _code_box("Code from your authenticator app", "Or one of your recovery codes")
        else:
            box = _code_box("One of your recovery codes")
        self.fields["code"] = box  # type: ignore[attr-defined]


class SecondStep(CodeBox, AuthenticateForm):
    """While signing in."""


class SecondStepAgain(CodeBox, ReauthenticateForm):
    """The same, before something grave."""


class PasswordAgain(AccountReauthenticateForm):
    """One's password, before something grave."""

    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password"},
    )


class AppCode(ActivateTOTPForm):
    """The first code shows that the app has the secret."""

    code = _code_box("The code that the app shows now")


def _passkey_name(required: bool) -> forms.CharField:
    messages = {"required": "Enter a name", "max_length": f"Write {LONGEST_PASSKEY_NAME} characters or fewer"}
    return forms.CharField(
        label="What you call it",
        help_text="Such as “My work laptop”, so that you know later which one it is",
        required=required,
        max_length=LONGEST_PASSKEY_NAME,
        error_messages=messages,
    )


class NewPasskey(AddWebAuthnForm):
    """A passkey with its name. It is always one that signs in by itself, so the device has to check who holds it."""

    name = _passkey_name(required=False)
    credential = forms.JSONField(
        widget=forms.HiddenInput, error_messages={"required": "Press the button, and follow what your device asks"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)

    def clean(self) -> dict:
        """Allauth asks for the device's check of its holder only where this is set."""
        self.cleaned_data["passwordless"] = True
        with _sense():
            return super().clean()


class PasskeyAnswer:
    """What a device answers; allauth's forms expect it to be well made."""

    def clean_credential(self) -> Any:
        """The passkey that it belongs to."""
        with _sense():
            return super().clean_credential()  # type: ignore[misc]


class PasskeyEntry(PasskeyAnswer, LoginWebAuthnForm):
    """Signing in by a passkey alone."""


class PasskeySecondStep(PasskeyAnswer, AuthenticateWebAuthnForm):
    """A passkey after something else."""


class PasskeyAgain(PasskeyAnswer, ReauthenticateWebAuthnForm):
    """A passkey before something grave."""


class PasskeyName(EditWebAuthnForm):
    """Another name."""

    name = _passkey_name(required=True)


class NewPassword(forms.Form):
    """A password, written once: browsers show it on request."""

    password = forms.CharField(
        label="New password",
        strip=False,
        max_length=200,
        help_text=f"At least {SHORTEST_PASSWORD} characters, such as four words that nobody would guess",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter a password"},
    )

    def clean_password(self) -> str:
        """Long and uncommon."""
        password = str(self.cleaned_data["password"])
        try:
            MinimumLengthValidator(SHORTEST_PASSWORD).validate(password)
            CommonPasswordValidator().validate(password)
        except ValidationError:
            raise ValidationError(
                f"Enter at least {SHORTEST_PASSWORD} characters, and nothing that many people use", code="weak"
            ) from None
        return password


class NewAddress(forms.Form):
    """Where mail shall go from now on."""

    email = email_box("New e-mail address", "We send a code to it")


class AddressCode(forms.Form):
    """The code that was sent to the new address."""

    code = _code_box("Six-digit code")


class OwnName(forms.Form):
    """How one is called here."""

    name = forms.CharField(
        label="Your name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Enter your name", "max_length": "Write 200 characters or fewer"},
    )
