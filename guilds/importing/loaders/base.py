"""What one run of an import carries with it, and what a loader of one kind promises."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction

from guilds.access.permissions import allowed
from guilds.importing.references import Places
from guilds.importing.rows import Row


@dataclass
class Run:
    """One run: who imports which file. `before` gathers former states of what has no history of its own."""

    by: Any
    filename: str
    today: date
    before: dict[str, dict] = field(default_factory=dict)
    places: Places = field(default_factory=Places)

    @property
    def reason(self) -> str:
        """Why something is cancelled or withdrawn, where a file only says that it is."""
        return f"As in the file {self.filename}"

    def may(self, permission: str, record: Any, row: Row, column: str = "guild") -> bool:
        """Whether the importing person may change this record; refused if not. The system itself may."""
        if self.by is None or allowed(self.by, permission, record):
            return True
        row.refuse(column, "You can only load what your own guilds lead")
        return False


class Loader(Protocol):
    """Takes the rows of one kind and gives each its `outcome`, or refusals."""

    permission: str
    #: How many rows are looked up, and for long files saved, at a time.
    chunk: int

    @property
    def grouped_by(self) -> str | None:
        """The column whose equal values make rows one record: such rows stand together in what `take` is given."""

    def take(self, rows: list[Row], run: Run) -> None:
        """Apply the rows through the topics' actions."""


def attempt(rows: list[Row], columns: dict[str, str], change: Callable[[], str]) -> None:
    """Run one change in a savepoint of its own; its outcome, or its refusals, go to the rows.

    `columns` names the column of an action's field where they differ.
    """
    try:
        with transaction.atomic():
            outcome = change()
    except ValidationError as error:
        rows[0].refuse_for(error, columns)
        return
    for row in rows:
        row.outcome = outcome
