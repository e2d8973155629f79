"""What may be done with a publication: publish, schedule, sign off, revise, show in public, discard."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from crm.forms.opportunities import VerbForm
from crm.forms.publications import ReviseForm, ScheduleForm, StatusForm
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from guilds.access.permissions import allowed
from guilds.audit.refusals import Conflict
from guilds.publishing import actions
from guilds.publishing.models import Publication, PublicationStatus


@dataclass(frozen=True)
class Verb:
    """A button on a publication. `act(by=…, publication=…, **what its form asked for)` is the action.

    `fits`: whether it makes sense now; `gone`: it may lead to a publication other than this one, or to none.
    """

    words: str
    act: Callable[..., Any]
    done: str
    permission: str
    fits: Callable[[Publication], bool]
    explained: str = ""
    form: type[VerbForm] = VerbForm
    grave: bool = False


def _draft(publication: Publication) -> bool:
    return publication.is_draft


def _provisional(publication: Publication) -> bool:
    return publication.status == PublicationStatus.PROVISIONAL


def _current(publication: Publication) -> bool:
    return publication.status in actions.PUBLISHED


def _to_sign(publication: Publication) -> bool:
    return publication.is_draft or _provisional(publication)


def _make_final(*, by: Any, publication: Publication) -> Publication:
    return actions.publish(by=by, publication=publication, status=PublicationStatus.FINAL)


def _show(*, by: Any, publication: Publication) -> Publication:
    return actions.show_in_public(by=by, publication=publication, on=True)


def _hide(*, by: Any, publication: Publication) -> Publication:
    return actions.show_in_public(by=by, publication=publication, on=False)


PUBLISH, MAKE, SIGN = "publication.publish", "publication.make", "publication.sign_off"
VERBS = {
    "publish": Verb(
        "Publish", actions.publish, "It is published", PUBLISH, _draft,
        "The figures are frozen as they are now, and never change again. Whatever changes later is shown beside them, "
        "and published by a new version.", StatusForm,
    ),
    "final": Verb(
        "Make it final", _make_final, "It is final", PUBLISH, _provisional,
        "The same figures, said to be final. If a record has changed since, revise it instead.",
    ),
    "revise": Verb(
        "Revise", actions.revise, "The new version is drafted. This one stays as it is", MAKE, _current,
        "A new version is drafted from the records as they are now. Both versions stay readable.", ReviseForm,
    ),
    "schedule": Verb(
        "Schedule", actions.schedule, "It is scheduled", PUBLISH, _draft,
        "It is published at that time with the figures as they are then.", ScheduleForm,
    ),
    "unschedule": Verb(
        "Take the schedule back", actions.unschedule, "It is scheduled no more", PUBLISH,
        lambda publication: publication.scheduled_for is not None,
        "It stays a draft until somebody publishes it.",
    ),
    "ask": Verb(
        "Ask for a sign-off", actions.ask_for_sign_off, "Somebody else of the team can sign it off now", MAKE,
        lambda publication: _to_sign(publication) and publication.sign_off_asked_at is None,
        "Anybody else of the team can look at the figures then, and sign them off on this publication's page.",
    ),
    "sign-off": Verb(
        "Sign off", actions.sign_off, "It is signed off", SIGN, _to_sign,
        "You say that you have looked at these figures, and that they are right. Your name stands with them.",
    ),
    "show": Verb(
        "Show it in public", _show, "Everybody who has the address can read it", PUBLISH,
        lambda publication: not publication.is_draft and not publication.is_public,
        "Everybody who has the address can read it, without signing in.",
    ),
    "hide": Verb(
        "Take it away from the public", _hide, "It is for those who sign in only", PUBLISH,
        lambda publication: publication.is_public,
        "Its public page is gone then. Those who sign in can still read it.", grave=True,
    ),
    "discard": Verb(
        "Discard the draft", actions.discard, "The draft is gone", MAKE, _draft,
        "The draft is thrown away. No record changes, and a new draft can be made at any time.", grave=True,
    ),
}  # fmt: skip


class PublicationVerb(FormPage, RecordPage):
    """One verb on one version."""

    permission_name = "publication.view"
    record: Publication

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Each verb has a permission of its own."""
        super().setup(request, *args, **kwargs)
        if kwargs["verb"] in VERBS:
            self.permission_name = VERBS[kwargs["verb"]].permission  # type: ignore[misc]

    @cached_property
    def verb(self) -> Verb:
        """The verb of the address. Raises Http404 for one that does not exist."""
        if self.kwargs["verb"] not in VERBS:
            raise Http404
        return VERBS[self.kwargs["verb"]]

    def records(self) -> QuerySet:
        """With what the page says."""
        return Publication.objects.for_list()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The verb's form, if it makes sense now. Raises Conflict."""
        if not self.verb.fits(self.record):
            raise Conflict(f"This version is {self.record.status}: “{self.verb.words}” is not possible now")
        return super().get(request, **kwargs)

    def initial(self) -> dict[str, Any]:
        """What the record suggests."""
        return self.verb.form.start(self.record)

    def form(self, *args: Any, **kwargs: Any) -> VerbForm:
        """What the verb asks for."""
        return self.verb.form(*args, **kwargs)

    @property
    def done(self) -> str:  # type: ignore[override]
        """What was done."""
        return self.verb.done

    names = {"at": "day"}

    def act(self, form: VerbForm) -> str:
        """Call the verb's action; a revision leads on to the new version, a discarded draft to the list."""
        found = self.verb.act(by=self.request.user, publication=self.record, **form.cleaned_data)
        return reverse("publication_detail", args=[found.pk]) if found else reverse("publication_list")

    def way_back(self) -> str:
        """The publication's own page."""
        return reverse("publication_detail", args=[self.record.pk])

    def words(self) -> dict[str, Any]:
        """What is about to be done, to what."""
        return {
            "heading": self.verb.words,
            "submit_label": self.verb.words,
            "explained": self.verb.explained,
            "grave": self.verb.grave,
            "about": str(self.record),
        }


def open_verbs(user: Any, publication: Publication, *, changed: bool = False) -> list[dict[str, Any]]:
    """The buttons that this reader has now. Nobody signs off what is their own; what has `changed` can't be made final."""
    own = publication.author_id == user.pk  # type: ignore[attr-defined]
    idle = {"sign-off"} if own else set()
    idle |= {"final"} if changed else set()
    return [
        {"verb": verb, "address": reverse("publication_verb", args=[publication.pk, name])}
        for name, verb in VERBS.items()
        if verb.fits(publication) and allowed(user, verb.permission, publication) and name not in idle
    ]
