"""What waits for somebody, as the daily reminder tells it: each part a queryset without what was named often enough."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from guilds.access.models import User
from guilds.engagement import queries
from guilds.engagement.follow_ups import FollowUp, FollowUpStatus
from guilds.engagement.models import STAFF_KINDS, Answer, Attendance, Engagement, EngagementQuerySet, Status
from guilds.mailing.actions import switched_off
from guilds.mailing.kinds import DigestPart, parts_for
from guilds.mailing.models import MailItem, MailPreference, MailStatus
from guilds.pledges.claims import DeliveryClaim
from guilds.pledges.models import Allocation, AllocationStatus, Pledge, PledgeStatus

#: How many records one part names; the rest is a link away.
SHOWN = 10
WEEK = timedelta(days=7)
#: How often a school or college is asked for its answer.
ASKED_AT_MOST = 3
#: A claim that nobody could be asked about is given up when one that somebody was asked about would be, so many a day.
GIVEN_UP_AFTER, GIVEN_UP_AT_ONCE = WEEK * (ASKED_AT_MOST + 1), 500


@dataclass(frozen=True)
class Found:
    """What one part of a person's reminder names, and how many more there are."""

    part: DigestPart
    records: list[Any]
    more: int

    @property
    def items(self) -> list[tuple[str, UUID]]:
        """What is named, as it is counted."""
        return [(self.part.slug, subject_of(record)) for record in self.records]


def waiting_for(user: User, today: date, *, at_most: int) -> list[Found]:
    """The parts of a person's reminder that have something to tell and are not switched off, in two queries each.

    `at_most`: how often one thing is named to one person.
    """
    off = switched_off(user)
    parts = (part for part in parts_for(user.role) if part.slug not in off)
    found = (_found(part, WAITING[part.slug](user, today, at_most)) for part in parts)
    return [one for one in found if one.records]


def subject_of(record: Any) -> UUID:
    """What is counted as named: a claim has no id that outlives it, so its engagement stands for it."""
    return record.engagement_id if isinstance(record, Attendance) else record.pk


def unasked(today: date) -> QuerySet[Attendance]:
    """Claims of so long ago that asking would be over, whose school or college has nobody who gets the reminder."""
    off = MailPreference.objects.filter(kind__in=("digest", "claims"), off=True, user__isnull=False).values("user")
    here = User.objects.filter(organisation=OuterRef("provider"), is_active=True, email_bounced_at=None)
    since = Greatest(F("engagement__starts_on"), F("asked_since"))
    rows = _claims().alias(since=since).filter(~Exists(here.exclude(pk__in=off)), since__lte=today - GIVEN_UP_AFTER)
    return rows.select_related("engagement").order_by("pk")[:GIVEN_UP_AT_ONCE]


def unanswered(today: date) -> QuerySet[Attendance]:
    """Claims whose school or college was asked as often as it may be, the last time a week ago or longer."""
    asked = _named("claims", "engagement_id").filter(
        mail__user__organisation=OuterRef("provider"), mail__queued_at__date__gte=OuterRef("asked_since")
    )
    often = asked.order_by().values("mail__user").annotate(times=Count("pk"), last=Max("mail__queued_at"))
    enough = often.filter(times__gte=ASKED_AT_MOST, last__lt=_midnight(today - WEEK + timedelta(days=1)))
    return _claims().filter(Exists(enough)).select_related("engagement")


def _found(part: DigestPart, rows: QuerySet) -> Found:
    first = list(rows[: SHOWN + 1])
    more = rows.count() - SHOWN if len(first) > SHOWN else 0
    return Found(part, first[:SHOWN], more)


def _follow_ups(user: User, today: date, at_most: int) -> QuerySet:
    """Due by today; and once, what is due within a week or was given by somebody else. A change starts the count anew."""
    mine = FollowUp.objects.visible_to(user).filter(assigned_to=user, status=FollowUpStatus.OPEN)
    named = _times(_named("follow_ups", "pk", user).filter(mail__queued_at__gte=OuterRef("updated_at")))
    given = Q(assigned_by__isnull=False) & ~Q(assigned_by=user)
    soon = (Q(due_on__lte=today + WEEK) | given) & Q(named=0)
    rows = mine.annotate(named=named).filter(Q(due_on__lte=today, named__lt=at_most) | soon)
    return rows.select_related("organisation", "engagement", "assigned_by").order_by("due_on", "id")


def _to_close(user: User, today: date, at_most: int) -> QuerySet:
    rows = _led(user).not_closed(today).order_by("starts_at", "id")
    return _fresh(rows, "to_close", user, at_most)


