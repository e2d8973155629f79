"""Every change to users and API keys."""

import hashlib
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from guilds.access import sign_ins
from guilds.access.models import ApiClient, Role, Scope, User, UserQuerySet
from guilds.audit import recording
from guilds.audit.fields import known_fields, set_fields
from guilds.audit.refusals import Refusals, refuse

USER_FIELDS = frozenset({"email", "name", "role", "organisation", "is_organisation_administrator"})
#: What somebody may do follows from these: when one changes, they sign in again everywhere.
SIGNS_OUT = ("role", "organisation_id", "is_active")


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
    user = User(email=email.lower(), name=name or email.split("@")[0], role=role, organisation=organisation)
    user.set_password(password)
    guilds = list(guilds)
    _check_user(user, guilds)
    user.is_organisation_administrator = organisation is not None and not _colleagues(user).exists()
    return recording.create(user, by=by, verb="created", finish=lambda saved: saved.guilds.add(*guilds))


def correct_user(
    *, by: User | None, user: User, guilds: Iterable | None = None, expected_version: int | None = None, **fields
) -> User:
    """Change who somebody is to the system: e-mail, name, role, organisation, guilds.

    Raises ValidationError keyed by field, Overtaken.
    """
    known_fields(fields, USER_FIELDS, "user")
    with recording.changing(user, by=by, verb="corrected", expected_version=expected_version) as now:
        address_before, standing_before = now.email, _standing(now)
        set_fields(now, fields)
        now.email = now.email.lower()
        now.email_bounced_at = now.email_bounced_at if now.email == address_before else None
        of_guilds = list(now.guilds.all() if guilds is None else guilds)
        _check_user(now, of_guilds)
        now.guilds.set(of_guilds)
        _sign_out_if_changed(now, standing_before)
    user.__dict__.pop("guild_names", None)
    return user


def set_password(*, by: User | None, user: User, password: str | None, but_session: str = "") -> User:
    """Give somebody another password, or none; history says that it was changed, never what it is.

    They are signed out everywhere, but for the browser in which they did it.
    """
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        sign_ins.end_all(user=user, but=but_session)
        return recording.note(user, by=by, verb="password set")


def close_account(*, by: User | None, user: User, reason: str = "") -> User:
    """Let somebody in no longer, nor the programs that act for them; what they did stays theirs."""
    with recording.changing(user, by=by, verb="closed", reason=reason) as now:
        standing_before, now.is_active = _standing(now), False
        _sign_out_if_changed(now, standing_before)
    return user


def open_account(*, by: User | None, user: User, reason: str = "") -> User:
    """Let somebody in again."""
    with recording.changing(user, by=by, verb="opened", reason=reason) as now:
        now.is_active = True
    return user


def note_second_step_removed(*, by: User | None, user: User) -> User:
    """Somebody has no second step of signing in any more: they are signed out, and history tells of it."""
    return sign_out_everywhere(by=by, user=user, verb="second step removed")


def sign_out_everywhere(*, by: User | None, user: User, verb: str = "signed out everywhere") -> User:
    """Whoever is signed in as this person has to sign in again, wherever that is."""
    with transaction.atomic():
        now = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        _sign_out(now)
        now.save(update_fields=["sign_in_generation"])
        user.sign_in_generation = now.sign_in_generation
        return recording.note(user, by=by, verb=verb)


def _standing(user: User) -> tuple:
    return tuple(getattr(user, name) for name in SIGNS_OUT)


def _sign_out_if_changed(user: User, before: tuple) -> None:
    if _standing(user) != before:
        _sign_out(user)


def _sign_out(user: User) -> None:
    user.sign_in_generation += 1
    sign_ins.end_all(user=user)


def _colleagues(user: User) -> UserQuerySet:
    return User.objects.filter(organisation=user.organisation, role=user.role, is_active=True).exclude(pk=user.pk)


def _check_user(user: User, guilds: list) -> None:
    refusals = Refusals()
    refusals.add_when(
        user.role not in Role.values, "role", f"Choose one of: {', '.join(Role.values)}", "invalid_choice"
    )
    refusals.add_when(
        bool(guilds) and not user.is_coordinator,
        "guilds",
        "Only coordinators have guilds: leave them out",
        "not_coordinator",
    )
    others = User.objects.filter(email__iexact=user.email).exclude(pk=user.pk)
    refusals.add_when(others.exists(), "email", "Somebody has this e-mail already", "unique")
    of = user.organisation
    refusals.add_when(
        user.is_employer_member and of is not None and not of.is_employer,
        "organisation",
        f"{of} is not an employer: choose one",
        "not_employer",
    )
    refusals.add_when(
        user.is_school_member and of is not None and not of.is_provider,
        "organisation",
        f"{of} is not a school or college: choose one",
        "not_provider",
    )
    refusals.raise_if_any()


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
    if not user.is_active:
        raise refuse("user", "This account is closed: choose somebody who may sign in", "inactive")
    key = secrets.token_urlsafe(32)
    client = ApiClient(name=name, user=user, scopes=scopes, key_digest=key_digest(key))
    return recording.create(client, by=by, verb="created"), key


def revoke_api_client(*, by: User, client: ApiClient) -> ApiClient:
    """End a key at once."""
    with recording.changing(client, by=by, verb="revoked") as now:
        now.revoked_at = now.revoked_at or timezone.now()
    return client
