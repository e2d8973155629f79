"""The rows behind a figure."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guilds.impact.periods import Period
from guilds.impact.scopes import EVERYWHERE, Scope


@dataclass(frozen=True)
class EvidenceRow:
    """One record behind a figure, without personal details.

    `record`: the model that `id` belongs to ("engagement", "pledge", "placement", "apprenticeship", "organisation").
    `contribution`: what it adds; `missing`: it has no number and adds 0. `promised`: of a pledge behind a ratio,
    whose contribution is what was delivered.
    """

    record: str
    id: UUID
    title: str
    on: date | None
    guild: str | None
    district: str | None
    organisation: str | None
    status: str
    contribution: int | float
    confirmed: int | None = None
    missing: bool = False
    promised: int | None = None


@dataclass(frozen=True)
class EvidencePage:
    """Some of the rows; `next` asks for those after. `total` is the figure."""

    rows: list[EvidenceRow]
    next: str | None
    total: int | float | None


def evidence(
    *,
    measure: str,
    period: Period,
    scope: Scope = EVERYWHERE,
    after: str | None = None,
    size: int = 50,
) -> EvidencePage:
    """The rows behind a figure. Raises ValidationError keyed "measure", "after", "guild", "district" or "kind"."""
    raise NotImplementedError