def _numbers(user: User, today: date, at_most: int) -> QuerySet:
    rows = _led(user).missing_numbers().order_by("-starts_at", "id")
    return _fresh(rows, "numbers", user, at_most)


def _disputed(user: User, today: date, at_most: int) -> QuerySet:
    rows = queries.with_answer(_led(user), Answer.DISPUTED, user).order_by("-starts_at", "id")
    return _fresh(rows, "disputed", user, at_most)


def _to_verify(user: User, today: date, at_most: int) -> QuerySet:
    rows = _of_own_guilds(Pledge.objects.visible_to(user).filter(status=PledgeStatus.UNVERIFIED), user)
    return _fresh(rows.select_related("employer").order_by("made_on", "id"), "to_verify", user, at_most)


def _lapsing(user: User, today: date, at_most: int) -> QuerySet:
    rows = _of_own_guilds(Pledge.objects.visible_to(user).about_to_lapse(today), user)
    return _fresh(rows.select_related("employer").order_by("valid_until", "id"), "lapsing", user, at_most)


def _asked(user: User, today: date, at_most: int) -> QuerySet:
    waiting = Allocation.objects.visible_to(user).filter(status=AllocationStatus.REQUESTED)
    rows = _of_own_guilds(waiting, user, "pledge__guild").select_related("pledge__employer", "provider")
    return _fresh(rows.order_by("created_at", "id"), "asked", user, at_most)


def _did_it(user: User, today: date, at_most: int) -> QuerySet:
    waiting = _of_own_guilds(DeliveryClaim.objects.visible_to(user).waiting(), user, "pledge__guild")
    rows = waiting.select_related("pledge__employer").order_by("created_at", "id")
    return _fresh(rows, "did_it", user, at_most)


def _claimed(user: User, today: date, at_most: int) -> QuerySet:
    """Unanswered for a week since the engagement, or since the number was claimed; then once a week."""
    since = Greatest(F("engagement__starts_on"), F("asked_since"))
    named = _named("claims", "engagement_id", user).filter(mail__queued_at__date__gte=OuterRef("asked_since"))
    lately = named.filter(mail__queued_at__gte=_midnight(today - WEEK + timedelta(days=1)))
    rows = _claims().filter(provider=user.organisation_id).annotate(since=since, named=_times(named))
    due = rows.filter(~Exists(lately), since__lte=today - WEEK, named__lt=ASKED_AT_MOST)
    return due.select_related("engagement").order_by("-engagement__starts_at", "id")


WAITING: dict[str, Callable[[User, date, int], QuerySet]] = {
    "follow_ups": _follow_ups,
    "to_close": _to_close,
    "numbers": _numbers,
    "disputed": _disputed,
    "to_verify": _to_verify,
    "asked": _asked,
    "did_it": _did_it,
    "lapsing": _lapsing,
    "claims": _claimed,
}


def _led(user: User) -> EngagementQuerySet:
    """What the own guilds lead. An administrator is reminded of what no guild leads: the rest has its coordinators."""
    return Engagement.objects.visible_to(user).filter(guild=None) if user.is_administrator else queries.led_by(user)


def _of_own_guilds(rows: QuerySet, user: User, field: str = "guild") -> QuerySet:
    """A coordinator's, with those of no guild yet; of an administrator only these; of a member all that they see."""
    if not user.is_staff_member:
        return rows
    nobodys = Q(**{f"{field}__isnull": True})
    return rows.filter(nobodys | Q(**{f"{field}__in": user.guild_slugs}) if user.is_coordinator else nobodys)


def _claims() -> QuerySet[Attendance]:
    """Claims that wait for the answer of their school or college; `asked_since` is the day of the claim, if it is known."""
    waiting = Attendance.objects.filter(
        answer=Answer.UNANSWERED, no_answer_on=None, learners__isnull=False, engagement__status=Status.DELIVERED
    )
    return waiting.exclude(engagement__kind__in=STAFF_KINDS).annotate(
        asked_since=Coalesce("asked_on", "engagement__starts_on")
    )


def _fresh(rows: QuerySet, part: str, user: User, at_most: int) -> QuerySet:
    return rows.alias(named=_times(_named(part, "pk", user))).filter(named__lt=at_most)


def _named(part: str, record: str, user: User | None = None) -> QuerySet[MailItem]:
    """Each time that a mail which went out, or will, named a record in a part."""
    gone = [status for status in MailStatus.values if status != MailStatus.FAILED]
    items = MailItem.objects.filter(part=part, subject_id=OuterRef(record), mail__status__in=gone)
    return items.filter(mail__user=user) if user else items


def _times(items: QuerySet) -> Coalesce:
    counted = items.order_by().values("subject_id").annotate(times=Count("pk")).values("times")
    return Coalesce(Subquery(counted), 0)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
