"""A form that is sent twice, by a double click or a reload, makes one record."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction
from django.http import HttpRequest

from guilds.access.models import AnsweredRequest

#: The hidden field that carries the form's token; components/form_token.html writes it.
FIELD = "form_token"
_LEFT_OUT = ("csrfmiddlewaretoken", FIELD)


@dataclass(frozen=True)
class Answer:
    """Where the record is that the form made. `again`: it had been made before; `changed`: by other words than these."""

    address: str
    again: bool = False
    changed: bool = False


def new_token() -> str:
    """A token for a form that is shown for the first time."""
    return uuid4().hex


def token_of(request: HttpRequest) -> str:
    """The token of the form that was sent (or a new one): a form shown again keeps it."""
    return request.POST.get(FIELD, "")[:64] or new_token()


def once(request: HttpRequest, make: Callable[[], str]) -> Answer:
    """Call `make`, which makes a record and gives its address, unless this very form has made one already.

    A second request with the same token waits for the first one's transaction. Whatever `make` raises is raised, and
    then the token is as good as new.
    """
    digest = _digest(request)
    with transaction.atomic():
        answered, first = AnsweredRequest.objects.get_or_create(
            user_id=request.user.pk, key=f"form:{token_of(request)}", defaults={"request_digest": digest}
        )
        if first:
            answered.body = {"address": make()}
            answered.status = 302
            answered.save(update_fields=["body", "status"])
    return Answer((answered.body or {})["address"], again=not first, changed=answered.request_digest != digest)


def _digest(request: HttpRequest) -> str:
    sent = sorted((name, values) for name, values in request.POST.lists() if name not in _LEFT_OUT)
    return hashlib.sha256(repr(sent).encode()).hexdigest()
