"""The daily reminders: for whom they are still to be made, and that a day's are all made."""

import logging
from collections.abc import Iterator
from datetime import date

from django.core.exceptions import ValidationError

from guilds.access.models import User
from guilds.engagement import claim_actions
from guilds.mailing import due
from guilds.mailing.kinds import KINDS
from guilds.mailing.models import DigestDay, MailPreference, SentMail

BATCH = 100
logger = logging.getLogger(__name__)


def once_key(person: User, day: date) -> str:
    """A name that one person's reminder of one day has: there is one at most, however often it is tried."""
    return f"digest:{day}:{person.pk}"


def is_finished(day: date) -> bool:
    """Whether everybody's reminder of that day was made."""
    return DigestDay.objects.filter(pk=day).exists()


def finish(day: date) -> None:
    """Everybody's reminder was made. Said twice, it is so once."""
    DigestDay.objects.get_or_create(pk=day)


def people_left(day: date) -> Iterator[User]:
    """Those whose reminder of that day was not made yet, in batches: whoever goes on after a crash skips the others."""
    off = MailPreference.objects.filter(kind="digest", off=True, user__isnull=False).values("user")
    able = User.objects.filter(is_active=True, email_bounced_at=None, role__in=KINDS["digest"].roles)
    people = able.exclude(pk__in=off).select_related("organisation").order_by("pk")
    batch = list(people[:BATCH])
    while batch:
        keys = [once_key(person, day) for person in batch]
        made = set(SentMail.objects.filter(once_key__in=keys).values_list("once_key", flat=True))
        yield from (person for person, key in zip(batch, keys, strict=True) if key not in made)
        batch = list(people.filter(pk__gt=batch[-1].pk)[:BATCH])


def give_up_unanswered(today: date) -> int:
    """Mark claims as having no answer: asked for often enough, or for as long with nobody to ask. Gives their number.

    One whose engagement breaks a rule by now holds up no other, and nobody's reminder.
    """
    marked = 0
    for claim in (*due.unanswered(today), *due.unasked(today)):
        try:
            claim_actions.give_up_asking(attendance=claim, on=today)
            marked += 1
        except ValidationError:
            logger.warning("A claim of engagement %s can't be marked: correct the engagement", claim.engagement_id)
    return marked
