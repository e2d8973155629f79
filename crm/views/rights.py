"""What people ask about their data, for whoever answers: the list, noting one, answering; and what was erased."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from crm.emails.rights import tell_answered
from crm.exports.rights import ERASURES, RIGHTS_REQUESTS
from crm.filtersets.rights import ErasureFilterSet, RightsRequestFilterSet
from crm.forms.rights import AnswerForm, NoteRequestForm
from crm.histories.presenter import history_of
from crm.histories.rights import RIGHTS_REQUEST
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from crm.views.lists import ListPage
from guilds.access.models import User
from guilds.audit.refusals import Conflict
from guilds.rights import actions
from guilds.rights.models import REQUEST_LIFECYCLE, ErasureRecord, RightsRequest


class RightsRequestList(ListPage):
    """What people ask about their data, the most urgent first."""

    permission_name = "rights.view"
    template_name = "rights/list.html"
    filterset_class = RightsRequestFilterSet
    orderings = (("due_on", "Most urgent first"), ("-due_on", "Least urgent first"), ("-created_at", "Newest first"))
    columns, title = RIGHTS_REQUESTS, "Requests about personal data"

    def rows(self) -> QuerySet:
        """All of them."""
        return RightsRequest.objects.visible_to(self.request.user)


class ErasureList(ListPage):
    """That something was erased: who did it, when, why, and how many of what."""

    permission_name = "rights.view"
    template_name = "rights/erasures.html"
    filterset_class = ErasureFilterSet
    orderings = (("-at", "Latest first"), ("at", "Earliest first"))
    columns, title = ERASURES, "Erasures"

    def rows(self) -> QuerySet:
        """With who it was."""
        return ErasureRecord.objects.visible_to(self.request.user).select_related("by")


class NoteRightsRequest(FormPage):
    """Somebody asked by letter, mail or telephone."""

    permission_name = "rights.change"
    heading, done = "Note a request", "The request is noted"

    def form(self, *args: Any, **kwargs: Any) -> NoteRequestForm:
        """Who, what, when."""
        return NoteRequestForm(*args, **kwargs)

    def initial(self) -> dict[str, Any]:
        """Mostly it came today."""
        return {"received_on": timezone.localdate()}

    def act(self, form: NoteRequestForm) -> str:
        """Note it."""
        request = actions.note_request(by=self.request.user, **form.cleaned_data)
        return reverse("rights_request", args=[request.pk])

    def way_back(self) -> str:
        """The list."""
        return reverse("rights_request_list")


class RightsRequestPage(RecordPage):
    """A page about one request."""

    permission_name = "rights.view"
    record: RightsRequest

    def records(self) -> QuerySet:
        """With who asked."""
        return RightsRequest.objects.select_related("asked_by")

    def way_back(self) -> str:
        """Its page."""
        return reverse("rights_request", args=[self.record.pk])


class RightsRequestDetail(RightsRequestPage):
    """What somebody asks, until when to answer, and the way to what is held about them."""

    template_name = "rights/request.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page."""
        asked = self.record
        return self.page(
            asked=asked,
            open=bool(REQUEST_LIFECYCLE.open_verbs(asked.status)),
            history=history_of(asked, RIGHTS_REQUEST, reader=cast(User, request.user)),
        )


class AnswerRightsRequest(FormPage, RightsRequestPage):
    """Say that it is done, or why not: `verb` is `answer` or `refuse`."""

    permission_name = "rights.change"
    VERBS = {
        "answer": ("It is done", "Done", actions.answer),
        "refuse": ("Refuse the request", "Refuse", actions.refuse_request),
    }
    done = "The request is answered; whoever asked here is told by e-mail"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form, while nobody has answered. Raises Conflict."""
        if kwargs["verb"] not in REQUEST_LIFECYCLE.open_verbs(self.record.status):
            raise Conflict("This request is answered already")
        return super().get(request, **kwargs)

    def form(self, *args: Any, **kwargs: Any) -> AnswerForm:
        """What was done, or why not."""
        return AnswerForm(*args, **kwargs)

    def initial(self) -> dict[str, Any]:
        """The version that was read."""
        return {"version": self.record.version}

    def act(self, form: AnswerForm) -> str:
        """Answer it."""
        act, facts = self.VERBS[self.kwargs["verb"]][2], form.cleaned_data
        act(by=self.request.user, request=self.record, reason=facts["reason"], expected_version=facts["version"])
        tell_answered(self.record)
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """Which."""
        heading, button, _ = self.VERBS[self.kwargs["verb"]]
        about = f"{self.record.get_kind_display()}: {self.record.about}"
        return {"heading": heading, "submit_label": button, "about": about}
