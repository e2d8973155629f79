"""What is held about whoever is signed in: to read, to take along, to have corrected or erased."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from crm.forms.rights import AskForm
from crm.views.base import Page
from crm.views.form_page import FormPage
from guilds.access.models import User
from guilds.audit.models import Record
from guilds.rights import actions
from guilds.rights.holding import as_data, held_about
from guilds.rights.models import RequestKind, RightsRequest

FORMS = ("json", "html")
#: What each kind of request is called as a button, and what follows from it.
ASKED = {
    RequestKind.ACCESS: (
        "Ask for everything",
        "Perhaps somebody has also written you down as a person at an organisation, or in a note. We look for it and send "
        "you a copy within a month. If you have other names or addresses that you may stand under, say so.",
    ),
    RequestKind.CORRECT: (
        "Ask for a correction",
        "Say what is wrong and how it is right. We answer within a month.",
    ),
    RequestKind.ERASE: (
        "Ask for erasure",
        "Say whether all or only some of it is to go. Without your account you can’t sign in any more. We answer within a "
        "month; what was counted, such as the number of pledges, stays, without your name.",
    ),
}


class MyData(Page):
    """Who one is here, and all that belongs to it."""

    permission_name = "mydata.view"
    template_name = "rights/my_data.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        user = cast(User, request.user)
        asked = [(reverse("my_data_ask", args=[kind]), words) for kind, (words, _) in ASKED.items()]
        return self.page(
            sections=held_about(user),
            asked=asked,
            files=[(form, reverse("my_data_file", args=[form])) for form in FORMS],
            requests=list(RightsRequest.objects.filter(asked_by=user).visible_to(user)),
        )


class MyDataFile(Page):
    """The same as a file."""

    permission_name = "mydata.view"

    def get(self, request: HttpRequest, form: str) -> HttpResponse:
        """The download. Raises Http404 for a format that there is not."""
        return copy_of(request, cast(Record, request.user), form)


class AskAboutMyData(FormPage):
    """Ask for a copy, a correction, or erasure."""

    permission_name = "mydata.view"
    template_name = "rights/ask.html"
    done = "We have what you ask, and answer within a month"

    @property
    def kind(self) -> RequestKind:
        """What the address asks for. Raises Http404 for what nobody can ask for."""
        if self.kwargs["kind"] not in RequestKind.values:
            raise Http404
        return RequestKind(self.kwargs["kind"])

    def form(self, *args: Any, **kwargs: Any) -> AskForm:
        """In one's own words."""
        return AskForm(*args, needed=self.kind != RequestKind.ACCESS, **kwargs)

    def act(self, form: AskForm) -> str:
        """Ask."""
        actions.ask(by=self.request.user, kind=self.kind, on=timezone.localdate(), **form.cleaned_data)
        return self.way_back()

    def way_back(self) -> str:
        """What is held."""
        return reverse("my_data")

    def words(self) -> dict[str, Any]:
        """What follows from it."""
        heading, explained = ASKED[self.kind]
        return {"heading": heading, "submit_label": "Send", "explained": explained}


def copy_of(request: HttpRequest, person: Record, form: str) -> HttpResponse:
    """All that is held about somebody, as a file that they can keep."""
    if form not in FORMS:
        raise Http404
    sections, today = held_about(person), timezone.localdate()
    response: HttpResponse
    if form == "json":
        response = JsonResponse(as_data(sections), json_dumps_params={"indent": 2, "ensure_ascii": False})
    else:
        response = render(request, "rights/copy.html", {"sections": sections, "today": today})
    response.headers["Content-Disposition"] = f'attachment; filename="my-data-{today:%Y-%m-%d}.{form}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
