"""The pledge desk as the hall sees it: the form, the wall, and what keeps the form at hand without a network."""

from typing import Any
from uuid import uuid4

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from crm.documents.desk_poster import picture_of
from crm.forms.desk import EntryForm
from crm.forms.refusals import show_refusal
from crm.views.desk_limits import seconds_to_wait, too_large
from guilds.audit.refusals import Conflict
from guilds.desk import actions, queries
from guilds.desk.models import Desk, DeskEntry

SENT_BEFORE = "This was sent before, with other answers. Send it again only if it is another pledge"


class PublicDesk(View):
    """A page for whoever has the code. Raises Http404 for a code that there is not."""

    permission_name = "public"
    desk: Desk

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the desk."""
        desk = queries.find_desk(kwargs["code"])
        if desk is None:
            raise Http404
        self.desk = desk
        return super().dispatch(request, *args, **kwargs)

    @property
    def is_open(self) -> bool:
        """Whether it takes anything now."""
        return self.desk.is_open(timezone.now())

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        """A page about the desk."""
        about = {"desk": self.desk, "engagement": self.desk.engagement}
        return render(self.request, template, about | context, status=status)


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class DeskForm(PublicDesk):
    """The form. Sent by a script it is answered in JSON, sent by the browser with a page.

    Nothing here rests on who somebody is, so there is nothing that a forged request could borrow: the code, the limits
    and the size stand for the token that other forms carry, and that a page kept on a phone could not have.
    """

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The empty form; after the browser has sent one, the word that it is here."""
        if not self.is_open:
            return self.closed()
        return self.form_page(self._form(initial={"key": uuid4()}), received="received" in request.GET)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Take one entry, once."""
        if too_large(request):
            return self.refused(413, "That is more than one pledge")
        wait = seconds_to_wait(request, self.desk)
        if wait:
            return self.refused(429, "Many people are sending at once. Wait a minute, then send it again", wait)
        form = self._form(request.POST)
        if not form.is_valid():
            return self.mend(form)
        return self.thank() if form.cleaned_data["leave_empty"] else self._take(form)

    def _take(self, form: EntryForm) -> HttpResponse:
        try:
            entry, again = actions.receive(by=None, desk=self.desk, **form.facts())
        except Conflict as conflict:
            return self.refused(409, " ".join(conflict.messages))
        except ValidationError as refusal:
            show_refusal(form, refusal)
            return self.mend(form)
        if again and not self._by_script and not _says_the_same(entry, form):
            form.add_error(None, SENT_BEFORE)
            return self.mend(form, key=uuid4())
        return self.thank()

    def thank(self) -> HttpResponse:
        """It is here: in one word, or on a page from which the way back leads to no filled form."""
        if self._by_script:
            return JsonResponse({"received": True}, status=201)
        return redirect(f"{self.request.path}?received=1{'&staffed=1' if self._staffed else ''}")

    def mend(self, form: EntryForm, key: Any = None) -> HttpResponse:
        """What is wrong; all that was written stays."""
        if self._by_script:
            return JsonResponse({"errors": {name: list(errors) for name, errors in form.errors.items()}}, status=422)
        if key:
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["key"] = str(key)  # type: ignore[index]
        return self.form_page(form, status=422)

    def refused(self, status: int, words: str, wait: int = 0) -> HttpResponse:
        """It can't be taken now; `wait`: seconds after which it can."""
        if self._by_script:
            answer: HttpResponse = JsonResponse({"refused": words}, status=status)
        elif self.is_open:
            form = self._form(self.request.POST if status != 413 else None, initial={"key": uuid4()})
            if form.is_bound:
                form.add_error(None, words)
            answer = self.form_page(form, status=status, refused=words)
        else:
            return self.closed()
        if wait:
            answer.headers["Retry-After"] = str(wait)
        return answer

    def form_page(self, form: EntryForm, status: int = 200, **context: Any) -> HttpResponse:
        """The page with the form as it stands."""
        return self.show("desk/form.html", status, form=form, staffed=self._staffed, **context)

    def closed(self) -> HttpResponse:
        """It was here and is no more; what waits on a phone is still sent from this page."""
        return self.show("desk/closed.html", status=410)

    def _form(self, *args: Any, **kwargs: Any) -> EntryForm:
        return EntryForm(*args, organisations=queries.participants(self.desk), staffed=self._staffed, **kwargs)

    @property
    def _staffed(self) -> bool:
        return bool(self.request.GET.get("staffed"))

    @property
    def _by_script(self) -> bool:
        return self.request.headers.get("Accept") == "application/json"


def _says_the_same(entry: DeskEntry, form: EntryForm) -> bool:
    names = ("organisation", "organisation_name", "name", "email", "kind", "quantity", "note")
    return all(getattr(entry, name) == form.cleaned_data[name] for name in names if name in form.cleaned_data)


@method_decorator(never_cache, name="dispatch")
class DeskWall(PublicDesk):
    """How much the room has promised, for a screen that everybody sees: sums only, nobody's name."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The page; `?part=1` what of it changes; `?still=1` for those whom moving pages disturb."""
        tally = queries.tally(self.desk)
        if "part" in request.GET:
            return self.show("desk/tally.html", tally=tally)
        address = request.build_absolute_uri(reverse("desk", args=[self.desk.code]))
        still = "still" in request.GET
        return self.show("desk/wall.html", tally=tally, is_open=self.is_open, still=still, picture=picture_of(address))


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the form at hand; it must come from /desk/ to be allowed to answer for it."""
    with staticfiles_storage.open("desk-worker.js") as file:
        answer = HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


worker.permission_name = "public"  # type: ignore[attr-defined]
