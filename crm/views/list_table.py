"""The table of a list, its choice of columns and its saved views, ready for the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

from crm.exports.columns import Column, Value
from guilds.access.models import SavedView

#: What an address says that is no part of how the list looks.
_PASSING = ("cursor", "page", "export", "view")


def kept_query(parameters: QueryDict) -> str:
    """The part of an address that says how a list looks: filters, order and columns; nothing that is empty."""
    kept = [(name, value) for name, values in sorted(parameters.lists()) for value in values]
    looks = QueryDict(mutable=True)
    for name, value in kept:
        if name not in _PASSING and value:
            looks.appendlist(name, value)
    return looks.urlencode()


def looks_of(request: HttpRequest) -> list[tuple[str, str]]:
    """How a list looks now as pairs, for a form that has to keep it."""
    looks = QueryDict(kept_query(request.GET))
    return [(name, value) for name, values in looks.lists() for value in values]


def address_with(request: HttpRequest, **changed: str) -> str:
    """The present address with something else in it, from the first page on."""
    parameters = QueryDict(kept_query(request.GET), mutable=True)
    for name, value in changed.items():
        parameters[name] = value
    return f"?{parameters.urlencode()}"


@dataclass(frozen=True)
class Heading:
    """A column's heading; `address` sorts by it, `sorted` is what aria-sort says. `spare`: left out on narrow screens."""

    words: str
    numeric: bool
    spare: bool
    address: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class ListTable:
    """Headings, and rows to be drawn for a reader (crm.templatetags.rows): each column, and whether narrow screens miss it."""

    headings: list[Heading]
    columns: list[tuple[Column, bool]]
    rows: Sequence[Any]
    reader: Any

    @classmethod
    def of(
        cls, columns: Sequence[Column], rows: Sequence[Any], request: HttpRequest, order: str, orders: set[str]
    ) -> "ListTable":
        """The table of some rows, sorted by `order`; headings of `orders` sort."""
        headings = [_heading(column, request, order, orders) for column in columns]
        return cls(headings, [(column, _is_spare(column, request)) for column in columns], rows, request.user)

    def name_of(self, row: Any) -> Value:
        """The words that name a row."""
        return next(column for column, _ in self.columns if column.heads).value(row)


def _is_spare(column: Column, request: HttpRequest) -> bool:
    """One that the reader asked for is always there."""
    return column.repeats and "columns" not in request.GET


def _heading(column: Column, request: HttpRequest, order: str, orders: set[str]) -> Heading:
    spare = _is_spare(column, request)
    if column.order not in orders:
        return Heading(column.heading, column.numeric, spare)
    falling = order == f"-{column.order}"
    rising = order == column.order
    address = address_with(request, ordering=column.order if falling else f"-{column.order}")
    sorted_ = "descending" if falling else "ascending" if rising else "none"
    return Heading(column.heading, column.numeric, spare, address, sorted_)


@dataclass(frozen=True)
class ColumnChoice:
    """All columns of a list, which are shown now, and what else the form that changes them has to send."""

    columns: list[tuple[Column, bool]]
    others: list[tuple[str, str]]

    @classmethod
    def of(cls, columns: Sequence[Column], shown: Sequence[Column], request: HttpRequest) -> "ColumnChoice":
        """The choice that the address stands for."""
        others = [(name, value) for name, value in looks_of(request) if name != "columns"]
        return cls([(column, column in shown) for column in columns], others)


@dataclass(frozen=True)
class SavedViews:
    """A reader's own views of this list; `query` is how the list looks now, `current` the view that looks so."""

    views: list[SavedView]
    query: str
    current: SavedView | None

    @classmethod
    def of(cls, views: list[SavedView], request: HttpRequest) -> "SavedViews":
        """Those of one list."""
        query = kept_query(request.GET)
        return cls(views, query, next((view for view in views if view.query == query), None))
