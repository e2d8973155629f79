"""Those who sign in: the list, one of them, who they are to the system, and letting them in no longer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from crm.exports.lists import PEOPLE
from crm.filtersets.people import PeopleFilterSet
from crm.forms.opportunities import MaybeReasonForm, VerbForm
from crm.forms.people import PersonForm
from crm.histories.people import USER_WORDING
from crm.histories.presenter import history_of
from crm.second_steps import remove_second_steps, second_steps_of
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from crm.views.lists import ListPage
from guilds.access import actions
from guilds.access.invitations import Invitation
from guilds.access.models import User
from guilds.access.permissions import allowed
from guilds.audit.refusals import Conflict

#: How many invitations the page of people shows; all are on a page of their own.
SHOWN = 5


class PeopleList(ListPage):
    """Those whose sign-in the reader cares for, and the invitations that wait for an answer."""

    permission_name = "user.view"
    template_name = "people/list.html"
    filterset_class = PeopleFilterSet
    orderings = (
        ("name", "Name, A to Z"), ("-name", "Name, Z to A"),
        ("-created_at", "Newest first"), ("created_at", "Oldest first"),
    )  # fmt: skip
    narrowing = ("organisation",)
    columns, title = PEOPLE, "People who sign in"

    def rows(self) -> QuerySet:
        """With all that the list shows."""
        people = User.objects.looked_after_by(self.request.user)
        return people.select_related("organisation").prefetch_related("guilds")

    def extras(self, listing: Any) -> dict[str, Any]:
        """The invitations that wait, and those who ask."""
        waiting = Invitation.objects.visible_to(self.request.user).filter(status="open")
        found = list(waiting.select_related("organisation", "invited_by")[: SHOWN + 1])
        return {
            "invitations": found[:SHOWN],
            "more_invitations": len(found) > SHOWN,
            "may_decide": allowed(self.request.user, "join.decide"),
        }

    def _prepare(self, form: Any) -> None:
        super()._prepare(form)
        if not cast(User, self.request.user).is_administrator:
            form.fields.pop("guild")
            form.fields.pop("role")


class PersonRecordPage(RecordPage):
    """A page about somebody who signs in."""

    permission_name = "user.view"

    @cached_property
    def record(self) -> User:
        """The person of the address, if the reader cares for their sign-in. Raises Http404."""
        people = User.objects.looked_after_by(self.request.user).select_related("organisation")
        found = people.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return cast(User, found)

    def way_back(self) -> str:
        """Their page."""
        return reverse("person", args=[self.record.pk])


def _appoint(*, by: User, user: User) -> None:
    actions.correct_user(by=by, user=user, is_organisation_administrator=True)


def _dismiss(*, by: User, user: User) -> None:
    actions.correct_user(by=by, user=user, is_organisation_administrator=False)


@dataclass(frozen=True)
class PersonVerb:
    """A button on somebody's page. `possible`: for whom it makes sense now."""

    words: str
    done: str
    explained: str
    act: Callable[..., Any]
    possible: Callable[[User], bool]
    form: type[VerbForm] = VerbForm
    permission: str = "user.close"
    grave: bool = False


VERBS = {
    "close": PersonVerb(
        "Close the account",
        "The account is closed",
        "They are signed out and can’t sign in any more, nor can programs that act for them. What they did stays.",
        actions.close_account,
        lambda user: user.is_active,
        MaybeReasonForm,
        grave=True,
    ),
    "open": PersonVerb(
        "Open the account again",
        "The account is open again",
        "They can sign in again, with what they could do before.",
        actions.open_account,
        lambda user: not user.is_active,
        MaybeReasonForm,
    ),
    "appoint": PersonVerb(
        "Let them look after colleagues",
        "They look after colleagues now",
        "They can invite people of their organisation, and close their accounts.",
        _appoint,
        lambda user: bool(user.is_active and user.organisation_id and not user.is_organisation_administrator),
    ),
    "dismiss": PersonVerb(
        "Let them look after colleagues no longer",
        "They no longer look after colleagues",
        "They can still sign in for their organisation.",
        _dismiss,
        lambda user: user.is_organisation_administrator,
    ),
    "sign-out": PersonVerb(
        "Sign them out everywhere",
        "They are signed out everywhere",
        "For when a device is lost. They can sign in again.",
        actions.sign_out_everywhere,
        lambda user: user.is_active,
    ),
    "second-step": PersonVerb(
        "Remove their second step",
        "Their second step is removed",
        "For when a phone or key is lost: passkeys, the authenticator app and recovery codes are of no use any more. Make "
        "sure first that it is really them who ask.",
        remove_second_steps,
        lambda user: bool(second_steps_of(user)),
        permission="user.change",
        grave=True,
    ),
}


