"""What the pages of placements and apprenticeships share: their verbs, and the page that each verb has."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, cast
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from crm.forms.opportunities import VerbForm
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from guilds.access.permissions import allowed
from guilds.audit.lifecycle import Lifecycle
from guilds.pledges import actions as pledge_actions
from guilds.pledges.models import Pledge


@dataclass(frozen=True)
class Verb:
    """A button on a record. `act(by=…, <noun>=record, **what its form asked for)` is the action.

    `permission`: what it asks for, where that is another than its page's.
    """

    words: str
    form: type[VerbForm]
    act: Callable[..., Any]
    done: str
    explained: str = ""
    grave: bool = False
    permission: str = ""


class VerbPage(FormPage, RecordPage):
    """One verb on one record: `noun` is what the actions call it."""

    lifecycle: ClassVar[Lifecycle]
    verbs: ClassVar[dict[str, Verb]]
    noun: ClassVar[str]
    names = {"starts_on": "on", "ends_on": "on"}

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Some verbs have a permission of their own."""
        super().setup(request, *args, **kwargs)
        self.permission_name = self.permission_for(kwargs["verb"])  # type: ignore[misc]

    @classmethod
    def permission_for(cls, verb: str) -> str:
        """What somebody must be allowed for a verb."""
        return (verb in cls.verbs and cls.verbs[verb].permission) or cls.permission_name

    @cached_property
    def verb(self) -> Verb:
        """The verb of the address. Raises Http404 for one that does not exist."""
        if self.kwargs["verb"] not in self.verbs:
            raise Http404
        return self.verbs[self.kwargs["verb"]]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The verb's form, if the record's life still allows it. Raises Conflict."""
        assert self.verb
        self.lifecycle.move(copy(self.record), self.kwargs["verb"], reason="to be given")
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

    def act(self, form: VerbForm) -> str:
        """Call the verb's action."""
        self.verb.act(by=self.request.user, **{self.noun: self.record}, **form.cleaned_data)
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """What is about to be done, to what."""
        return {
            "heading": self.verb.words,
            "submit_label": self.verb.words,
            "explained": self.verb.explained,
            "grave": self.verb.grave,
            "about": f"{self.record}, {self.record.employer.name}",  # type: ignore[attr-defined]
        }


def open_verbs(page: type[VerbPage], user: Any, record: Any) -> list[dict[str, Any]]:
    """The buttons that this person has on this record now."""
    return [
        {"verb": page.verbs[name], "address": reverse(f"{page.noun}_verb", args=[record.pk, name])}
        for name in page.lifecycle.open_verbs(record.status)
        if allowed(user, page.permission_for(name), record)
    ]


def verbs_for_some(page: type[VerbPage], user: Any) -> dict[str, Verb]:
    """What this person may do with some of the records of a list; which ones is asked of each."""
    return {name: verb for name, verb in page.verbs.items() if allowed(user, page.permission_for(name))}


class ForPledge:
    """A new record that a pledge's page asked for: it starts with the pledge's employer, and is credited to it."""

    request: HttpRequest

    @cached_property
    def pledge(self) -> Pledge | None:
        """The pledge of ``?pledge=``. Raises Http404 for one that this person may not match or can't see."""
        asked = self.request.GET.get("pledge")
        if not asked:
            return None
        try:
            pk = UUID(asked)
        except ValueError:
            raise Http404 from None
        seen = Pledge.objects.visible_to(self.request.user).select_related("employer", "guild")
        pledge = get_object_or_404(seen, pk=pk)
        if not allowed(self.request.user, "pledge.match", pledge):
            raise Http404
        return pledge

    def of_pledge(self) -> dict[str, Any]:
        """What the pledge says already; without one, the guild of a coordinator who has one only."""
        if self.pledge:
            return {"employer": self.pledge.employer, "guild": self.pledge.guild_id}
        user = cast(Any, self.request.user)
        return {"guild": next(iter(user.guild_slugs))} if user.is_coordinator and len(user.guild_slugs) == 1 else {}

    @transaction.atomic
    def credited(self, noun: str, record: Any) -> Any:
        """Credit what was made to the pledge, if it was made for one."""
        if self.pledge:
            pledge_actions.credit(by=self.request.user, pledge=self.pledge, **{noun: record})
        return record


def pledge_behind(record: Any, reader: Any) -> Pledge | None:
    """The pledge that a record fulfils, if its reader may see it."""
    credited = {f"deliveries__{record._meta.model_name}": record}
    return Pledge.objects.visible_to(reader).filter(**credited).first()
