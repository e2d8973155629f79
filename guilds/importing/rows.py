"""One row on its way in: its cells by column, what is read from them, and everything there is to say about it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices

from guilds.importing.values import Unreadable, is_missing

_FOOTNOTE = re.compile(r"\s*\(\d+\)$")
_GAPS = re.compile(r"[\s_]+")


@lru_cache(maxsize=2000)
def column_key(title: str) -> str:
    """A column's title as it is compared: no case, footnote number, underscores or stray spaces."""
    return _FOOTNOTE.sub("", _GAPS.sub(" ", title.lstrip("\ufeff")).strip()).lower()


@dataclass(slots=True)
class Row:
    """A row of the file. `number` is the spreadsheet's own; `columns` finds a column's cell in `raw`;

    `values` is what its layout made of it.
    """

    number: int
    titles: list[str]
    raw: list[str]
    columns: Mapping[str, int]
    values: dict[str, Any] = field(default_factory=dict)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    suggestions: list[tuple[str, str]] = field(default_factory=list)
    outcome: str = ""

    def has(self, column: str) -> bool:
        """Whether the file has this column at all."""
        return column_key(column) in self.columns

    def cell(self, column: str) -> str:
        """A cell as it stands, without surrounding space; empty where the file has no such column."""
        place = self.columns.get(column_key(column))
        return self.raw[place].replace("\x00", "").strip() if place is not None and place < len(self.raw) else ""

    def text(self, column: str, *, required: bool = False, longest: int | None = None) -> str:
        """A cell's words on one line; refused where they are too long, or missing though required."""
        words = " ".join(self.cell(column).split())
        if required and not words:
            self.refuse(column, "Enter this")
        if longest and len(words) > longest:
            self.refuse(column, f"This has {len(words)} characters: {longest} are the most")
        return words

    def known(self, column: str) -> str:
        """A register's words, where "NA" and the like mean that it knows nothing."""
        words = self.text(column)
        return "" if is_missing(words) else words

    def read(self, column: str, reader: Callable[[str], Any], *, required: bool = False) -> Any:
        """A cell through one of the readers of `values`; what can't be read is refused."""
        try:
            value = reader(self.cell(column))
        except Unreadable as error:
            self.refuse(column, str(error))
            return None
        if required and value in (None, ""):
            self.refuse(column, "Enter this")
        return value

    def try_read(self, column: str, reader: Callable[[str], Any]) -> Any:
        """As `read`, for registers: what can't be read is left out with a warning."""
        try:
            return reader(self.cell(column))
        except Unreadable as error:
            self.warn(column, f"Left out: {error}")
            return None

    def choice(self, column: str, choices: type[TextChoices], default: str = "") -> str:
        """One of a model's choices, by value or by label."""
        words = self.text(column)
        if not words:
            return default
        by_word = {word.lower(): value for value, label in choices.choices for word in (value, label)}
        found = by_word.get(words.lower()) or by_word.get(words.lower().replace(" ", "_").replace("-", "_"))
        if found is None:
            self.refuse(column, f"“{words}” is not one of: {', '.join(choices.values)}")
        return found or default

    def title_of(self, column: str) -> str:
        """A column's title as the file writes it."""
        place = self.columns.get(column_key(column))
        return column if place is None else self.titles[place].strip()

    def refuse(self, column: str, message: str) -> None:
        """Say why the row can't come in; go on looking for more reasons."""
        self.refusals.append((self.title_of(column), message))

    def warn(self, column: str, message: str) -> None:
        """Say what was not taken as it stands; the row comes in."""
        self.warnings.append((self.title_of(column), message))

    def suggest(self, column: str, message: str) -> None:
        """Say what a person might decide; nothing is applied."""
        self.suggestions.append((self.title_of(column), message))

    def refuse_for(self, error: ValidationError, columns: dict[str, str] | None = None) -> None:
        """Take over the refusals of an action; `columns` names the column of a field where they differ."""
        keyed = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
        for name, messages in keyed.items():
            for message in messages:
                self.refuse((columns or {}).get(name, name), message)


def refuse_together(rows: Iterable[Row], what: str) -> None:
    """Rows that are one record come in together or not at all; the sound ones say which row is at fault."""
    rows = list(rows)
    at_fault = [str(row.number) for row in rows if row.refusals]
    for row in rows:
        if at_fault and not row.refusals:
            row.refuse("reference", f"Row {', '.join(at_fault)} of the same {what} was refused")
