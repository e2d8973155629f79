"""Where somebody is signed in: on which device, since when; never from which address."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils import timezone

from guilds.access.models import OwnQuerySet, User
from guilds.audit.models import new_id

#: How exact "last seen" is: one write in this time at most.
SEEN_EVERY = timedelta(minutes=15)


class SignIn(models.Model):
    """One browser that somebody is signed in with. Of no interest to history, and nobody else's business."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    device = models.CharField(max_length=100)
    since = models.DateTimeField()
    last_seen = models.DateTimeField()

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen", "-id"]

    def __str__(self) -> str:
        return self.device


def remember(*, user: User, session_key: str, device: str) -> None:
    """Note that somebody is signed in with a browser, or still is."""
    now = timezone.now()
    SignIn.objects.update_or_create(
        session_key=session_key,
        defaults={"user": user, "device": device[:100], "last_seen": now},
        create_defaults={"user": user, "device": device[:100], "last_seen": now, "since": now},
    )


def still_open(user: User) -> list[SignIn]:
    """Where somebody is signed in now, the latest seen first. What has run out by itself is left out."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return list(SignIn.objects.visible_to(user).filter(session_key__in=alive))


@transaction.atomic
def end(*, sign_in: SignIn) -> None:
    """Sign one browser out."""
    Session.objects.filter(session_key=sign_in.session_key).delete()
    sign_in.delete()


@transaction.atomic
def end_all(*, user: User, but: str = "") -> int:
    """Sign somebody out everywhere, `but` for one browser's key. Gives how many browsers that was."""
    ended = SignIn.objects.filter(user=user).exclude(session_key=but)
    Session.objects.filter(session_key__in=ended.values("session_key")).delete()
    return ended.delete()[0]


def forget(before: datetime) -> int:
    """Drop what is known of browsers that nobody has used since a moment, and sessions that have run out."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return SignIn.objects.filter(last_seen__lt=before).delete()[0]
