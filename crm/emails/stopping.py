"""The link at the foot of a mail that stops its kind: signed, so that nobody can make one up for somebody else."""

from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

from guilds.access.models import User
from guilds.organisations.models import Contact

_SALT = "guildhall.stop-mail"
_PEOPLE: dict[str, type[User] | type[Contact]] = {"user": User, "contact": Contact}


class Stop(NamedTuple):
    """Whose mail of which kind a link stops."""

    person: User | Contact
    kind: str


def token_for(person: User | Contact, kind: str) -> str:
    """Says no more of a person than an id."""
    return signing.dumps([person._meta.model_name, str(person.pk), kind], salt=_SALT)


def address_for(person: User | Contact, kind: str) -> str:
    """The whole address of the page with the button."""
    return settings.BASE_URL.rstrip("/") + reverse("mail_stop", args=[token_for(person, kind)])


def read(token: str) -> Stop | None:
    """What a link stands for; None for one that is not ours, or whose person is no longer here."""
    try:
        model, pk, kind = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    person = _PEOPLE[model]._default_manager.filter(pk=pk).first()
    return Stop(person, kind) if person else None
