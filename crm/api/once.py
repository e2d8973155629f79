"""`Idempotency-Key`: a POST that is sent again is answered again, and done once."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from guilds.access.once import LONGEST_KEY, answer_once, digest

HEADER = "Idempotency-Key"
#: Says that an answer was kept from the first time.
REPLAYED = "Idempotency-Replayed"


class Answer(NamedTuple):
    """Status, JSON body and headers of a request that was done."""

    status: int
    body: Any
    headers: dict[str, str]


def respond(request: Request, produce: Callable[[], Answer]) -> Response:
    """Do it, all or nothing; with a key once however often it is sent, and with the first answer again.

    A refusal is not kept: mended, the same key may be sent again. Raises KeyReused (422) for a key that came with
    another request, ValidationError for what is no key.
    """
    key = request.headers.get(HEADER)
    if key is None:
        with transaction.atomic():
            answer = produce()
        return Response(answer.body, status=answer.status, headers=answer.headers)
    _check(key)

    def keep() -> tuple[int, Any]:
        answer = produce()
        # As text: a database that reads JSON would give its names back in another order.
        return answer.status, {"body": json.dumps(answer.body), "headers": answer.headers}

    kept = answer_once(user=request.user, key=key, digest=_digest(request), produce=keep)  # type: ignore[arg-type]
    replayed = {REPLAYED: "true"} if kept.repeated else {}
    return Response(json.loads(kept.body["body"]), status=kept.status, headers=kept.body["headers"] | replayed)


def _check(key: str) -> None:
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        message = f"Send 1 to {LONGEST_KEY} printable characters"
        raise ValidationError({HEADER: ValidationError(message, code="invalid")})


def _digest(request: Request) -> str:
    """The same request however its JSON is written."""
    return digest(request.method or "", request.get_full_path(), json.dumps(request.data, sort_keys=True))
