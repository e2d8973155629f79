"""Whether there is anybody to ask about a number that waits for its answer, and how often they were reminded."""

from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from guilds.access.models import User
from guilds.engagement.models import STAFF_KINDS, Answer, Attendance, EngagementQuerySet
from guilds.mailing.models import MailItem, MailStatus


def with_nobody(organisations: Collection[UUID]) -> set[UUID]:
    """Those of them for which nobody signs in, so that nobody can answer. One query; none without any."""
    here = User.objects.filter(organisation__in=organisations, is_active=True) if organisations else User.objects.none()
    return set(organisations) - set(here.values_list("organisation", flat=True))


def nobody_to_answer(engagements: EngagementQuerySet, user: User) -> EngagementQuerySet:
    """Those with a number that this user sees and that nobody answers, for nobody signs in for its school or college."""
    here = User.objects.filter(organisation=OuterRef("provider"), is_active=True)
    waiting = Attendance.objects.visible_to(user).filter(engagement=OuterRef("pk"), answer=Answer.UNANSWERED)
    asked = engagements.delivered().exclude(kind__in=STAFF_KINDS)
    return asked.filter(Exists(waiting.filter(~Exists(here), learners__isnull=False)))


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
