"""What history may lose, and nothing else may touch it: what it says of a person who has to be forgotten.

That something happened, when and by whom stays; only the words go.
"""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.db.models import Q

from guilds.audit.models import Event, StatusChange

#: What stands where something was erased.
ERASED = "[erased]"
Clean = Callable[[str], str]


def forget(
    subject_type: str,
    subject_id: UUID,
    *,
    clean: Clean,
    clean_reason: Clean | None = None,
    fields: Collection[str] = (),
    keep: Collection[str] = (),
) -> int:
    """Clean every text in one record's history but those under `keep`; what stands under `fields` goes altogether.

    Gives how many events and steps were changed. Call it in the transaction of the change that it belongs to.
    """
    about, reason_of = Q(subject_type=subject_type, subject_id=subject_id), clean_reason or clean
    changed = 0
    for event in Event.objects.filter(about).iterator():
        states = {name: cleaned(getattr(event, name), clean, fields, keep) for name in ("before", "after")}
        changed += _replace(event, states | {"reason": reason_of(event.reason)})
    for step in StatusChange.objects.filter(about).iterator():
        changed += _replace(step, {"reason": reason_of(step.reason)})
    return changed


def everything(text: str) -> str:
    """Leave nothing of a text."""
    return ERASED if text else ""


def as_it_is(text: str) -> str:
    """Leave a text alone."""
    return text


def cleaned(value: Any, clean: Clean, fields: Collection[str] = (), keep: Collection[str] = ()) -> Any:
    """A value of JSON with its texts cleaned; what stands under one of `fields`, however deep, is erased."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [cleaned(one, clean, fields, keep) for one in value]
    if isinstance(value, dict):
        return {name: _of_name(name, one, clean, fields, keep) for name, one in value.items()}
    return value


def _of_name(name: str, value: Any, clean: Clean, fields: Collection[str], keep: Collection[str]) -> Any:
    if name in keep:
        return value
    if name in fields:
        return ERASED if value else value
    return cleaned(value, clean, fields, keep)


def _replace(row: Event | StatusChange, values: dict[str, Any]) -> int:
    if all(getattr(row, name) == value for name, value in values.items()):
        return 0
    type(row)._default_manager.filter(pk=row.pk).update(**values)
    return 1
