"""One verb on several placements or apprenticeships at once: what can't be changed is told, and holds up nothing else."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from crm.filtersets.opportunity_lists import ApprenticeshipListFilterSet, PlacementListFilterSet
from crm.forms.opportunities import VerbForm
from crm.views.apprenticeships import ApprenticeshipVerb
from crm.views.chosen import ChosenPage
from crm.views.opportunities import VerbPage
from crm.views.placements import PlacementVerb
from guilds.access.permissions import allowed
from guilds.audit.together import together
from guilds.opportunities.models import Apprenticeship, Placement


class BulkPage(ChosenPage):
    """Does what the page `one` does with one record to each of the chosen that allows it."""

    template_name = "opportunities/bulk.html"
    one: ClassVar[type[VerbPage]]
    model: ClassVar[Any]
    names = {"starts_on": "on", "ends_on": "on"}

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Some verbs have a permission of their own."""
        super().setup(request, *args, **kwargs)
        self.permission_name = self.one.permission_for(request.GET.get("verb", ""))  # type: ignore[misc]
        self.verbs = self.one.verbs  # type: ignore[misc]

    def seen(self) -> QuerySet:
        """As the list shows them."""
        return self.model.objects.visible_to(self.request.user).for_list()

    def sources(self) -> Iterable[str] | None:
        """As the record's life says."""
        steps = self.one.lifecycle.steps
        return steps[self.request.GET["verb"]].sources if self.request.GET["verb"] in steps else None

    def fits(self, record: Any) -> bool:
        """Whether the verb is possible in the record's state, and this person leads it."""
        return self.is_possible(record) and allowed(self.request.user, self.permission_name, record)

    def is_possible(self, record: Any) -> bool:
        """Whether the record's life allows it now."""
        return self.request.GET["verb"] in self.one.lifecycle.open_verbs(record.status)

    def name_of(self, record: Any) -> str:
        """How a refusal calls it."""
        return f"{record} ({record.employer})"

    def form(self, *args: Any, **kwargs: Any) -> VerbForm:
        """What the verb asks for: the same for all."""
        return self.verb.form(*args, **kwargs)

    def decide(self, form: VerbForm) -> tuple[int, list[str]]:
        """One by one, and saved together in a few queries."""
        refused = []
        with together(self.able):
            for record in self.able:
                try:
                    self.verb.act(by=self.request.user, **{self.one.noun: record}, **form.cleaned_data)
                except ValidationError as refusal:
                    refused.append(f"{self.name_of(record)}: {' '.join(refusal.messages)}")
        return len(self.able) - len(refused), refused

    def said(self, changed: int) -> str:
        """As of one, and to how many."""
        return f"{self.verb.done}: {changed} of {len(self.chosen)} chosen"


class BulkPlacements(BulkPage):
    """Placements."""

    permission_name = "placement.change"
    one, model = PlacementVerb, Placement
    filterset_class, list_name, order = PlacementListFilterSet, "placement_list", "arranged_on"


class BulkApprenticeships(BulkPage):
    """Apprenticeships."""

    permission_name = "apprenticeship.change"
    one, model = ApprenticeshipVerb, Apprenticeship
    filterset_class, list_name, order = ApprenticeshipListFilterSet, "apprenticeship_list", "opened_on"
