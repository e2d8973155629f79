"""Every change to invitations and to requests to join."""

import hashlib
import secrets
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from guilds.access.actions import create_user
from guilds.access.invitations import (
    INVITATION_LIFECYCLE,
    JOIN_LIFECYCLE,
    MEMBER_ROLES,
    VALID_FOR,
    Invitation,
    InvitationStatus,
    JoinRequest,
)
from guilds.access.models import Role, User
from guilds.audit import recording
from guilds.audit.refusals import Conflict, Refusals

#: Who asks again and again is kept no more than this many times; the answer is the same.
ASKED_AT_MOST = 3


def token_digest(token: str) -> str:
    """What is kept of a link's token. Tokens are 256 random bits, so a plain digest can't be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite(
    *, by: User | None, email: str, role: str, name: str = "", organisation=None, guilds: Iterable[str] = ()
) -> tuple[Invitation, str]:
    """Ask somebody in; gives the invitation and the token of its link, which is kept nowhere.

    Raises ValidationError keyed by field.
    """
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        email=email.strip().lower(), name=name.strip(), role=role, organisation=organisation,
        guilds=sorted(guilds), invited_by=by, token_digest=token_digest(token), expires_at=timezone.now() + VALID_FOR,
    )  # fmt: skip
    _check(invitation)
    return recording.create(invitation, by=by, verb="invited"), token


def _check(invitation: Invitation) -> None:
    refusals = Refusals()
    of, role = invitation.organisation, invitation.role
    fits = of is None or (of.is_employer if role == Role.EMPLOYER else of.is_provider)
    refusals.add_when(
        role in MEMBER_ROLES and not fits, "organisation", f"{of} is of another kind: choose another role", "mismatch"
    )
    refusals.add_when(role in MEMBER_ROLES and of is None, "organisation", "Choose the organisation", "required")
    refusals.add_when(
        bool(invitation.guilds) and role != Role.COORDINATOR,
        "guilds",
        "Only coordinators have guilds: leave them out",
        "not_coordinator",
    )
    refusals.add_when(
        User.objects.filter(email__iexact=invitation.email).exists(),
        "email",
        "Somebody with this e-mail may sign in already",
        "unique",
    )
    open_ones = Invitation.objects.filter(email__iexact=invitation.email).open_at(timezone.now())
    refusals.add_when(
        open_ones.exists(),
        "email",
        "This address is invited already: send that invitation again, or take it back",
        "invited",
    )
    refusals.raise_if_any()


def renew(*, by: User | None, invitation: Invitation) -> str:
    """Make a new link, valid from now; the old one is of no use any more. Gives the new token. Raises Conflict."""
    token = secrets.token_urlsafe(32)
    with recording.changing(invitation, by=by, verb="sent again") as now:
        if now.status != InvitationStatus.OPEN:
            raise _conflict(f"This invitation is {now.get_status_display().lower()}: it can't be sent again")
        now.token_digest, now.expires_at = token_digest(token), timezone.now() + VALID_FOR
        now.times_sent += 1
    return token


def revoke(*, by: User | None, invitation: Invitation) -> Invitation:
    """Take it back: the link is of no use any more. Raises Conflict unless it is open."""
    with recording.changing(invitation, by=by, verb="revoke") as now:
        INVITATION_LIFECYCLE.move(now, "revoke")
    return invitation


@transaction.atomic
def accept(*, token: str, name: str) -> User:
    """Let in whoever followed the link, under their name; they prove by a code that the address is theirs.

    Raises Conflict for a link that is used, taken back or too old, ValidationError keyed by field.
    """
    invitation = Invitation.objects.select_for_update(of=("self",)).filter(token_digest=token_digest(token)).first()
    if invitation is None or invitation.standing != InvitationStatus.OPEN:
        raise _conflict("This invitation can't be used any more: ask for another one")
    user = create_user(
        by=invitation.invited_by,
        email=invitation.email,
        name=name.strip(),
        role=invitation.role,
        organisation=invitation.organisation,
        guilds=_guilds_of(invitation),
    )
    with recording.changing(invitation, by=user, verb="accept") as now:
        INVITATION_LIFECYCLE.move(now, "accept")
        now.person = user
    return user


def _guilds_of(invitation: Invitation) -> list:
    guild = User._meta.get_field("guilds").related_model
    return list(guild._default_manager.filter(slug__in=invitation.guilds))


def ask_to_join(*, name: str, email: str, role: str, organisation_text: str, note: str = "") -> JoinRequest | None:
    """Somebody unknown asks to be let in. None, and nothing kept, for whoever may sign in already or asks too often.

    Raises ValidationError keyed by field.
    """
    email = email.strip().lower()
    before = JoinRequest.objects.waiting().filter(email__iexact=email)
    known = User.objects.filter(email__iexact=email).exists()
    if known or before.filter(organisation_text=organisation_text).exists() or before.count() >= ASKED_AT_MOST:
        return None
    request = JoinRequest(name=name.strip(), email=email, role=role, organisation_text=organisation_text, note=note)
    return recording.create(request, by=None, verb="asked")


@transaction.atomic
def let_join(*, by: User, request: JoinRequest, organisation) -> tuple[Invitation, str]:
    """Invite whoever asked, for an organisation that was found. Raises Conflict, ValidationError keyed by field."""
    with recording.changing(request, by=by, verb="accept") as now:
        JOIN_LIFECYCLE.move(now, "accept")
        now.invitation, token = invite(by=by, email=now.email, name=now.name, role=now.role, organisation=organisation)
        invitation = now.invitation
    return invitation, token


def decline_join(*, by: User, request: JoinRequest, reason: str) -> JoinRequest:
    """Say no, and why. Raises Conflict once it is decided, ValidationError without a reason."""
    with recording.changing(request, by=by, verb="decline", reason=reason) as now:
        JOIN_LIFECYCLE.move(now, "decline", reason)
        now.status_reason = reason
    return request


def _conflict(words: str) -> Conflict:
    return Conflict({"status": ValidationError(words, code="lifecycle")})
