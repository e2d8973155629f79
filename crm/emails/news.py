"""Telling members what became of a pledge, of what they say that they did, or of what they asked for."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse

from crm.emails.sending import send
from guilds.mailing import news
from guilds.mailing.news import News
from guilds.pledges.claims import DeliveryClaim
from guilds.pledges.models import Allocation, Pledge

logger = logging.getLogger(__name__)


def send_due(now: datetime) -> int:
    """Have told what is still to be told. One that can't be told holds up no other. Gives the number of mails."""
    made = 0
    for one in news.untold(now):
        try:
            made += send("news", to=one.person, context=words_of(one), once_key=one.once_key) is not None
        except Exception:
            logger.exception("The news of %s could not be told", one.step.pk)
    return made


def words_of(one: News) -> dict[str, Any]:
    """What the mail's templates need."""
    headline, what, pledge = WORDS[one.step.subject_type, one.step.to_status](one.record)
    reason = one.step.reason.strip()
    told = f"{what} The reason given: {reason}" if reason else what
    return {"headline": headline, "what": told, "address": reverse("pledge_detail", args=[pledge.pk])}


def _rejected(pledge: Pledge) -> tuple[str, str, Pledge]:
    what = f"Your pledge of {pledge.promise}, made on {pledge.made_on:%-d %B %Y}, was not accepted."
    return "Your pledge was not accepted", what, pledge


def _credited(claim: DeliveryClaim) -> tuple[str, str, Pledge]:
    return "What you did is credited to your pledge", f"{_claim(claim)} It is credited. Thank you.", claim.pledge


def _not_credited(claim: DeliveryClaim) -> tuple[str, str, Pledge]:
    what = f"{_claim(claim)} It was not credited. If that is wrong, tell it again with more about it."
    return "What you told about your pledge was not credited", what, claim.pledge


def _agreed(part: Allocation) -> tuple[str, str, Pledge]:
    return "What you asked for is agreed", f"{_part(part)} It is agreed.", part.pledge


def _not_agreed(part: Allocation) -> tuple[str, str, Pledge]:
    return "What you asked for can’t be given", f"{_part(part)} It was declined.", part.pledge


def _claim(claim: DeliveryClaim) -> str:
    return f"You told us that you did {claim} of your pledge of {claim.pledge.promise}."


def _part(part: Allocation) -> str:
    return f"{part.provider} asked for {part.quantity} of {part.pledge.promise} from {part.pledge.employer}."


WORDS: dict[tuple[str, str], Callable[[Any], tuple[str, str, Pledge]]] = {
    ("pledge", "rejected"): _rejected,
    ("deliveryclaim", "accepted"): _credited,
    ("deliveryclaim", "declined"): _not_credited,
    ("allocation", "agreed"): _agreed,
    ("allocation", "declined"): _not_agreed,
}
