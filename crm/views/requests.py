"""What schools and colleges ask for: the list, asking, one request and what may be done with it."""

from functools import cached_property
from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from crm.exports.lists import REQUESTS
from crm.filtersets.requests import RequestFilterSet
from crm.forms.requests import FOR, RequestCorrectionForm, RequestForm, RequestVerbForm, request_facts
from crm.histories.presenter import SHOWN, history_of
from crm.histories.requests import REQUEST
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from crm.views.lists import ListPage
from crm.views.paging import Listing
from guilds.access.permissions import allowed
from guilds.audit.refusals import Conflict
from guilds.matching.criteria import years_in_words
from guilds.pledges import request_actions as actions
from guilds.pledges.models import Allocation
from guilds.pledges.requests import REQUEST_LIFECYCLE, Request

ALL_HISTORY = 1000
#: What each verb is called, what it does, who has it: those who ask withdraw, the team closes.
VERBS = {
    "withdraw": ("Withdraw", "It is not needed any more. What was offered and not agreed yet is released.", "school"),
    "close": ("Close", "It can't be met, or was met in another way. The school or college can read why.", "staff"),
    "reopen": ("Open again", "It is needed again.", ""),
}


class RequestList(ListPage):
    """The team sees all requests, a school or college its own."""

    permission_name = "request.view"
    template_name = "requests/list.html"
    filterset_class = RequestFilterSet
    orderings = (
        ("-created_at", "Newest first"), ("created_at", "Oldest first"),
        ("-quantity", "Largest first"), ("quantity", "Smallest first"),
    )  # fmt: skip
    narrowing = ("provider",)
    columns, title = REQUESTS, "Requests"

    def rows(self) -> QuerySet:
        """With their progress."""
        return Request.objects.visible_to(self.request.user).for_list()

    def extras(self, listing: Listing) -> dict[str, Any]:
        """Whether something may be added: by everybody who sees the page."""
        return {"may_add": allowed(self.request.user, "request.add")}

    def _prepare(self, form: Any) -> None:
        super()._prepare(form)
        user = cast(Any, self.request.user)
        for name, needed in (("whose", user.is_coordinator), ("district", user.is_staff_member)):
            if not needed:
                form.fields.pop(name)


class NewRequest(FormPage):
    """Ask for something: a school or college for itself, the team for one."""

    permission_name = "request.add"
    template_name = "requests/form.html"
    heading, submit_label, done = "Ask for something", "Ask", "The request is made"
    adds_organisations = True

    def form(self, *args: Any, **kwargs: Any) -> RequestForm:
        """An empty form, or what was sent."""
        return RequestForm(*args, user=self.request.user, today=timezone.localdate(), **kwargs)

    def act(self, form: RequestForm) -> str:
        """Ask for it."""
        user = cast(Any, self.request.user)
        return address_of(actions.make_request(by=user, **{"provider": user.organisation} | form.facts()))

    def way_back(self) -> str:
        """The list."""
        return reverse("request_list")


class RequestPage(RecordPage):
    """A page about one request."""

    permission_name = "request.view"
    record: Request

    def records(self) -> QuerySet:
        """With their progress."""
        return Request.objects.for_list()

    def way_back(self) -> str:
        """The request's own page."""
        return address_of(self.record)


class RequestDetail(RequestPage):
    """A request: what is asked for, what was given, and what may be done with it."""

    template_name = "requests/detail.html"

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Facts, what was given, and history."""
        asked, user = cast(Any, self.record), cast(Any, request.user)
        given = Allocation.objects.visible_to(user).filter(request=asked).with_progress()
        size = ALL_HISTORY if request.GET.get("history") == "all" else SHOWN
        return self.page(
            asked=asked,
            given=given.select_related("pledge__employer"),
            years=years_in_words(asked.year_groups),
            needs=[words for name, words in FOR if getattr(asked, name)],
            verbs=open_verbs(user, asked),
            may_correct=asked.status == "open" and allowed(user, "request.change", asked),
            may_match=asked.standing == "open" and allowed(user, "request.match", asked),
            history=history_of(asked, REQUEST, reader=user, size=size),
        )


class CorrectRequest(FormPage, RequestPage):
    """Correct a request, unless somebody else has in the meantime."""

    permission_name = "request.change"
    template_name = "requests/form.html"
    heading, done = "Correct the request", "The request is corrected"

    def form(self, *args: Any, **kwargs: Any) -> RequestCorrectionForm:
        """The request as it is, or what was sent."""
        user, today = self.request.user, timezone.localdate()
        return RequestCorrectionForm(*args, user=user, today=today, request=self.record, **kwargs)

    def initial(self) -> dict[str, Any]:
        """The request as it is."""
        return request_facts(self.record)

    def act(self, form: RequestCorrectionForm) -> str:
        """Save the corrections."""
        version = form.cleaned_data["version"]
        actions.correct_request(by=self.request.user, request=self.record, expected_version=version, **form.facts())
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """Whose it is."""
        return super().words() | {"asked": self.record}


class RequestVerb(FormPage, RequestPage):
    """Withdraw, close or open again, with a reason."""

    permission_name = "request.change"

    @cached_property
    def verb(self) -> tuple[str, str, str]:
        """The verb of the address. Raises Http404 for one that does not exist, or that is somebody else's."""
        found = VERBS.get(self.kwargs["verb"])
        if found is None or not _has(self.request.user, found[2]):
            raise Http404
        return found

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form, if the verb is possible now. Raises Conflict if not."""
        if self.verb and self.kwargs["verb"] not in REQUEST_LIFECYCLE.open_verbs(self.record.status):
            raise Conflict(f"This request is {self.record.status}: “{self.verb[0]}” is not possible")
        return super().get(request, **kwargs)

    def form(self, *args: Any, **kwargs: Any) -> RequestVerbForm:
        """Why."""
        return RequestVerbForm(*args, **kwargs)

    def act(self, form: RequestVerbForm) -> str:
        """Do it."""
        assert self.verb
        reason = form.cleaned_data["reason"]
        actions.move_request(by=self.request.user, request=self.record, verb=self.kwargs["verb"], reason=reason)
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """What it does, to which request."""
        words, explained, _ = self.verb
        about = f"{self.record} for {self.record.provider}"
        return {"heading": words, "submit_label": words, "explained": explained, "about": about}


def open_verbs(user: Any, asked: Request) -> list[tuple[str, str]]:
    """The buttons that this person has on this request now: address and words."""
    if not allowed(user, "request.change", asked):
        return []
    return [
        (reverse("request_verb", args=[asked.pk, name]), VERBS[name][0])
        for name in REQUEST_LIFECYCLE.open_verbs(asked.status)
        if _has(user, VERBS[name][2])
    ]


def _has(user: Any, whose: str) -> bool:
    return not whose or bool(user.is_school_member if whose == "school" else user.is_staff_member)


def address_of(asked: Request) -> str:
    """The request's own page."""
    return reverse("request_detail", args=[asked.pk])
