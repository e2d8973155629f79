"""How often a school or college was reminded of a number that waits for its answer."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from guilds.engagement.models import Attendance
from guilds.mailing.models import MailItem, MailStatus


def times_asked(claims: Sequence[Attendance], organisation_id) -> dict[int, int]:
    """For each claim, in how many reminders its engagement was named since the number was claimed: the most that went
    to any one person there. One query."""
    engagements = {claim.engagement_id for claim in claims}
    items = MailItem.objects.filter(
        part="claims", subject_id__in=engagements, mail__user__organisation=organisation_id
    ).exclude(mail__status=MailStatus.FAILED)
    named: dict[UUID, list] = {}
    for subject, person, queued_at in items.values_list("subject_id", "mail__user", "mail__queued_at"):
        named.setdefault(subject, []).append((person, timezone.localdate(queued_at)))
    return {claim.pk: _most(named.get(claim.engagement_id, []), claim) for claim in claims}


def _most(named: list, claim: Attendance) -> int:
    since = claim.asked_on or claim.engagement.starts_on
    return max(Counter(person for person, on in named if on >= since).values(), default=0)
