"""What stands in a calendar: engagements, follow-ups due, pledges about to lapse, placements starting and ending.

Bounded whatever the month: of each kind at most so many of each day are read, and the rest are counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from guilds.engagement.follow_ups import FollowUp, FollowUpStatus
from guilds.engagement.models import Engagement, Status
from guilds.opportunities.models import Placement, PlacementStatus
from guilds.pledges.models import Pledge, PledgeStatus

KINDS = {
    "engagement": "Engagements",
    "follow_up": "Follow-ups due",
    "pledge": "Pledges that lapse",
    "placement_start": "Placements starting",
    "placement_end": "Placements ending",
}
CANCELLED = ("cancelled", "postponed")


@dataclass(frozen=True)
class Entry:
    """One line of a day. `at` is None for what takes a whole day; `state` is confirmed, tentative or cancelled."""

    kind: str
    record: Engagement | FollowUp | Pledge | Placement
    on: date
    title: str
    at: datetime | None = None
    until: datetime | None = None
    place: str = ""
    state: str = "confirmed"


@dataclass(frozen=True)
class Wanted:
    """Whose calendar, and how much of it. `mine`: one's own guilds' (staff); members see their organisation's anyway."""

    user: object
    start: date
    end: date
    guild: str = ""
    kinds: tuple[str, ...] = tuple(KINDS)
    mine: bool = True
    #: With what only a feed says of each: when it was changed last, how often, and until when it goes on.
    stamped: bool = False


def entries(wanted: Wanted, per_day: int) -> tuple[dict[date, list[Entry]], dict[date, int]]:
    """The entries of each day, and how many there are on it in all. At most two queries for each kind."""
    found: dict[date, list[Entry]] = {}
    numbers: dict[date, int] = {}
    for kind in wanted.kinds:
        rows, day, make = _SOURCES[kind]
        seen = rows(wanted).filter(**{f"{day}__range": (wanted.start, wanted.end)})
        counted = dict(seen.order_by().values_list(day).annotate(Count("pk")))
        for on, number in counted.items():
            numbers[on] = numbers.get(on, 0) + number
        for record in _first_of_each_day(seen, day, per_day, counted):
            entry = make(record)
            found.setdefault(entry.on, []).append(entry)
    for of_day in found.values():
        of_day.sort(key=lambda entry: (entry.at is not None, entry.at or datetime.max, entry.title))
        del of_day[per_day:]
    return found, numbers


def _first_of_each_day(rows: QuerySet, day: str, number: int, counted: dict[date, int]) -> QuerySet:
    """Only where some day has too many the database has to number its rows."""
    if not counted:
        return rows.none()
    if max(counted.values()) > number:
        place = Window(RowNumber(), partition_by=F(day), order_by=F("id").asc())
        rows = rows.filter(
            pk__in=rows.order_by().annotate(place_in_day=place).filter(place_in_day__lte=number).values("pk")
        )
    return rows.order_by(day, "id")


def _stamps(wanted: Wanted, *more: str) -> tuple[str, ...]:
    """What is read for a feed alone: a month's page has hundreds of rows, and a moment takes longer to read than a word."""
    return ("updated_at", "version", *more) if wanted.stamped else ()


def _narrowed(rows: QuerySet, wanted: Wanted, own: Q | None = None) -> QuerySet:
    user: object = wanted.user
    if wanted.guild:
        rows = rows.filter(guild=wanted.guild)
    if wanted.mine and user.is_staff_member:  # type: ignore[attr-defined]
        rows = rows.filter(Q(guild__in=user.guild_slugs) | (own or Q(pk__in=[])))  # type: ignore[attr-defined]
    return rows


def _engagements(wanted: Wanted) -> QuerySet:
    seen = (
        Engagement.objects.visible_to(wanted.user)
        .select_related("venue")
        .only("starts_on", "title", "starts_at", "status", "venue_address", "venue__name", *_stamps(wanted, "ends_at"))
    )
    return _narrowed(seen, wanted, Q(lead_coordinator=wanted.user))


def _follow_ups(wanted: Wanted) -> QuerySet:
    rows = FollowUp.objects.visible_to(wanted.user).filter(status=FollowUpStatus.OPEN)
    if wanted.guild:
        rows = rows.filter(Q(engagement__guild=wanted.guild) | Q(pledge__guild=wanted.guild))
    return rows.filter(assigned_to=wanted.user) if wanted.mine else rows


def _pledges(wanted: Wanted) -> QuerySet:
    """Of schools and colleges none: what is on offer to them is not theirs to keep alive."""
    user: object = wanted.user
    rows = Pledge.objects.visible_to(user).filter(status=PledgeStatus.OPEN).select_related("employer")
    rows = rows.only("valid_until", "employer__name", *_stamps(wanted))
    mine = user.is_staff_member or user.is_employer_member  # type: ignore[attr-defined]
    return _narrowed(rows if mine else rows.none(), wanted)


def _placements(wanted: Wanted) -> QuerySet:
    seen = Placement.objects.visible_to(wanted.user).select_related("employer")
    seen = seen.only("starts_on", "ends_on", "status", "employer__name", *_stamps(wanted))
    return _narrowed(seen.exclude(status=PlacementStatus.DID_NOT_ATTEND), wanted)


def _of_engagement(row: Engagement) -> Entry:
    """An import knows only the day, and says midnight: that takes the whole day."""
    until = None if "ends_at" in row.get_deferred_fields() else row.ends_at
    begins = timezone.localtime(row.starts_at)
    at = None if begins.time() == time(0) else row.starts_at
    state = "cancelled" if row.status in CANCELLED else "tentative" if row.status == Status.PLANNED else "confirmed"
    place = row.venue.name if row.venue else row.venue_address
    return Entry("engagement", row, row.starts_on, row.title, at, until, place, state)


def _of_follow_up(row: FollowUp) -> Entry:
    return Entry("follow_up", row, row.due_on, f"Due: {row.what}")


def _of_pledge(row: Pledge) -> Entry:
    assert row.valid_until
    return Entry("pledge", row, row.valid_until, f"Pledge lapses: {row.employer.name}")


def _of_placement(field: str, words: str) -> Callable[[Placement], Entry]:
    def make(row: Placement) -> Entry:
        state = "cancelled" if row.status == PlacementStatus.CANCELLED else "confirmed"
        title = f"Placement {words}: {row.employer.name}"
        return Entry(f"placement_{field.split('s_')[0]}", row, getattr(row, field), title, state=state)

    return make


_SOURCES: dict[str, tuple[Callable[[Wanted], QuerySet], str, Callable]] = {
    "engagement": (_engagements, "starts_on", _of_engagement),
    "follow_up": (_follow_ups, "due_on", _of_follow_up),
    "pledge": (_pledges, "valid_until", _of_pledge),
    "placement_start": (_placements, "starts_on", _of_placement("starts_on", "starts")),
    "placement_end": (_placements, "ends_on", _of_placement("ends_on", "ends")),
}
