"""Doing once what may be asked for twice: a request that is sent again with its key gets the first answer again."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from guilds.access.models import AnsweredRequest, User
from guilds.audit.refusals import refuse

LONGEST_KEY = 200


class KeyReused(ValidationError):
    """The key stands for another request already (HTTP 422)."""


class Answer(NamedTuple):
    """What was answered; `repeated` if it was kept from the first time."""

    status: int
    body: Any
    repeated: bool


def digest(*parts: str | bytes) -> str:
    """What a request is known by: its method, address and body, say. Different requests differ in it."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(f"{len(data)}:".encode() + data)
    return total.hexdigest()


def answer_once(*, user: User, key: str, digest: str, produce: Callable[[], tuple[int, Any]]) -> Answer:
    """Run `produce` once for each key of a user, and keep its (status, JSON body) in the same transaction.

    The same key at the same time waits for the first. If `produce` raises, everything is undone and the key is free
    again. Raises KeyReused where the key came with another `digest`, ValidationError on "key" that is no key.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise refuse("key", f"Send a key of 1 to {LONGEST_KEY} characters", "invalid")
    with transaction.atomic():
        kept = _reserve(user, key, digest)
        if kept.request_digest != digest:
            raise KeyReused({"key": KeyReused("This key was sent with another request before", code="key_reused")})
        if kept.status is not None:
            return Answer(kept.status, kept.body, repeated=True)
        kept.status, kept.body = produce()
        kept.save(update_fields=["status", "body"])
        return Answer(kept.status, kept.body, repeated=False)


def forget_answers(before: datetime) -> int:
    """Drop answers given before a moment: nobody sends those requests again. Gives their number."""
    return AnsweredRequest.objects.filter(at__lt=before).delete()[0]


def _reserve(user: User, key: str, digest: str) -> AnsweredRequest:
    """The row of this key, ours or an earlier request's. The insert waits while another one holds the key."""
    mine = AnsweredRequest(user=user, key=key, request_digest=digest)
    AnsweredRequest.objects.bulk_create([mine], ignore_conflicts=True)
    return AnsweredRequest.objects.get(user=user, key=key)