def open_verbs(reader: Any, user: User) -> list[tuple[str, str]]:
    """The buttons that the reader has: address and words."""
    return [
        (reverse("person_verb", args=[user.pk, name]), verb.words)
        for name, verb in VERBS.items()
        if allowed(reader, verb.permission, user) and user.pk != reader.pk and verb.possible(user)
    ]


class Person(PersonRecordPage):
    """Somebody who signs in, what may be done about it, and what was."""

    template_name = "people/person.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What is known."""
        reader, person = cast(User, request.user), self.record
        return self.page(
            person=person,
            guilds=list(person.guilds.order_by("name").values_list("name", flat=True)),
            steps=second_steps_of(person) if reader.is_administrator else [],
            verbs=open_verbs(reader, person),
            may_correct=allowed(reader, "user.change", person),
            history=history_of(person, USER_WORDING, reader=reader) if reader.is_administrator else None,
        )


class CorrectPerson(FormPage, PersonRecordPage):
    """Who somebody is to the system."""

    permission_name = "user.change"
    heading, done = "Correct who they are", "It is changed"
    adds_organisations = True

    def form(self, *args: Any, **kwargs: Any) -> PersonForm:
        """The boxes."""
        return PersonForm(*args, **kwargs)

    def initial(self) -> dict[str, Any]:
        """As it is."""
        names = ("name", "email", "role", "organisation", "version")
        return {name: getattr(self.record, name) for name in names} | {"guilds": list(self.record.guilds.all())}

    def act(self, form: PersonForm) -> str:
        """Change it."""
        facts = dict(form.cleaned_data)
        version = facts.pop("version")
        actions.correct_user(by=cast(User, self.request.user), user=self.record, expected_version=version, **facts)
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """What follows from it."""
        explained = "When the role or the organisation changes, they have to sign in again everywhere."
        return super().words() | {"about": self.record.name, "explained": explained}


class ChangePerson(FormPage, PersonRecordPage):
    """One verb on somebody's sign-in."""

    permission_name = "user.close"

    @cached_property
    def verb(self) -> PersonVerb:
        """The verb of the address. Raises Http404 for one that does not exist."""
        if self.kwargs["verb"] not in VERBS:
            raise Http404
        return VERBS[self.kwargs["verb"]]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """One of them is an administrator's only."""
        super().setup(request, *args, **kwargs)
        if kwargs["verb"] in VERBS:
            self.permission_name = VERBS[kwargs["verb"]].permission  # type: ignore[misc]

    def form(self, *args: Any, **kwargs: Any) -> VerbForm:
        """What the verb asks for."""
        return self.verb.form(*args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The question, if it makes sense now. Raises Conflict."""
        if not self.verb.possible(self.record):
            raise Conflict(f"“{self.verb.words}” is not possible now: look at the page of {self.record.name} again")
        return super().get(request, **kwargs)

    @property
    def done(self) -> str:  # type: ignore[override]
        """What was done."""
        return self.verb.done

    def act(self, form: VerbForm) -> str:
        """Do it."""
        self.verb.act(by=self.request.user, user=self.record, **form.cleaned_data)
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """To whom."""
        verb = self.verb
        told = {"heading": verb.words, "submit_label": verb.words, "explained": verb.explained, "grave": verb.grave}
        return told | {"about": self.record.name}
