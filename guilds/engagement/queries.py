"""Page-sized reads of engagements: what needs somebody, what is to come, who came."""

from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from guilds.engagement.follow_ups import FollowUp
from guilds.engagement.models import (
    STAFF_KINDS,
    Answer,
    Attachment,
    Attendance,
    Engagement,
    EngagementQuerySet,
    Participation,
    Status,
)
from guilds.engagement.words import EngagementWord
from guilds.organisations.names import bare_name
from guilds.organisations.words import OrganisationWord
from guilds.search import index
from guilds.search.words import words_of

_TO_COME = (Status.PLANNED, Status.CONFIRMED)


def led_by(user, *, among: EngagementQuerySet | None = None) -> EngagementQuerySet:
    """What this coordinator's guilds lead; everything for an administrator, nothing for anybody else."""
    seen = Engagement.objects.visible_to(user) if among is None else among
    if user.is_administrator:
        return seen
    return seen.filter(guild__in=user.guild_slugs) if user.is_coordinator else seen.none()


def sought(words: str) -> index.Sought:
    """The words as engagements are looked for by them: those whose title, reference or address has them, or that are held at
    an organisation of such a name; only where there are none, those with words that are spelt alike. Words that thousands
    have are looked for in titles alone.
    """
    return index.Sought(EngagementWord, words_of(words), also=_held_at(words_of(bare_name(words))))


def matching(words: str, *, among: EngagementQuerySet) -> EngagementQuerySet:
    """Those that the words may mean."""
    return sought(words).among(among)


def _held_at(words: tuple[str, ...]) -> QuerySet | None:
    venues = index.record_ids(OrganisationWord, words) if words else None
    return None if venues is None else Engagement.objects.filter(venue__id__any_of=venues).values_list("pk", flat=True)


def without_numbers(engagements: EngagementQuerySet) -> QuerySet:
    """Of which of these numbers are missing, as `missing_numbers` says: their ids, for counting.

    Found from the missing numbers, of which there are few, each asked for its engagement: PostgreSQL would rather read
    all engagements beside them.
    """
    led = engagements.delivered().exclude(kind__in=STAFF_KINDS).filter(pk=OuterRef("engagement_id"))
    unknown = Attendance.objects.filter(learners__isnull=True).alias(of=Subquery(led.order_by().values("pk")))
    return unknown.filter(of__isnull=False).order_by("engagement_id").values("engagement_id").distinct()


def with_answer(engagements: EngagementQuerySet, answer: str, user) -> EngagementQuerySet:
    """Delivered, with an attendance that this user sees and that has this answer of its school or college."""
    rows = Attendance.objects.visible_to(user).filter(engagement=OuterRef("pk"), answer=answer)
    return engagements.delivered().exclude(kind__in=STAFF_KINDS).filter(Exists(rows))


def without_answer(engagements: EngagementQuerySet, user) -> EngagementQuerySet:
    """With an attendance that this user sees and whose school or college gave no answer, however often it was asked."""
    rows = Attendance.objects.visible_to(user).filter(engagement=OuterRef("pk"), no_answer_on__isnull=False)
    return engagements.filter(Exists(rows))


def week_of(day: date) -> tuple[date, date]:
    """The Monday and the Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def to_come(user, today: date) -> EngagementQuerySet:
    """Planned and confirmed engagements from today on, the next one first."""
    seen = Engagement.objects.visible_to(user)
    return seen.filter(status__in=_TO_COME, starts_on__gte=today).select_related("guild").order_by("starts_at", "id")


def files_of(engagement: Engagement, user) -> list[Attachment]:
    """The files beside an engagement that this user may read."""
    return list(Attachment.objects.visible_to(user).filter(engagement=engagement))


#: What is read for a row of a list.
_OF_A_ROW = (
    "reference", "title", "kind", "status", "delivery", "starts_on", "starts_at", "updated_at", "guild__name", "district__name",
    "venue__name", "lead_coordinator__name",
)  # fmt: skip


def for_rows(engagements: EngagementQuerySet) -> EngagementQuerySet:
    """With what a row of a list shows, and whether a number of learners is missing (`number_unknown`)."""
    unknown = Attendance.objects.filter(engagement=OuterRef("pk"), learners__isnull=True)
    named = engagements.select_related("guild", "district", "venue", "lead_coordinator").only(*_OF_A_ROW)
    return named.annotate(number_unknown=Exists(unknown))


def waiting_for(user) -> QuerySet[Attendance]:
    """The numbers claimed for a member's school or college that it has not answered, latest first."""
    seen = Attendance.objects.visible_to(user).filter(answer=Answer.UNANSWERED, engagement__status=Status.DELIVERED)
    return (
        seen.exclude(engagement__kind__in=STAFF_KINDS)
        .select_related("engagement", "provider")
        .order_by("-engagement__starts_at", "id")
    )


def in_full() -> EngagementQuerySet:
    """Engagements with all that their own page shows."""
    return Engagement.objects.select_related("guild", "district", "venue", "lead_coordinator").prefetch_related(
        "supporting_guilds"
    )


def series_of(engagement: Engagement, user) -> list[Engagement]:
    """The others of its series that this user may see, earliest first."""
    if engagement.series is None:
        return []
    others = Engagement.objects.visible_to(user).filter(series=engagement.series).exclude(pk=engagement.pk)
    return list(others.order_by("starts_at", "id"))


def attendances_of(engagement: Engagement, user) -> list[Attendance]:
    """Who came, as far as this user may see it, with `provider_name` and `answered_by_name`: all that is told of these."""
    rows = Attendance.objects.visible_to(user).filter(engagement=engagement)
    named = rows.annotate(provider_name=F("provider__name"), answered_by_name=F("answered_by__name"))
    came = list(named.order_by("provider_name", "year_group", "id"))
    for row in came:
        row.engagement = engagement  # it is known; asking it of each costs a query
    return came


def participations_of(engagement: Engagement, user) -> list[Participation]:
    """The employers that were there, as far as this user may see it, with `employer_name`."""
    rows = Participation.objects.visible_to(user).filter(engagement=engagement)
    return list(rows.annotate(employer_name=F("employer__name")).order_by("employer_name", "id"))


def follow_ups_due(user, today: date) -> QuerySet[FollowUp]:
    """What this user should have done by today."""
    mine = FollowUp.objects.visible_to(user).filter(assigned_to=user.pk, status="open", due_on__lte=today)
    return mine.select_related("organisation", "engagement")
