"""Pages of a list by keyset: each goes on after the last row of the one before, however many were added meanwhile."""

import functools
import operator
from datetime import date
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model, Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

DEFAULT_SIZE, LARGEST = 50, 500
PARAMETERS = ("cursor", "page_size", "ordering", "count")
_signer = signing.Signer(salt="crm.api.pagination")


class Cursor(BasePagination):
    """`cursor`, `page_size`, `ordering` and `count` of a list.

    A cursor says in which order it counts, from which row, and whether back; it is signed, so that nobody can
    put anything else into it.
    """

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list[Model]:  # type: ignore[override]
        """The rows of the page that is asked for. Raises ValidationError for parameters that make no sense."""
        self.request, params = request, request.query_params
        self.size = page_size(params.get("page_size"))
        self.order = _order(params.get("ordering"), queryset.model, view.filterset_class.orderings)
        self.total = queryset.count() if _switch("count", params.get("count")) else None
        self.back, self.position = _read(params.get("cursor"), self.order, queryset.model)
        rows = list(self._window(queryset)[: self.size + 1])
        self.more = len(rows) > self.size
        rows = rows[: self.size]
        self.rows = rows[::-1] if self.back else rows
        return self.rows

    def get_paginated_response(self, data: list) -> Response:
        """The page, with the addresses of those before and after."""
        total = {} if self.total is None else {"count": self.total}
        return Response(total | {"next": self._next(), "previous": self._previous(), "results": data})

    def _window(self, queryset: QuerySet) -> QuerySet:
        order = [_turned(name) for name in self.order] if self.back else self.order
        if self.position is not None:
            queryset = queryset.filter(_after(order, self.position))
        return queryset.order_by(*order)

    def _next(self) -> str | None:
        there_is = self.more if not self.back else self.position is not None
        return self._address(self.rows[-1], back=False) if there_is and self.rows else None

    def _previous(self) -> str | None:
        there_is = self.more if self.back else self.position is not None
        return self._address(self.rows[0], back=True) if there_is and self.rows else None

    def _address(self, row: Model, *, back: bool) -> str:
        values = [_as_text(getattr(row, name.lstrip("-"))) for name in self.order]
        cursor = _signer.sign_object([",".join(self.order), int(back), *values])
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)


def _order(given: str | None, model: type[Model], orderings: tuple[str, ...]) -> list[str]:
    """The columns to order by, ending in the one that decides between equals."""
    names = [name for name in (given or "").split(",") if name] or list(model._meta.ordering)  # type: ignore[arg-type]
    unknown = [name for name in names if given and name.removeprefix("-") not in orderings]
    if unknown:
        known = ", ".join(orderings)
        raise _refusal("ordering", f"{known}; each with a minus before it for descending", "unknown_ordering")
    names = list({name.removeprefix("-"): name for name in reversed(names)}.values())[::-1]
    if not {"id", "-id"} & set(names):
        names.append("-id" if names[-1].startswith("-") else "id")
    return names


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _after(order: list[str], values: list[Any]) -> Q:
    """Rows beyond a position: beyond it in the first column, or level there and beyond it in the next, and so on."""
    steps, level = [], Q()
    for name, value in zip(order, values, strict=True):
        column = name.removeprefix("-")
        beyond = Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        steps.append(level & beyond)
        level &= Q(**{column: value})
    first = order[0].removeprefix("-")
    bound = Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": values[0]})
    # The bound says nothing new, but lets the database start in its index.
    return bound & functools.reduce(operator.or_, steps)


def _read(cursor: str | None, order: list[str], model: type[Model]) -> tuple[bool, list[Any] | None]:
    if cursor is None:
        return False, None
    try:
        given_order, back, *values = _signer.unsign_object(cursor)
    except signing.BadSignature:
        raise _refusal("cursor", "Take cursors from next and previous as they are", "invalid_cursor") from None
    if given_order != ",".join(order):
        raise _refusal("cursor", "This cursor belongs to another ordering", "invalid_cursor")
    fields = [_field(model, name.removeprefix("-")) for name in order]
    return bool(back), [_from_text(field, value) for field, value in zip(fields, values, strict=True)]


def _field(model: type[Model], name: str) -> Field:
    field = model._meta.get_field(name)
    if not isinstance(field, Field):
        raise FieldDoesNotExist(name)
    return field


def _as_text(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _from_text(field: Field, value: Any) -> Any:
    kind = field.get_internal_type()
    if kind == "DateTimeField":
        return parse_datetime(value)
    if kind == "DateField":
        return parse_date(value)
    return UUID(value) if kind == "UUIDField" else value


def page_size(given: str | None) -> int:
    """How many rows are asked for. Raises ValidationError for more than there may be."""
    if given is None:
        return DEFAULT_SIZE
    if not (given.isascii() and given.isdigit() and len(given) < 5 and 1 <= int(given) <= LARGEST):
        raise _refusal("page_size", f"Ask for 1 to {LARGEST}", "invalid")
    return int(given)


def _switch(name: str, given: str | None) -> bool:
    if given not in (None, "true", "false"):
        raise _refusal(name, "Say true or false", "invalid")
    return given == "true"


def _refusal(field: str, message: str, code: str) -> ValidationError:
    return ValidationError({field: [message]}, code=code)
