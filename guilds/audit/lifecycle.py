"""What may follow what: a lifecycle as a table of verbs, read by actions, pages and the API alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from guilds.audit.refusals import Conflict, Refusals


@dataclass(frozen=True)
class Step:
    """One verb: from which statuses, to which, and whether somebody must say why."""

    sources: frozenset[str]
    target: str
    needs_reason: bool = False


def step(sources: Iterable[str], target: str, *, needs_reason: bool = False) -> Step:
    """A readable way to write a Step."""
    return Step(frozenset(sources), target, needs_reason)


@dataclass(frozen=True)
class Lifecycle:
    """The verbs of one kind of record. `noun` is what a refusal calls it."""

    noun: str
    steps: dict[str, Step]

    def open_verbs(self, status: str) -> list[str]:
        """The verbs that are possible now, for buttons."""
        return [verb for verb, step in self.steps.items() if status in step.sources]

    def move(self, record, verb: str, reason: str = "") -> None:
        """Set the record's new status.

        Raises Conflict where the lifecycle forbids the verb now, ValidationError where the reason is missing.
        """
        taken = self.steps[verb]
        if record.status not in taken.sources:
            raise Conflict({"status": Conflict(self._forbidden(record, verb), code="lifecycle")})
        refusals = Refusals()
        refusals.add_when(taken.needs_reason and not reason.strip(), "reason", "Say why", "required")
        refusals.raise_if_any()
        record.status = taken.target

    def _forbidden(self, record, verb: str) -> str:
        able = ", ".join(sorted(self.steps[verb].sources))
        return f"This {self.noun} is {record.status}: only one that is {able} can be changed this way ({verb})"
