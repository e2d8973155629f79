"""What a list can show: each column said once, read by the page's table, by the choice of columns and by exports."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from html import escape
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone

Value = str | int | Decimal | date | datetime | None
#: What a table shows where nobody gave a number; counting.md, "Symbols".
UNKNOWN = "x"


@dataclass(frozen=True)
class Column:
    """One column. `value` is what a spreadsheet holds of a row. `drawn` (crm.exports.cells) or `template`, given `row` and
    `user`, is how the page shows it, where that is more.

    `order` is the ordering of the list that its heading sorts by. `usual`: shown unless the reader chose otherwise.
    `seen`: who has the column at all. `heads` marks the cell that names the row. `repeats`: that cell says it as well, so
    that narrow screens leave the column out of the usual ones. `relation`: rows beside each that it reads; they are fetched
    where the column is shown.
    """

    key: str
    heading: str
    value: Callable[[Any], Value]
    template: str = ""
    drawn: Callable[[Any, Any], str] | None = None
    numeric: bool = False
    usual: bool = True
    order: str = ""
    heads: bool = False
    empty: str = ""
    repeats: bool = False
    relation: str = ""
    seen: Callable[[Any], bool] = lambda user: True

    def cell(self, row: Any, user: Any) -> str:
        """What the page shows, as HTML."""
        if self.drawn:
            return self.drawn(row, user)
        if self.template:
            return _compiled(self.template).render(Context({"row": row, "user": user}))
        return escape(_words(self.value(row)) or self.empty)


@cache
def _compiled(name: str) -> Any:
    return get_template(name).template  # type: ignore[attr-defined]


def _words(value: Value) -> str:
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{local.day} {local:%b %Y, %H:%M}"
    if isinstance(value, date):
        return short_day(value)
    if isinstance(value, int):
        return f"{value:,}"
    return intcomma(value) if isinstance(value, Decimal) else value or ""


def short_day(day: date) -> str:
    """A day in a table: 3 Sep 2026."""
    return f"{day.day} {day:%b %Y}"


def long_day(day: date) -> str:
    """A day in a sentence: 3 September 2026."""
    return f"{day.day} {day:%B %Y}"


def for_reader(columns: Iterable[Column], user: Any) -> list[Column]:
    """The columns that somebody may have."""
    return [column for column in columns if column.seen(user)]


def chosen(columns: Sequence[Column], keys: Iterable[str]) -> list[Column]:
    """The columns that the reader asked for, in the list's own order; the usual ones if they asked for none that exist.

    The column that names the row is always there.
    """
    wanted = set(keys)
    found = [column for column in columns if column.key in wanted]
    return [c for c in columns if c.heads or c in found] if found else [c for c in columns if c.usual]


def choice(label: str) -> Callable[[Any], str]:
    """The words of a field with choices."""
    return lambda row: getattr(row, f"get_{label}_display")()


def of(path: str, absent: str = "") -> Callable[[Any], Any]:
    """What stands at the end of a path such as ``guild.name``; `absent` where it breaks off."""
    names = path.split(".")

    def value(row: Any) -> Any:
        for name in names:
            row = getattr(row, name, None)
            if row is None:
                return absent or None
        return row

    return value
