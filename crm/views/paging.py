"""One page of a long list, as quick at its end as at its start: rows after a mark, never counted, never skipped over."""

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

PAGE_SIZE = 25


@dataclass(frozen=True)
class Listing:
    """Some rows; `previous` and `next` are marks for ``?cursor=``, or None at an end. {% pagination %} takes it as it is."""

    rows: list[Any]
    previous: str | None
    next: str | None


def page_of(queryset: QuerySet, cursor: str, *, order: str, size: int = PAGE_SIZE) -> Listing:
    """The page that a mark stands for (the first, for none or one that can't be read).

    `order` names a column (or an annotation) that is never empty, "-" before it for falling; ties are broken by id, so
    there should be an index on both.
    """
    name, falling = order.removeprefix("-"), order.startswith("-")
    mark = _read(cursor, queryset, name)
    backwards = bool(mark and mark[0] == "previous")
    rows = queryset
    if mark:
        rows = rows.filter(_beyond(name, mark[1], mark[2], below=falling != backwards))
    sign = "-" if falling != backwards else ""
    found = list(rows.order_by(f"{sign}{name}", f"{sign}id")[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    before, after = (more, True) if backwards else (mark is not None, more)
    return Listing(
        found,
        previous=_write("previous", found[0], name) if found and before else None,
        next=_write("next", found[-1], name) if found and after else None,
    )


def _beyond(name: str, value: Any, row_id: Any, *, below: bool) -> Q:
    side = "lt" if below else "gt"
    # The first condition says again what the second implies, so that the database starts in its index.
    return Q(**{f"{name}__{side}e": value}) & (
        Q(**{f"{name}__{side}": value}) | Q(**{name: value, f"id__{side}": row_id})
    )


def _write(direction: str, row: Model, name: str) -> str:
    value = getattr(row, name)
    words = value.isoformat() if isinstance(value, date | datetime) else value
    return base64.urlsafe_b64encode(json.dumps([direction, words, str(row.pk)]).encode()).decode().rstrip("=")


def _read(cursor: str, queryset: QuerySet, name: str) -> tuple[str, Any, Any] | None:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        direction, value, row_id = json.loads(base64.urlsafe_b64decode(padded))
        known = direction in ("previous", "next") and value is not None
        model, added = queryset.model, queryset.query.annotations.get(name)
        field = cast(Any, added.output_field if added else model._meta.get_field(name))
        key = cast(Any, model._meta.pk)
        return (direction, field.to_python(value), key.to_python(row_id)) if known else None
    except (ValueError, TypeError, AttributeError, ValidationError):
        return None
