"""Every change to users and API keys."""

import hashlib
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from guilds.access.models import ApiClient, Role, Scope, User
from guilds.audit import recording
from guilds.audit.refusals import Refusals


@transaction.atomic
def create_user(
    *,
    by: User | None,
    email: str,
    name: str = "",
    role: str,
    guilds: Iterable = (),
    organisation=None,
    password: str | None = None,
) -> User:
    """Add somebody who may sign in. Without a password they sign in by a code sent to `email`.

    Raises ValidationError keyed by field.
    """
    refusals = Refusals()
    refusals.add_when(role not in Role.values, "role", f"Choose one of: {', '.join(Role.values)}", "invalid_choice")
    guilds = list(guilds)
    refusals.add_when(bool(guilds) and role != Role.COORDINATOR, "guilds", "Only coordinators have guilds")
    refusals.add_when(
        User.objects.filter(email__iexact=email).exists(), "email", "Somebody has this e-mail already", "unique"
    )
    refusals.raise_if_any()
    user = User(email=email.lower(), name=name or email.split("@")[0], role=role, organisation=organisation)
    user.set_password(password)
    return recording.create(user, by=by, verb="created", finish=lambda saved: saved.guilds.set(guilds))


def key_digest(key: str) -> str:
    """What is kept of an API key. Keys are 256 random bits, so a plain digest can't be guessed back."""
    return hashlib.sha256(key.encode()).hexdigest()


def create_api_client(*, by: User | None, name: str, user: User, scopes: Iterable[str]) -> tuple[ApiClient, str]:
    """Make a key that acts for `user`; the key itself is returned once and never kept.

    Raises ValidationError keyed by field.
    """
    scopes = sorted(set(scopes))
    refusals = Refusals()
    refusals.add_when(
        not scopes or not set(scopes) <= set(Scope.values),
        "scopes",
        f"Choose one or more of: {', '.join(Scope.values)}",
        "invalid_choice",
    )
    refusals.raise_if_any()
    key = secrets.token_urlsafe(32)
    client = ApiClient(name=name, user=user, scopes=scopes, key_digest=key_digest(key))
    return recording.create(client, by=by, verb="created"), key


def revoke_api_client(*, by: User, client: ApiClient) -> ApiClient:
    """End a key at once."""
    with recording.changing(client, by=by, verb="revoked") as now:
        now.revoked_at = now.revoked_at or timezone.now()
    return client
