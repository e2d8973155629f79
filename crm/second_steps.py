"""The second step of signing in: who has one, who must, and how it is taken away when a device is lost."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from guilds.access import actions
from guilds.access.models import User

WORDS = {
    Authenticator.Type.TOTP: "Authenticator app",
    Authenticator.Type.WEBAUTHN: "Passkey",
    Authenticator.Type.RECOVERY_CODES: "Recovery codes",
}


def second_steps_of(user: User) -> list[str]:
    """What somebody has set up, in words, each once."""
    types = Authenticator.objects.filter(user=user).order_by("type").values_list("type", flat=True).distinct()
    return [WORDS[Authenticator.Type(kind)] for kind in types]


def has_second_step(user: User) -> bool:
    """Whether somebody has a passkey or an authenticator app; recovery codes alone are none."""
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def needs_second_step(user: User) -> bool:
    """Whether somebody must set one up before anything else: administrators, where the installation asks for it."""
    return bool(settings.REQUIRE_SECOND_FACTOR and user.is_administrator and not has_second_step(user))


def is_last_required(authenticator: Authenticator) -> bool:
    """Whether an administrator would be left without any by taking this one away."""
    if not settings.REQUIRE_SECOND_FACTOR or not authenticator.user.is_administrator:
        return False
    kept = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
    return not kept.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


@transaction.atomic
def remove_second_steps(*, by: User, user: User) -> None:
    """Take away whatever somebody has set up, and sign them out: whoever has the lost device is not let in."""
    for authenticator in Authenticator.objects.filter(user=user):
        authenticator.delete()
    actions.note_second_step_removed(by=by, user=user)
