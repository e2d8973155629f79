"""A form that is sent twice, by a double click or a reload, makes one record."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import uuid4

from django.http import HttpRequest, QueryDict

from guilds.access.models import AnsweredRequest
from guilds.access.once import KeyReused, answer_once, digest

#: The hidden field that carries the form's token; components/form_token.html writes it.
FIELD = "form_token"
_LEFT_OUT = ("csrfmiddlewaretoken", FIELD)


class Made(NamedTuple):
    """Where the record is that the form made. `again`: an earlier request made it; `changed`: of other words than these."""

    address: str
    again: bool = False
    changed: bool = False


def new_token() -> str:
    """A token for a form that is shown for the first time."""
    return uuid4().hex


def token_of(sent: QueryDict) -> str:
    """The token of the form that was sent (or a new one): a form shown again keeps it."""
    return sent.get(FIELD, "")[:64] or new_token()


def key_of(sent: QueryDict) -> str:
    """What the record is known by that the form makes."""
    return f"form:{token_of(sent)}"


def once(request: HttpRequest, make: Callable[[], str]) -> Made:
    """Call `make`, which makes a record and gives its address, unless this very form has made one already.

    A second request with the same token waits for the first one's transaction. Whatever `make` raises is raised, and
    then the token is as good as new.
    """
    user, key = request.user, key_of(request.POST)
    assert user.is_authenticated
    sent = sorted((name, values) for name, values in request.POST.lists() if name not in _LEFT_OUT)
    try:
        answer = answer_once(user=user, key=key, digest=digest(request.path, repr(sent)), produce=lambda: (302, make()))
    except KeyReused:
        return Made(str(AnsweredRequest.objects.get(user=user, key=key).body), again=True, changed=True)
    return Made(answer.body, again=answer.repeated)
