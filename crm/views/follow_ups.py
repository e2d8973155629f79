"""Follow-ups: what the team must do, and by when."""

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from crm.exports.lists import FOLLOW_UPS
from crm.filtersets.follow_ups import FollowUpFilterSet
from crm.forms.follow_ups import CorrectFollowUpForm, DropForm, FinishForm, FollowUpForm, HandOverForm, SnoozeForm
from crm.forms.opportunities import VerbForm
from crm.histories.follow_ups import FOLLOW_UP
from crm.histories.presenter import history_of
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from crm.views.lists import ListPage
from crm.views.opportunities import Verb, VerbPage
from guilds.access.permissions import allowed
from guilds.engagement import follow_up_actions as actions
from guilds.engagement.follow_ups import FOLLOW_UP_LIFECYCLE, FollowUp
from guilds.engagement.models import Engagement
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.models import Organisation
from guilds.pledges.models import Pledge

#: What a follow-up may be about: the name in an address, the model, and the organisation that it concerns too.
ABOUT: dict[str, tuple[type, str]] = {
    "organisation": (Organisation, ""),
    "engagement": (Engagement, ""),
    "pledge": (Pledge, "employer"),
    "placement": (Placement, "employer"),
    "apprenticeship": (Apprenticeship, "employer"),
}


def _move(verb: str) -> Callable[..., FollowUp]:
    def act(*, by: Any, follow_up: FollowUp, **more: Any) -> FollowUp:
        return actions.move_follow_up(by=by, follow_up=follow_up, verb=verb, **more)

    return act


VERBS = {
    "finish": Verb("Done", FinishForm, _move("finish"), "Done"),
    "snooze": Verb("Snooze", SnoozeForm, actions.snooze_follow_up, "Due later"),
    "give": Verb("Give to somebody", HandOverForm, actions.hand_over_follow_up, "Given to a colleague"),
    "drop": Verb("Drop", DropForm, _move("drop"), "It is dropped", "It need not be done any more."),
    "reopen": Verb("Open again", VerbForm, _move("reopen"), "It is to be done again"),
}
#: What a button does at once, asking for nothing.
AT_ONCE = ("finish", "reopen")
#: No steps of a life, but only for what is still to be done.
WHILE_OPEN = ("snooze", "give")


#: What the list shows of each: people, what it is about, and the rest.
_PEOPLE = ("assigned_to", "assigned_by", "organisation")
LISTED = (
    *(f"{one}__name" for one in _PEOPLE), "engagement__title", "pledge__quantity", "pledge__kind", "placement",
    "apprenticeship", "what", "due_on", "status", "outcome", "created_at",
)  # fmt: skip


class FollowUpList(ListPage):
    """What is to be done: the reader's own, unless they ask for everybody's."""

    permission_name = "followup.view"
    template_name = "follow_ups/list.html"
    filterset_class = FollowUpFilterSet
    orderings = (("due_on", "Due first"), ("-due_on", "Due last"), ("-created_at", "Newest"))
    narrowing = tuple(ABOUT)
    columns, title = FOLLOW_UPS, "Follow-ups"

    def rows(self) -> QuerySet:
        """With all that the list shows."""
        seen = FollowUp.objects.visible_to(self.request.user)
        return seen.select_related(*_PEOPLE, "engagement", "pledge").only(*LISTED)

    def extras(self, listing: Any) -> dict[str, Any]:
        """The day, which says what is overdue; and what may be done with the chosen ones."""
        may_change = allowed(self.request.user, "followup.change")
        verbs = {name: verb for name, verb in VERBS.items() if name != "reopen"} if may_change else {}
        return {"today": timezone.localdate(), "may_change": may_change, "verbs": verbs}


def in_full(user: Any) -> QuerySet[FollowUp]:
    """Follow-ups that somebody sees, with all that is shown of them."""
    led = ("pledge", "placement", "apprenticeship")
    about = (*_PEOPLE, "engagement", *(f"{noun}__employer" for noun in led))
    return FollowUp.objects.visible_to(user).select_related(*about)


