"""The daily reminder: one mail with all that waits for a person, each line a link, made once a person and day."""

import logging
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from crm.emails.sending import send
from guilds.access.models import User
from guilds.engagement.follow_ups import FollowUp
from guilds.engagement.models import Attendance, Engagement
from guilds.mailing import digests, due
from guilds.mailing.models import SentMail
from guilds.pledges.claims import DeliveryClaim
from guilds.pledges.models import Allocation, Pledge, PledgeStatus
from guilds.reference.working_days import is_working_day

logger = logging.getLogger(__name__)

#: When people find it; nothing is made up for late in the day.
FROM, UNTIL = time(7), time(12)


def send_due(now: datetime) -> int:
    """Make everybody's reminder if it is time for it in Kent. Gives the number of mails."""
    local = timezone.localtime(now)
    if not is_working_day(local.date()) or not FROM <= local.time() < UNTIL:
        return 0
    return send_day(local.date())


def send_day(day: date) -> int:
    """Make the reminders of a day that are not made yet. One that can't be made holds up no other, and is tried again."""
    if digests.is_finished(day):
        return 0
    digests.give_up_unanswered(day)
    made, failed = 0, 0
    for person in digests.people_left(day):
        try:
            made += send_to(person, day) is not None
        except Exception:
            logger.exception("The reminder of %s could not be made", person.pk)
            failed += 1
    if not failed:
        digests.finish(day)
    return made


def send_to(person: User, day: date) -> SentMail | None:
    """One person's reminder; None where nothing waits for them."""
    found = due.waiting_for(person, day, at_most=settings.REMINDERS_AT_MOST)
    if not found:
        return None
    return send(
        "digest",
        to=person,
        context=words_of(found, person, day),
        once_key=digests.once_key(person, day),
        items=[item for part in found for item in part.items],
    )


def words_of(found: list[due.Found], person: User, day: date) -> dict[str, Any]:
    """What the mail's templates need."""
    return {
        "number": sum(len(part.records) + part.more for part in found),
        "parts": [
            {
                "heading": part.part.heading,
                "items": [_line(record, person, day) for record in part.records],
                "more": part.more,
                "address": _all_of(part.part.slug, person),
            }
            for part in found
        ],
    }


def _line(record: Any, person: User, day: date) -> dict[str, str]:
    words, note, address = LINES[type(record)](record, person, day)
    return {"words": words, "note": note, "address": address}


def _of_follow_up(row: FollowUp, person: User, day: date) -> tuple[str, str, str]:
    about = row.engagement or row.organisation
    when = "today" if row.due_on == day else f"{'since' if row.due_on < day else 'by'} {_day(row.due_on)}"
    given = f"from {row.assigned_by.name}, " if row.assigned_by and row.assigned_by != person else ""
    return f"{row.what}, {about}" if about else row.what, given + when, reverse("follow_up", args=[row.pk])


def _of_engagement(row: Engagement, person: User, day: date) -> tuple[str, str, str]:
    return row.title, _day(row.starts_on), reverse("engagement_detail", args=[row.pk])


def _of_claim(row: Attendance, person: User, day: date) -> tuple[str, str, str]:
    group = f", year {row.year_group}" if row.year_group else ""
    words = f"{row.engagement.title}{group}: {row.learners} learners"
    return words, _day(row.engagement.starts_on), reverse("engagement_detail", args=[row.engagement_id])


def _of_pledge(row: Pledge, person: User, day: date) -> tuple[str, str, str]:
    lapses = row.valid_until if row.status == PledgeStatus.OPEN else None
    note = f"until {_day(lapses)}" if lapses else f"made on {_day(row.made_on)}"
    return f"{row.employer}: {row}", note, reverse("pledge_detail", args=[row.pk])


def _of_allocation(row: Allocation, person: User, day: date) -> tuple[str, str, str]:
    words = f"{row.provider} asks for {row.quantity} of {row.pledge}, {row.pledge.employer}"
    return words, _day(timezone.localdate(row.created_at)), reverse("pledge_detail", args=[row.pledge_id])


def _of_word(row: DeliveryClaim, person: User, day: date) -> tuple[str, str, str]:
    words = f"{row.pledge.employer}: {row.quantity} of {row.pledge}"
    return words, _day(row.happened_on), reverse("pledge_detail", args=[row.pledge_id])


LINES: dict[type, Callable[[Any, User, date], tuple[str, str, str]]] = {
    FollowUp: _of_follow_up,
    Engagement: _of_engagement,
    Attendance: _of_claim,
    Pledge: _of_pledge,
    Allocation: _of_allocation,
    DeliveryClaim: _of_word,
}

_LISTS: dict[str, tuple[str, dict[str, str]]] = {
    "follow_ups": ("follow_up_list", {}),
    "to_close": ("engagement_list", {"needs": "closing"}),
    "numbers": ("engagement_list", {"needs": "numbers"}),
    "disputed": ("engagement_list", {"needs": "disputed"}),
    "to_verify": ("pledge_list", {"status": "unverified"}),
    "asked": ("pledge_list", {"status": "open"}),
    "did_it": ("pledge_list", {"needs": "claimed"}),
    "lapsing": ("pledge_list", {"needs": "lapsing"}),
    "claims": ("home", {}),
}
_OF_GUILDS = ("engagement_list", "pledge_list")


def _all_of(part: str, person: User) -> str:
    """The list that the part's "and more" leads to."""
    name, filters = _LISTS[part]
    mine = {"whose": "mine"} if name in _OF_GUILDS and person.is_coordinator else {}
    query = urlencode(filters | mine)
    return f"{reverse(name)}?{query}" if query else reverse(name)


def _day(day: date) -> str:
    return date_format(day, "j F Y")
