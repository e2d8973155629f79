"""What every page shares: it names its permission, asks for a sign-in, shows only what may be seen, and words a conflict."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views import View
from django_htmx.http import HttpResponseClientRedirect

from crm.forms.errors import summary_of
from guilds.access.permissions import allowed
from guilds.audit.refusals import Conflict


class Page(View):
    """A page for somebody signed in who may do what `permission_name` says.

    Nobody signed in is sent to the sign-in page, somebody who may not gets 403, and a Conflict that no method has
    answered itself becomes a page that says why (409).
    """

    permission_name: ClassVar[str]
    template_name: ClassVar[str] = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask the permission table before anything else happens."""
        if not request.user.is_authenticated:
            return self.for_strangers()
        if not allowed(request.user, self.permission_name, self.subject()):
            raise PermissionDenied
        try:
            return self.answer(request, *args, **kwargs)
        except Conflict as conflict:
            return self.overtaken(conflict)

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What comes after the permission was asked for: the method of the request."""
        return super().dispatch(request, *args, **kwargs)

    def for_strangers(self) -> HttpResponse:
        """Where somebody who has not signed in goes first."""
        return self.to_sign_in(self.request.get_full_path())

    def to_sign_in(self, address: str) -> HttpResponse:
        """To the sign-in page and then to an address; where a script asked for a part of a page, the whole page goes."""
        answer = redirect_to_login(address)
        return HttpResponseClientRedirect(answer.url) if self.request.headers.get("HX-Request") else answer

    def subject(self) -> Any:
        """What the permission is asked about: a record, or None for the page as a whole."""
        return None

    def overtaken(self, conflict: Conflict) -> HttpResponse:
        """Say why it can't be done any more, with the way back to where it was tried."""
        context = {"reason": " ".join(conflict.messages), "back": self.way_back()}
        return render(self.request, "409.html", context, status=409)

    def way_back(self) -> str:
        """The address that a page about a conflict leads back to."""
        return "/"

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page's own template. A form that was sent and comes back with what is wrong is a 422."""
        forms = _flat([context.get("form"), context.get("forms")])
        refused = status == 200 and self.request.method == "POST" and bool(summary_of(forms))
        return render(self.request, self.template_name, {"view": self} | context, status=422 if refused else status)


def _flat(forms: Any) -> list[BaseForm | BaseFormSet]:
    """The forms and formsets among what a template is given."""
    if isinstance(forms, BaseForm | BaseFormSet):
        return [forms]
    return [form for part in forms for form in _flat(part)] if isinstance(forms, list | tuple) else []


class RecordPage(Page):
    """A page about one record, found among those that its reader may see: any other is 404, never 403."""

    def records(self) -> QuerySet:
        """Where the record is looked for, before sight is narrowed to the reader's."""
        raise NotImplementedError

    @cached_property
    def record(self) -> Model:
        """The record of the address. Raises Http404 for one that is not there for this reader."""
        return get_object_or_404(self.records().visible_to(self.request.user), pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def subject(self) -> Any:
        """The record itself."""
        return self.record
