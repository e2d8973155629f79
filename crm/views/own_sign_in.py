"""One's own sign-in: name, address, password, and the browsers that one is signed in with."""

import time
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.decorators import method_decorator

from crm.adapters import CODE_DIGITS, remember_browser, tell_of_change
from crm.emails.sending import send_at_once, send_to_address
from crm.forms.security import AddressCode, NewAddress, NewPassword, OwnName
from crm.views.base import Page
from crm.views.form_page import FormPage
from guilds.access import actions, sign_ins
from guilds.access.models import User
from guilds.access.sign_ins import SignIn
from guilds.audit.refusals import refuse

#: Where a session keeps the address that is to be proved, its code, when it was sent and how often it was tried.
PENDING = "new_address"
CODE_VALID_FOR = 600
CODE_TRIES = 3


class OwnPage(FormPage):
    """A page about oneself."""

    permission_name = "account.view"

    @property
    def person(self) -> User:
        """The reader, as a record that may be changed."""
        return User.objects.get(pk=cast(User, self.request.user).pk)

    def way_back(self) -> str:
        """One's account."""
        return reverse("account")


class CorrectName(OwnPage):
    """How one is called."""

    heading, done = "Your name", "Your name is changed"

    def form(self, *args: Any, **kwargs: Any) -> OwnName:
        """One box."""
        return OwnName(*args, **kwargs)

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"name": cast(User, self.request.user).name}

    def act(self, form: OwnName) -> str:
        """Change it."""
        actions.correct_user(by=self.person, user=self.person, **form.cleaned_data)
        return self.way_back()


@method_decorator(reauthentication_required(app="guildhall"), name="dispatch")
class NewEmail(OwnPage):
    """Another address: proved by a code that is sent there. Whether somebody else has it is not told."""

    heading, submit_label, done = "Change your e-mail address", "Send me a code", "A code is on its way"

    def form(self, *args: Any, **kwargs: Any) -> NewAddress:
        """One box."""
        return NewAddress(*args, **kwargs)

    def act(self, form: NewAddress) -> str:
        """Send the code, unless somebody has this address already."""
        email, user = form.cleaned_data["email"].lower(), self.person
        if not ratelimit.consume(self.request, action="address_code", user=user):
            raise refuse("email", "You asked too often. Try again in an hour", "rate_limited")
        code = get_random_string(CODE_DIGITS, "0123456789")
        if not User.objects.filter(email__iexact=email).exists():
            send_to_address("address_code", email=email, name=user.name, about=user, context={"code": code})
        self.request.session[PENDING] = {"email": email, "code": code, "at": time.time(), "tries": 0}
        return reverse("own_email_code")

    def words(self) -> dict[str, Any]:
        """What it is now."""
        return super().words() | {"about": f"It is {cast(User, self.request.user).email} now"}


class ConfirmEmail(OwnPage):
    """The code that came to the new address."""

    heading, submit_label, done = "Enter the code", "Change my address", "Your e-mail address is changed"

    def form(self, *args: Any, **kwargs: Any) -> AddressCode:
        """One box."""
        return AddressCode(*args, **kwargs)

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only for whoever has asked for a code a moment ago."""
        pending = request.session.get(PENDING)
        if pending is None or time.time() - pending["at"] > CODE_VALID_FOR or pending["tries"] >= CODE_TRIES:
            request.session.pop(PENDING, None)
            messages.error(request, "That code can’t be used any more. Ask for a new one")
            return redirect("own_email")
        return super().answer(request, *args, **kwargs)

    def act(self, form: AddressCode) -> str:
        """Change the address, and tell the old one. Raises ValidationError for another code."""
        pending = self.request.session[PENDING]
        if not constant_time_compare(form.cleaned_data["code"].strip(), pending["code"]):
            self.request.session[PENDING] = pending | {"tries": pending["tries"] + 1}
            raise refuse("code", "That code is not right. Check it, or ask for a new one", "incorrect")
        user = self.person
        send_at_once("account_notice", to=user, context={"what": "Your account has another e-mail address now."})
        actions.correct_user(by=user, user=user, email=pending["email"])
        del self.request.session[PENDING]
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """Where it was sent."""
        pending = self.request.session.get(PENDING) or {}
        about = f"If nobody else has {pending.get('email', 'it')}, we have sent a code to it. It works for 10 minutes."
        return super().words() | {"about": about}


@method_decorator(reauthentication_required(app="guildhall"), name="dispatch")
class Password(OwnPage):
    """A password of one's own, for the team; everybody else signs in by code or passkey."""

    permission_name = "account.password"
    heading, done = "Choose a password", "You have a new password. Other browsers are signed out"

    def form(self, *args: Any, **kwargs: Any) -> NewPassword:
        """One box."""
        return NewPassword(*args, **kwargs)

    def act(self, form: NewPassword) -> str:
        """Take it; this browser stays signed in."""
        user = self.person
        kept = self.request.session.session_key or ""
        actions.set_password(by=user, user=user, password=form.cleaned_data["password"], but_session=kept)
        update_session_auth_hash(self.request, user)
        remember_browser(self.request, user)
        tell_of_change(user, "account/email/password_changed")
        return self.way_back()


class SignIns(Page):
    """The browsers that one is signed in with."""

    permission_name = "account.view"
    template_name = "account/sign_ins.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Each, with this one marked."""
        user, key = cast(User, request.user), request.session.session_key
        if not SignIn.objects.visible_to(user).filter(session_key=key).exists():
            remember_browser(request, user)
        return self.page(sign_ins=sign_ins.still_open(user), key=key)


class EndOne(Page):
    """Sign one browser out."""

    permission_name = "account.view"

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """At once."""
        found = get_object_or_404(SignIn.objects.visible_to(request.user), pk=pk)
        sign_ins.end(sign_in=found)
        if found.session_key == request.session.session_key:
            request.session.flush()
            return redirect("account_login")
        messages.success(request, f"{found.device} is signed out")
        return redirect("sign_ins")


class EndOthers(Page):
    """Sign every other browser out."""

    permission_name = "account.view"

    def post(self, request: HttpRequest) -> HttpResponse:
        """At once."""
        user = cast(User, request.user)
        remember_browser(request, user)
        sign_ins.end_all(user=user, but=request.session.session_key or "")
        messages.success(request, "Every other browser is signed out")
        return redirect("sign_ins")
