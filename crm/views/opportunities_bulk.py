"""One verb on several placements or apprenticeships at once: what can't be changed is told, and holds up nothing else."""

from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crm.forms.opportunities import VerbForm
from crm.views.apprenticeships import ApprenticeshipVerb
from crm.views.form_page import FormPage
from crm.views.opportunities import Verb, VerbPage
from crm.views.placements import PlacementVerb
from guilds.access.permissions import allowed
from guilds.opportunities.models import Apprenticeship, Placement

#: As many as a list shows on a page, and some to spare.
MOST = 100


class BulkPage(FormPage):
    """Asks once what the verb asks for, then does it to each of the chosen records that allows it."""

    template_name = "opportunities/bulk.html"
    one: ClassVar[type[VerbPage]]
    model: ClassVar[Any]
    names = {"starts_on": "on", "ends_on": "on"}

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Some verbs have a permission of their own."""
        super().setup(request, *args, **kwargs)
        self.permission_name = self.one.permission_for(request.GET.get("verb", ""))  # type: ignore[misc]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form; without anything chosen, back to the list."""
        if not request.GET.getlist("chosen"):
            messages.warning(request, "Choose one or more of the rows first")
            return redirect(self.way_back())
        return super().get(request, **kwargs)

    @cached_property
    def verb(self) -> Verb:
        """The verb that was asked for. Raises Http404 for one that does not exist."""
        name = self.request.GET.get("verb", "")
        if name not in self.one.verbs:
            raise Http404
        return self.one.verbs[name]

    @cached_property
    def chosen(self) -> list[Any]:
        """The chosen records that this person sees."""
        ids = [pk for pk in map(_id, self.request.GET.getlist("chosen")[:MOST]) if pk]
        return list(self._seen().filter(pk__in=ids))

    def _seen(self) -> QuerySet:
        return self.model.objects.visible_to(self.request.user).for_list()

    @cached_property
    def able(self) -> list[Any]:
        """Those of them that the verb fits now, and that this person leads."""
        fitting = [row for row in self.chosen if self.fits(row)]
        return [row for row in fitting if allowed(self.request.user, self.permission_name, row)]

    def fits(self, record: Any) -> bool:
        """Whether the verb is possible in the record's state."""
        return self.request.GET["verb"] in self.one.lifecycle.open_verbs(record.status)

    def name_of(self, record: Any) -> str:
        """How a refusal calls it."""
        return f"{record} ({record.employer})"

    def form(self, *args: Any, **kwargs: Any) -> VerbForm:
        """What the verb asks for: the same for all."""
        return self.verb.form(*args, **kwargs)

    def act(self, form: VerbForm) -> str:
        """Do it to each; a refusal of one is told and holds up no other."""
        refused = []
        for record in self.able:
            try:
                with transaction.atomic():
                    self.verb.act(by=self.request.user, **{self.one.noun: record}, **form.cleaned_data)
            except ValidationError as refusal:
                refused.append(f"{self.name_of(record)}: {' '.join(refusal.messages)}")
        self.changed = len(self.able) - len(refused)
        for words in refused:
            messages.error(self.request, words)
        return self.way_back()

    @property
    def done(self) -> str:  # type: ignore[override]
        """How many were changed."""
        changed = getattr(self, "changed", 0)
        return f"{self.verb.done}: {changed} of {len(self.chosen)} chosen"

    def way_back(self) -> str:
        """The list."""
        return reverse(f"{self.one.noun}_list")

    def words(self) -> dict[str, Any]:
        """What is about to be done, to how many."""
        return {
            "heading": self.verb.words,
            "submit_label": f"{self.verb.words} ({len(self.able)})",
            "explained": self.verb.explained,
            "grave": self.verb.grave,
            "able": self.able,
            "unable": [row for row in self.chosen if row not in self.able],
        }


class BulkPlacements(BulkPage):
    """Placements."""

    permission_name = "placement.change"
    one, model = PlacementVerb, Placement


class BulkApprenticeships(BulkPage):
    """Apprenticeships."""

    permission_name = "apprenticeship.change"
    one, model = ApprenticeshipVerb, Apprenticeship


def _id(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
