"""Nothing that was typed is lost: it is kept as a draft while somebody types, and through a sign-in that ran out."""

from functools import cached_property
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format

from crm.forms.rows import ADD_ROW
from crm.views.base import Page
from crm.views.once import key_of
from guilds.access import drafts
from guilds.access.models import Draft, User

#: Names of buttons (the script presses the first): keep what is typed by now; throw the draft away.
KEEP, THROW = "keep_draft", "throw_draft"
#: The hidden box that says who types, so that nobody who signs in at the same browser is given another's words.
TYPED_BY = "typed_by"
#: In the address: show a draft, by its number or the latest.
ASKED, LATEST = "draft", "go"
_WAITS = "typed_before_sign_in"
#: How long it waits for its owner to sign in.
WAITS_SECONDS = 3600
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", KEEP, THROW, TYPED_BY, ADD_ROW})


class DraftPage(Page):
    """With `keeps_draft`, the page's form is kept as it is typed, and offered again until it is sent or thrown away; a form
    that is begun meanwhile is kept beside it. The form carries a token (components/form_token.html), which tells them apart.

    Somebody whose sign-in has run out signs in again and finds the form as they sent it. The page calls `forget_draft`
    once its form has done its work, and shows `typed`, unjudged, where that is not None.
    """

    keeps_draft: ClassVar[bool] = False

    @property
    def draft_name(self) -> str:
        """What drafts of this form (and record) are known by."""
        match = self.request.resolver_match
        return "-".join([match.url_name or "", *(str(value) for value in match.kwargs.values())]) if match else ""

    @cached_property
    def drafts(self) -> dict[int, Draft]:
        """What this person has typed into this form and not sent, by number."""
        return drafts.drafts_of(cast(User, self.request.user), self.draft_name) if self.keeps_draft else {}

    @property
    def offered(self) -> list[tuple[str, int, Draft]]:
        """The drafts that this person may go on with, and where; none while they are at one already."""
        if self.request.method != "GET" or self.typed is not None:
            return []
        return [(self._address({ASKED: str(number)}), number, draft) for number, draft in self.drafts.items()]

    @property
    def typed(self) -> QueryDict | None:
        """What the form is to be shown with, where somebody goes on with a draft: the one that is named, or the latest."""
        asked = self.request.GET.get(ASKED, "")
        numbers = {str(number): draft for number, draft in self.drafts.items()} if asked else {}
        latest = max(numbers.values(), key=lambda draft: draft.saved_at, default=None)
        draft = latest if asked == LATEST else numbers.get(asked)
        if draft is None:
            return None
        typed = QueryDict(mutable=True)
        for name, values in draft.fields.items():
            typed.setlist(name, values)
        return typed

    def forget_draft(self) -> None:
        """The form has been sent: what was typed into it is no draft any more."""
        if self.keeps_draft:
            user, sent = cast(User, self.request.user), dict(self.request.POST.lists())
            drafts.forget_sent(user=user, form=self.draft_name, fields=sent)

    def for_strangers(self) -> HttpResponse:
        """To the sign-in page; what they have sent waits on this side until they are back."""
        if not self.keeps_draft or self.request.method != "POST":
            return super().for_strangers()
        if KEEP in self.request.POST:
            return HttpResponse(status=401)
        typed = _typed_in(self.request.POST)
        if sum(len(value) for values in typed.values() for value in values) < drafts.LARGEST:
            by = self.request.POST.get(TYPED_BY, "")
            self.request.session[_WAITS] = {"form": self.draft_name, "by": by, "fields": typed}
            self.request.session.set_expiry(WAITS_SECONDS)
        return self.to_sign_in(self._address({ASKED: LATEST}))

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What concerns the draft is answered here, everything else by the page."""
        if self.keeps_draft and request.method == "POST" and KEEP in request.POST:
            return self._keep(request)
        if self.keeps_draft and request.method == "POST" and THROW in request.POST:
            self._throw_away(request.POST[THROW])
            return redirect(self._address({}))
        if self.keeps_draft and request.method == "GET":
            self._take_over(request)
        return super().answer(request, *args, **kwargs)

    def _keep(self, request: HttpRequest) -> HttpResponse:
        user = cast(User, request.user)
        if drafts.was_sent(user, key_of(request.POST)):
            return HttpResponse(status=204)
        try:
            draft = drafts.keep(user=user, form=self.draft_name, fields=_typed_in(request.POST), at=timezone.now())
        except ValidationError:
            return HttpResponse(status=413)
        return JsonResponse({"kept": date_format(timezone.localtime(draft.saved_at), "H:i")})

    def _throw_away(self, asked: str) -> None:
        number = int(asked) if asked.isdecimal() and len(asked) < 3 else 1
        drafts.throw_away(user=cast(User, self.request.user), form=self.draft_name, number=number)

    def _take_over(self, request: HttpRequest) -> None:
        """What was sent before signing in becomes the draft of the one who had typed it, and nobody else's."""
        waits = request.session.get(_WAITS)
        if not waits or (waits["form"] != self.draft_name and waits["by"] == str(request.user.pk)):
            return
        del request.session[_WAITS]
        request.session.set_expiry(None)
        if waits["by"] == str(request.user.pk):
            user = cast(User, request.user)
            drafts.keep(user=user, form=self.draft_name, fields=waits["fields"], at=timezone.now())

    def _address(self, more: dict[str, str]) -> str:
        kept = {name: value for name, value in self.request.GET.items() if name != ASKED}
        query = urlencode(kept | more)
        return f"{self.request.path}?{query}" if query else self.request.path


def _typed_in(sent: QueryDict) -> dict[str, list[str]]:
    """The boxes and what is in them; the character that no database keeps is left out."""
    return {
        name: [value.replace("\0", "") for value in values]
        for name, values in sent.lists()
        if name not in _NOT_TYPED and "\0" not in name
    }
