"""Follow-ups: what the team must do, and by when."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from crm.exports.lists import FOLLOW_UPS
from crm.filtersets.follow_ups import FollowUpFilterSet
from crm.forms.follow_ups import DropForm, FollowUpForm, SnoozeForm
from crm.forms.opportunities import VerbForm
from crm.views.form_page import FormPage
from crm.views.lists import ListPage
from crm.views.opportunities import Verb, VerbPage
from guilds.access.permissions import allowed
from guilds.engagement import follow_up_actions as actions
from guilds.engagement.follow_ups import FOLLOW_UP_LIFECYCLE, FollowUp
from guilds.organisations.models import Organisation


def _move(verb: str) -> Any:
    def act(*, by: Any, follow_up: FollowUp, **more: Any) -> FollowUp:
        return actions.move_follow_up(by=by, follow_up=follow_up, verb=verb, **more)

    return act


VERBS = {
    "finish": Verb("Done", VerbForm, _move("finish"), "Done"),
    "snooze": Verb("Snooze", SnoozeForm, actions.snooze_follow_up, "It is due later"),
    "drop": Verb("Drop", DropForm, _move("drop"), "It is dropped", "It need not be done any more."),
    "reopen": Verb("Open again", VerbForm, _move("reopen"), "It is to be done again"),
}


class FollowUpList(ListPage):
    """What is to be done: the reader's own, unless they ask for everybody's."""

    permission_name = "followup.view"
    template_name = "follow_ups/list.html"
    filterset_class = FollowUpFilterSet
    orderings = (("due_on", "Due first"), ("-due_on", "Due last"), ("-created_at", "Newest"))
    narrowing = ("organisation",)
    columns, title = FOLLOW_UPS, "Follow-ups"

    def rows(self) -> QuerySet:
        """With all that the list shows."""
        return FollowUp.objects.visible_to(self.request.user).select_related(
            "assigned_to", "organisation", "engagement"
        )

    def extras(self, listing: Any) -> dict[str, Any]:
        """The day, which says what is overdue; and whether something may be added."""
        return {"today": timezone.localdate(), "may_change": allowed(self.request.user, "followup.change")}


class NewFollowUp(FormPage):
    """Give somebody something to do."""

    permission_name = "followup.change"
    heading, done = "Add a follow-up", "The follow-up is added"

    @cached_property
    def about(self) -> Organisation | None:
        """The organisation of ``?organisation=``, if this person sees it."""
        try:
            pk = UUID(self.request.GET.get("organisation", ""))
        except ValueError:
            return None
        return Organisation.objects.visible_to(self.request.user).filter(pk=pk).first()

    def initial(self) -> dict[str, Any]:
        """For oneself, about the organisation from whose page one came."""
        return {"assigned_to": self.request.user.pk, "organisation": self.about}

    def form(self, *args: Any, **kwargs: Any) -> FollowUpForm:
        """What, who and when."""
        return FollowUpForm(*args, user=self.request.user, **kwargs)

    def act(self, form: FollowUpForm) -> str:
        """Add it."""
        actions.add_follow_up(by=self.request.user, **form.cleaned_data)
        return self.way_back()

    def way_back(self) -> str:
        """The organisation's page, or the list."""
        return reverse("organisation_detail", args=[self.about.pk]) if self.about else reverse("follow_up_list")


class FollowUpVerb(VerbPage):
    """Finish, snooze, drop or open again."""

    permission_name = "followup.change"
    lifecycle, verbs, noun = FOLLOW_UP_LIFECYCLE, VERBS, "follow_up"
    record: FollowUp

    def records(self) -> QuerySet:
        """With its organisation."""
        return FollowUp.objects.select_related("organisation")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The verb's form; snoozing is no step of a life, but needs something that is still to do. Raises Conflict."""
        if self.kwargs["verb"] == "snooze":
            actions.check_open(self.record)
            return FormPage.get(self, request, **kwargs)
        return super().get(request, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it. Where nothing is asked, a button of the list does it at once, twice as well as once."""
        if self.verb.form is VerbForm and self.record.status == FOLLOW_UP_LIFECYCLE.steps[self.kwargs["verb"]].target:
            messages.success(request, self.done)
            return redirect(self.way_back())
        return super().post(request, **kwargs)

    def way_back(self) -> str:
        """The list."""
        return reverse("follow_up_list")

    def words(self) -> dict[str, Any]:
        """What it is about."""
        about = f"{self.record.what} ({self.record.organisation})" if self.record.organisation else self.record.what
        verb = self.verb
        return {"heading": verb.words, "submit_label": verb.words, "explained": verb.explained, "about": about}
