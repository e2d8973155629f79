"""Mail as its readers meet it: stopping a kind, choosing what one gets, and what an administrator sees beforehand."""

import hmac
import json
from typing import Any, cast

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from crm.emails import stopping
from crm.emails.examples import EXAMPLES
from crm.emails.rendering import Words
from crm.emails.rendering import render as words_of
from crm.forms.mail import MailChoices
from crm.views.base import Page
from crm.views.form_page import FormPage
from guilds.access.models import User
from guilds.mailing import actions
from guilds.mailing.kinds import KINDS

#: What a shown mail may do: have its own styles, and nothing else.
MAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups"],
}


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop a kind of mail. Opening it changes nothing, for mail scanners open links; a mail program's own button posts.

    The signed address is the authority, so that nobody has to sign in, and no other token is asked for (RFC 8058).
    """
    found = stopping.read(token)
    if found is None or found.kind not in KINDS:
        raise Http404
    if request.method == "POST":
        actions.choose(by=None, person=found.person, kind=found.kind, wanted="again" in request.POST)
    stopped = found.kind in actions.switched_off(found.person)
    return render(request, "mail/stop.html", {"kind": KINDS[found.kind], "stopped": stopped})


stop.permission_name = "public"  # type: ignore[attr-defined]


class MailPreferences(FormPage):
    """Which mail somebody wants."""

    permission_name = "mail.choose"
    template_name = "mail/preferences.html"
    heading, done = "Which mail you get", "Your choice is saved"

    def form(self, *args: Any, **kwargs: Any) -> MailChoices:
        """A box for each kind and each part."""
        return MailChoices(*args, role=cast(User, self.request.user).role, **kwargs)

    def initial(self) -> dict[str, Any]:
        """What holds now."""
        off = actions.switched_off(cast(User, self.request.user))
        return {name: name not in off for name in self.form().fields}

    def act(self, form: MailChoices) -> str:
        """Note what changed."""
        user = cast(User, self.request.user)
        actions.choose_all(by=user, person=user, wanted=form.wanted())
        return reverse("mail_preferences")

    def words(self) -> dict[str, Any]:
        """And the mail that comes whatever one chooses."""
        return super().words() | {"required": [kind for kind in KINDS.values() if kind.required]}

    def way_back(self) -> str:
        """The account."""
        return reverse("account")


class MailKinds(Page):
    """The kinds of mail there are, for an administrator to look at before anybody gets one."""

    permission_name = "mail.preview"
    template_name = "mail/kinds.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Each kind with its reason."""
        return self.page(kinds=KINDS.values())


class MailPreview(Page):
    """One kind with invented data: subject, text and HTML."""

    permission_name = "mail.preview"
    template_name = "mail/preview.html"

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        """The mail as it would arrive."""
        return self.page(kind=KINDS[kind], mail=example(kind))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Raises Http404 for a kind that does not exist."""
        if kwargs["kind"] not in KINDS:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


@method_decorator([xframe_options_sameorigin, csp_replace(MAIL_POLICY)], name="dispatch")
class MailPreviewHtml(MailPreview):
    """The HTML alone, for the frame in the page above."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        """As a mail program would show it."""
        return HttpResponse(example(kind).html)


def example(kind: str) -> Words:
    """A kind of mail with invented data."""
    stop_address = "" if KINDS[kind].required else f"{settings.BASE_URL.rstrip('/')}/mail/stop/example/"
    return words_of(kind, {"name": "Sam Example", "stop_address": stop_address} | EXAMPLES[kind])


@csrf_exempt
@require_POST
def bounced(request: HttpRequest) -> HttpResponse:
    """A mail provider says that mail came back: ``{"addresses": [...]}``, with the secret as a bearer token."""
    secret = settings.MAIL_WEBHOOK_SECRET
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        raise Http404
    try:
        addresses = json.loads(request.body)["addresses"]
        assert isinstance(addresses, list)
        assert all(isinstance(address, str) for address in addresses)
    except (ValueError, KeyError, TypeError, AssertionError):
        return JsonResponse({"detail": "Send {“addresses”: [“…”]}"}, status=400)
    marked = sum(actions.mark_bounced(address=address, at=timezone.now()) for address in addresses[:1000])
    return JsonResponse({"marked": marked})


bounced.permission_name = "machine"  # type: ignore[attr-defined]
