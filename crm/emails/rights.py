"""Telling people that what they asked about their data is answered; of an erasure, while there is still an address."""

from collections.abc import Iterable
from smtplib import SMTPException
from typing import Any

from crm.emails.sending import send, send_at_once
from guilds.access.models import User
from guilds.organisations.models import Contact
from guilds.rights.models import RequestStatus, RightsRequest

KIND = "rights_answer"


def tell_answered(request: RightsRequest) -> None:
    """Whoever asked and can sign in is told that there is an answer, not what it says. Told once."""
    if request.asked_by is None:
        return
    outcome = "refused" if request.status == RequestStatus.REFUSED else "answered"
    context = _words(request, outcome)
    send(KIND, to=request.asked_by, about=request, context=context, once_key=f"rights:{request.pk}")


def tell_erased(people: Iterable[Any], request: RightsRequest | None) -> bool:
    """Say to those who are about to be erased that they are, each address once; nothing of it is kept.

    False where a mail could not be handed over, or may not be sent: they have to be told in another way.
    """
    reached, told = True, set[str]()
    for person in people:
        if isinstance(person, User | Contact) and person.email and person.email.lower() not in told:
            told.add(person.email.lower())
            try:
                reached &= send_at_once(KIND, to=person, context=_words(request, "erased")) is not None
            except (SMTPException, OSError):
                reached = False
    return reached


def _words(request: RightsRequest | None, outcome: str) -> dict[str, str]:
    what = request.get_kind_display() if request else "Erasure"
    asked_on = f"{request.received_on:%-d %B %Y}" if request else ""
    return {"what": what[0].lower() + what[1:], "asked_on": asked_on, "outcome": outcome}
