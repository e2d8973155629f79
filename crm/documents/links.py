"""The address of a shared statement: signed, so that nobody can guess or make one up, and nothing secret is kept."""

from uuid import UUID

from django.core import signing
from django.urls import reverse

from guilds.impact.shares import StatementShare

_SALT = "guildhall.statement"


def token_for(share: StatementShare) -> str:
    """What stands in the address; the same each time."""
    return signing.Signer(salt=_SALT).sign(share.pk.hex)


def address_for(share: StatementShare) -> str:
    """The page's address on this site."""
    return reverse("shared_statement", args=[token_for(share)])


def id_in(token: str) -> UUID | None:
    """The id of the share that a token stands for; None for one that is not ours."""
    try:
        return UUID(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