class FollowUpDetail(RecordPage):
    """One thing to do: what about, who does it, by when, and what became of it."""

    permission_name = "followup.view"
    template_name = "follow_ups/detail.html"
    record: FollowUp

    def records(self) -> QuerySet:
        """With all that the page shows."""
        return in_full(self.request.user)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What there is to know, and the buttons."""
        return self.page(
            follow_up=self.record,
            today=timezone.localdate(),
            may_change=allowed(request.user, "followup.change"),
            history=history_of(self.record, FOLLOW_UP, reader=request.user),  # type: ignore[arg-type]
        )


class FollowUpForms(FormPage):
    """What the pages with boxes about a follow-up share."""

    permission_name = "followup.change"
    adds_organisations = True

    def form(self, *args: Any, **kwargs: Any) -> FollowUpForm:
        """What, who and when."""
        return FollowUpForm(*args, user=self.request.user, **kwargs)


class NewFollowUp(FollowUpForms):
    """Give somebody something to do; the line on a record's page posts here too, with `in_days` instead of a day."""

    heading, done = "Add a follow-up", "The follow-up is added"

    @cached_property
    def about(self) -> dict[str, Any]:
        """The record that the address names, such as ``?organisation=``, if this person sees it; with its organisation."""
        for noun, (model, organisation) in ABOUT.items():
            found = _seen(model, self.request.GET.get(noun, ""), self.request.user)
            if found is not None:
                return {noun: found} | ({"organisation": getattr(found, organisation)} if organisation else {})
        return {}

    def initial(self) -> dict[str, Any]:
        """For oneself, about what one came from."""
        return {"assigned_to": self.request.user.pk, "organisation": self.about.get("organisation")}

    def form(self, *args: Any, **kwargs: Any) -> FollowUpForm:
        """A line on a page says only what, and in how many days."""
        if args and "in_days" in args[0]:
            args = (self._spelt_out(args[0]), *args[1:])
        return super().form(*args, **kwargs)

    def act(self, form: FollowUpForm) -> str:
        """Add it."""
        actions.add_follow_up(by=self.request.user, **self.about | form.cleaned_data)
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """What it is about."""
        nouns = [noun for noun in self.about if noun != "organisation"]
        return super().words() | {"about": str(self.about[nouns[0]]) if nouns else ""}

    def way_back(self) -> str:
        """The page that one came from, or the list."""
        return address_of(*next(iter(self.about.items()))) if self.about else reverse("follow_up_list")

    def _spelt_out(self, sent: QueryDict) -> QueryDict:
        days = str(sent["in_days"])
        due = timezone.localdate() + timedelta(days=min(int(days), 366) if days.isdecimal() else 7)
        data = sent.copy()
        data.update({"due_on_day": str(due.day), "due_on_month": str(due.month), "due_on_year": str(due.year)})
        data["assigned_to"] = str(self.request.user.pk)
        organisation = self.about.get("organisation")
        if organisation:
            data.update({"organisation": str(organisation.pk), "organisation_text": organisation.name})
        return data


def _seen(model: Any, asked: str, user: Any) -> Any:
    try:
        return model.objects.visible_to(user).filter(pk=UUID(asked)).first() if asked else None
    except ValueError:
        return None


def address_of(noun: str, record: Any) -> str:
    """The page of what a follow-up is about."""
    return reverse(f"{noun}_detail", args=[record.pk])


class CorrectFollowUp(FollowUpForms, RecordPage):
    """Change what is to be done, by whom, by when, about which organisation."""

    heading, done = "Correct the follow-up", "The follow-up is changed"
    record: FollowUp

    def records(self) -> QuerySet:
        """With its organisation."""
        return FollowUp.objects.select_related("organisation")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        names = ("what", "due_on", "organisation", "version")
        return {name: getattr(self.record, name) for name in names} | {"assigned_to": self.record.assigned_to_id}

    def form(self, *args: Any, **kwargs: Any) -> FollowUpForm:
        """The same boxes, with the version that they show."""
        return CorrectFollowUpForm(*args, user=self.request.user, **kwargs)

    def act(self, form: FollowUpForm) -> str:
        """Change it."""
        fields = dict(form.cleaned_data)
        version = fields.pop("version")
        actions.correct_follow_up(by=self.request.user, follow_up=self.record, expected_version=version, **fields)
        return self.way_back()

    def way_back(self) -> str:
        """Its page."""
        return reverse("follow_up", args=[self.record.pk])


class FollowUpVerb(VerbPage):
    """Finish, snooze, give to somebody, drop or open again."""

    permission_name = "followup.change"
    lifecycle, verbs, noun = FOLLOW_UP_LIFECYCLE, VERBS, "follow_up"
    record: FollowUp

    def records(self) -> QuerySet:
        """With its organisation."""
        return FollowUp.objects.select_related("organisation")

    def form(self, *args: Any, **kwargs: Any) -> VerbForm:
        """What the verb asks for."""
        return form_of(self.verb, self.request.user, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The verb's form, if it is still to be done. Raises Conflict."""
        if self.kwargs["verb"] in WHILE_OPEN:
            actions.check_open(self.record)
            return FormPage.get(self, request, **kwargs)
        return super().get(request, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it. A button of the list does it at once, twice as well as once."""
        name = self.kwargs["verb"]
        if name in AT_ONCE and self.record.status == FOLLOW_UP_LIFECYCLE.steps[name].target:
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


def form_of(verb: Verb, user: Any, *args: Any, **kwargs: Any) -> VerbForm:
    """A verb's form; that which offers people knows who asks."""
    return verb.form(*args, **kwargs | ({"user": user} if verb.form is HandOverForm else {}))
