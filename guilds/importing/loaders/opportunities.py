"""Placements and apprenticeships, each by its reference, credited to the pledge that they fulfil."""

from dataclasses import dataclass
from typing import Any

from guilds.importing.loaders.base import Run, attempt
from guilds.importing.loaders.progress import bring_to
from guilds.importing.references import Organisations, by_reference, employer_pairs, provider_pairs
from guilds.importing.rows import Row
from guilds.opportunities import actions
from guilds.opportunities.models import APPRENTICESHIP_LIFECYCLE, PLACEMENT_LIFECYCLE, Apprenticeship, Placement
from guilds.pledges import actions as pledges
from guilds.pledges.models import Delivery, Pledge


@dataclass(frozen=True)
class Sort:
    """What differs between the two: their names, columns, lifecycles and actions."""

    model: type
    name: str
    permission: str
    facts: tuple[str, ...]
    lifecycle: Any
    add: Any
    correct: Any
    verbs: dict[str, Any]


PLACEMENTS = Sort(
    Placement,
    "placement",
    "placement.change",
    ("programme", "learners", "arranged_on", "starts_on", "ends_on", "hours"),
    PLACEMENT_LIFECYCLE,
    actions.arrange_placement,
    actions.correct_placement,
    {
        "start": actions.start_placement,
        "complete": actions.complete_placement,
        "cancel": actions.cancel_placement,
        "withdraw": actions.withdraw_placement,
        "did_not_attend": actions.mark_did_not_attend,
    },
)

APPRENTICESHIPS = Sort(
    Apprenticeship,
    "apprenticeship",
    "apprenticeship.change",
    ("positions", "opened_on", "starts_on", "intake"),
    APPRENTICESHIP_LIFECYCLE,
    actions.open_apprenticeship,
    actions.correct_apprenticeship,
    {
        "fill": actions.fill_apprenticeship,
        "start": actions.start_apprenticeship,
        "complete": actions.complete_apprenticeship,
        "close_unfilled": actions.close_apprenticeship_unfilled,
        "cancel": actions.cancel_apprenticeship,
        "withdraw": actions.withdraw_apprenticeship,
    },
)


class OpportunityLoader:
    """Loads placements or apprenticeships."""

    grouped_by = None
    chunk = 2_000

    def __init__(self, sort: Sort) -> None:
        self.sort, self.permission = sort, sort.permission

    def take(self, rows: list[Row], run: Run) -> None:
        """Look up what all rows refer to at once, then add or correct each."""
        self._employers = Organisations((row.text("employer") for row in rows), employer_pairs, "employer")
        self._providers = Organisations((row.text("provider") for row in rows), provider_pairs, "school or college")
        self._pledges = by_reference(Pledge, (row.text("pledge") for row in rows))
        self._known = by_reference(
            self.sort.model, (row.values.get("reference") for row in rows), ("employer", "delivery__pledge")
        )
        for row in rows:
            self._take_one(row, run)

    def _take_one(self, row: Row, run: Run) -> None:
        facts = self._facts(row, run)
        known = self._known.get(row.values["reference"])
        run.may(self.permission, self.sort.model(guild=facts["guild"]), row)
        if known:
            run.may(self.permission, known, row)
        if row.text("pledge") and row.text("pledge") not in self._pledges:
            row.refuse("pledge", f"There is no pledge {row.text('pledge')}: load it first")
        if not row.refusals:
            attempt(
                [row],
                {"reason": "status", "standard_title": "standard"},
                lambda: self._correct(row, run, known, facts) if known else self._add(row, run, facts),
            )

    def _facts(self, row: Row, run: Run) -> dict:
        facts = {name: row.values[name] for name in self.sort.facts}
        facts |= {"employer": self._employers.find(row, "employer"), "guild": run.places.guild(row)}
        if self.sort is PLACEMENTS:
            return facts | {"provider": self._providers.find(row, "provider")}
        return facts | _standard(row, run)

    def _add(self, row: Row, run: Run, facts: dict) -> str:
        status = row.values["status"]
        ended = status in ("cancelled", "withdrawn")
        record = self.sort.add(
            by=run.by, reference=row.values["reference"], status=status, reason=run.reason if ended else "", **facts
        )
        self._known[record.reference] = record
        self._credit(row, run, record)
        return "created"

    def _correct(self, row: Row, run: Run, record, facts: dict) -> str:
        version = record.version
        self.sort.correct(by=run.by, **{self.sort.name: record}, **facts)
        if row.text("status"):
            bring_to(record, row.values["status"], self.sort.lifecycle, lambda verb: self._move(run, record, verb))
        credited = self._credit(row, run, record)
        return "unchanged" if record.version == version and not credited else "updated"

    def _move(self, run: Run, record, verb: str) -> None:
        why = {"reason": run.reason} if self.sort.lifecycle.steps[verb].needs_reason else {}
        self.sort.verbs[verb](by=run.by, **{self.sort.name: record}, **why)

    def _credit(self, row: Row, run: Run, record) -> bool:
        """Link it to its pledge; whether that changed anything."""
        pledge = self._pledges.get(row.text("pledge"))
        link = Delivery.objects.filter(**{self.sort.name: record}).first()
        if pledge is None or (link and link.pledge_id == pledge.pk):
            return False
        if link:
            pledges.uncredit(by=run.by, delivery=link, reason=run.reason)
        pledges.credit(by=run.by, pledge=pledge, **{self.sort.name: record})
        return True


def _standard(row: Row, run: Run) -> dict:
    """A standard of the official list, or none; title and level are copied from it."""
    standard, level = run.places.standard(row), row.values["level"]
    copied = {"standard": standard} | ({"standard_title": standard.title} if standard else {})
    given = level or (standard.level if standard else None)
    return copied | ({"level": given} if given else {})
