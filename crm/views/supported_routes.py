"""Supported routes into work: how many began, how it ended, and what came of it thirteen weeks after."""

from itertools import chain
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from crm.exports.supported import supported_table
from crm.exports.tables import FigureTable
from crm.figures import NOT_APPLICABLE, number, percent
from crm.forms.outcomes import OutcomeForm
from crm.views.base import RecordPage
from crm.views.exports import offered_files
from crm.views.form_page import FormPage
from crm.views.impact import FiguresPage
from guilds.access.permissions import allowed
from guilds.impact.figures import CONFIDENTIAL
from guilds.impact.periods import Period
from guilds.impact.supported import NOT_KNOWN, Route, hidden, routes
from guilds.opportunities.models import ENDED_STATUSES, Apprenticeship, Outcome, Placement
from guilds.opportunities.outcomes import SUSTAINED_AFTER, record_outcome, supported_placements

STAGES = (
    ("started", "Still there"),
    ("completed", "Completed"),
    ("withdrawn", "Left early"),
    ("did_not_attend", "Never came"),
)
#: So many are offered at a time for saying what came of them.
LISTED = 20


class SupportedRoutes(FiguresPage):
    """Both routes in a period; outside the team small numbers are hidden."""

    template_name = "impact/supported_routes.html"
    file_name = "supported_file"

    def figures(self, period: Period, form: Any) -> dict[str, Any]:
        """Two tables, and for the team the records that wait for their outcome."""
        found = [
            (route, set() if self.for_team else hidden(route, below=settings.SMALL_NUMBERS_BELOW))
            for route in routes(period)
        ]
        return {
            "found": found,
            "files": offered_files(self.request),
            "stages": [_stages(route, few) for route, few in found],
            "outcomes": [_outcomes(route, few) for route, few in found],
            "outcome_labels": ", ".join(f"{label}#" for label in (*Outcome.labels, "Not known")),
            "nothing": not any(route.started or route.stages["did_not_attend"] for route, _ in found),
            "below": settings.SMALL_NUMBERS_BELOW,
            "some_hidden": any(few for _, few in found),
            "due": self._due() if self.for_team else [],
        }

    def table_of(self, period: Period, context: dict[str, Any]) -> FigureTable:
        """Both tables as one."""
        return supported_table(period, context["found"])

    def _due(self) -> list[tuple[str, str]]:
        """Addresses and words of the records whose thirteen weeks are over, of whatever period, the oldest first."""
        user, over = self.request.user, timezone.localdate() - SUSTAINED_AFTER
        ended = {"status__in": ENDED_STATUSES, "ends_on__lte": over, "outcome": ""}
        placements = Placement.objects.visible_to(user).filter(supported_placements(), **ended)
        apprentices = Apprenticeship.objects.visible_to(user).filter(assisted=True, **ended)
        rows = chain(
            *(rows.select_related("employer").order_by("ends_on", "id")[:LISTED] for rows in (placements, apprentices))
        )
        return [(_outcome_address(row), f"{row} at {row.employer.name}, ended {row.ends_on:%-d %B %Y}")
                for row in rows if allowed(user, f"{row._meta.model_name}.change", row)]  # fmt: skip


class RecordOutcome(FormPage, RecordPage):
    """What had become of the learners of one placement."""

    permission_name = "placement.change"
    heading, done = "Thirteen weeks after", "What came of it is kept"
    model: Any = Placement

    def records(self) -> QuerySet:
        """With the employer."""
        return self.model.objects.select_related("employer")

    def form(self, *args: Any, **kwargs: Any) -> OutcomeForm:
        """One question."""
        return OutcomeForm(*args, **kwargs)

    def initial(self) -> dict[str, Any]:
        """What is known."""
        return {"outcome": self.record.outcome}  # type: ignore[attr-defined]

    def act(self, form: OutcomeForm) -> str:
        """Keep it."""
        record: Any = self.record
        record_outcome(by=self.request.user, record=record, on=timezone.localdate(), **form.cleaned_data)
        return self.way_back()

    def way_back(self) -> str:
        """The figures that it is in."""
        return reverse("supported_routes")

    def words(self) -> dict[str, Any]:
        """Of which record."""
        record: Any = self.record
        return super().words() | {"about": f"{record} at {record.employer.name}"}


class RecordApprenticeshipOutcome(RecordOutcome):
    """The same of assisted apprentices."""

    permission_name = "apprenticeship.change"
    model = Apprenticeship


def _outcome_address(row: Any) -> str:
    return reverse(f"{row._meta.model_name}_outcome", args=[row.pk])


def _stages(route: Route, few: set[str]) -> tuple[str, list[str]]:
    total = CONFIDENTIAL if "all" in few else number(route.started)
    return route.label, [total, *(_told(route.stages[stage], stage, few) for stage, _ in STAGES)]


def _outcomes(route: Route, few: set[str]) -> tuple[str, list[str], str]:
    counted = [_told(route.outcomes[outcome], outcome, few) for outcome in (*Outcome.values, NOT_KNOWN)]
    if "ended" in few:
        return route.label, [CONFIDENTIAL, *counted], CONFIDENTIAL
    if not route.known:
        return route.label, [number(route.ended), *counted], NOT_APPLICABLE
    share = f"{percent(route.sustained / route.known)}, {number(route.sustained)} of {number(route.known)}"
    return route.label, [number(route.ended), *counted], share


def _told(value: int, name: str, few: set[str]) -> str:
    return CONFIDENTIAL if name in few else number(value)
