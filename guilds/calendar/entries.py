"""What stands in a calendar: engagements, follow-ups due, pledges about to lapse, placements starting and ending.

Bounded whatever the month: at most so many entries of each day are read, engagements before others, and all are counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateField, DateTimeField, F, Q, QuerySet, UUIDField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
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
#: All other statuses are confirmed.
_STATES: dict[str, str] = {
    Status.PLANNED: "tentative",
    Status.CANCELLED: "cancelled",
    Status.POSTPONED: "cancelled",
    PlacementStatus.CANCELLED: "cancelled",
}
_MIDNIGHT = time(0)
_MOMENT = Value(None, DateTimeField())
#: What is read of columns that are not words or numbers.
_MEANT = {
    "id": Value(None, UUIDField()),
    "day": Value(None, DateField()),
    **dict.fromkeys(("at", "until", "updated_at"), _MOMENT),
}


class Entry(NamedTuple):
    """One line of a day. `at` is None for what takes a whole day; `state` is confirmed, tentative or cancelled."""

    kind: str
    pk: UUID
    on: date
    title: str
    state: str
    at: datetime | None
    #: Only of what is `stamped`.
    until: datetime | None = None
    place: str = ""
    updated_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True)
class Wanted:
    """Whose calendar, and how much of it. `mine`: one's own guilds' (staff); members see their organisation's anyway."""

    user: Any
    start: date
    end: date
    guild: str = ""
    kinds: tuple[str, ...] = tuple(KINDS)
    mine: bool = True
    #: With what only a feed says of each: until when it goes on and where, when it was changed last, and how often.
    stamped: bool = False


def entries(wanted: Wanted, per_day: int) -> tuple[dict[date, list[Entry]], dict[date, int]]:
    """The entries of each day, and how many there are on it in all. One query, whatever is wanted."""
    found: dict[date, list[Entry]] = {}
    numbers: dict[date, int] = {}
    zone = timezone.get_current_timezone()
    for kind, pk, on, title, status, at, *stamps, number in _first_of_each_day(wanted, per_day):
        begins = at and at.astimezone(zone)
        # An import knows only the day, and says midnight: that takes the whole day.
        hour = begins if begins and begins.time() != _MIDNIGHT else None
        words = _SOURCES[kind].words + title
        found.setdefault(on, []).append(Entry(kind, pk, on, words, _STATES.get(status, "confirmed"), hour, *stamps))
        numbers[on] = number
    for on, of_day in found.items():
        of_day.sort(key=_in_order if numbers[on] <= per_day else _engagements_first)
    return found, numbers


def _in_order(entry: Entry) -> tuple:
    """What takes a whole day stands above what has an hour."""
    return entry.at is not None, entry.at, entry.title, entry.pk


def _engagements_first(entry: Entry) -> tuple:
    """On a day that has not room for all."""
    return entry.kind != "engagement", *_in_order(entry)


_COLUMNS = ("kind", "id", "day", "title", "status", "at")
_STAMPED = (*_COLUMNS, "until", "place", "updated_at", "version")


def _first_of_each_day(wanted: Wanted, per_day: int) -> list[tuple]:
    """Each with the number of its day. The database puts the kinds together before it numbers what stands on a day,
    which a queryset can't say: each kind would have to be numbered, and counted, by itself.
    """
    of_kinds = [_SOURCES[kind].of(wanted, kind) for kind in wanted.kinds]
    try:
        together, params = of_kinds[0].union(*of_kinds[1:], all=True).query.sql_with_params()
    except EmptyResultSet:
        return []
    columns = _STAMPED if wanted.stamped else _COLUMNS
    names = ", ".join(columns)
    numbered = (
        f"WITH entry ({names}) AS ({together}) SELECT {names}, COUNT(*) OVER (PARTITION BY day) AS number,"  # noqa: S608 - our own names
        " ROW_NUMBER() OVER (PARTITION BY day ORDER BY kind <> 'engagement', kind, id) AS turn FROM entry"
    )
    first = f"SELECT {names}, number FROM ({numbered}) AS numbered WHERE turn <= %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(first, [*params, per_day])
        return _read(cursor.fetchall(), columns)


def _read(rows: list[tuple], columns: tuple[str, ...]) -> list[tuple]:
    """With ids, days and moments as such: SQLite has none of them."""
    for place, name in enumerate(columns):
        meant = _MEANT.get(name)
        for convert in connection.ops.get_db_converters(meant) if meant else ():
            rows = [(*row[:place], convert(row[place], meant, connection), *row[place + 1 :]) for row in rows]
    return rows


_NO_MOMENT, _NO_PLACE = Cast(Value(None), DateTimeField()), Value("")


@dataclass(frozen=True)
class _Source:
    """Where the entries of a kind come from. `words` stand before the title."""

    rows: Callable[[Wanted], QuerySet]
    day: str
    title: str
    words: str = ""
    at: Combinable = _NO_MOMENT
    until: Combinable = _NO_MOMENT
    place: Combinable = _NO_PLACE

    def of(self, wanted: Wanted, kind: str) -> QuerySet:
        """Those that are wanted, with the columns of all kinds."""
        rows = self.rows(wanted).filter(**{f"{self.day}__range": (wanted.start, wanted.end)}).order_by()
        stamps = (self.until, self.place, "updated_at", "version") if wanted.stamped else ()
        return rows.values_list(Value(kind), "pk", self.day, self.title, "status", self.at, *stamps)


def _narrowed(rows: QuerySet, wanted: Wanted, own: Q | None = None) -> QuerySet:
    """An administrator is of no guild and responsible for all: theirs is everything, as in `led_by`."""
    user = wanted.user
    if wanted.guild:
        rows = rows.filter(guild=wanted.guild)
    if wanted.mine and user.is_staff_member and not user.is_administrator:
        mine = Q(guild__in=user.guild_slugs)
        rows = rows.filter(mine | own if own else mine)
    return rows


def _engagements(wanted: Wanted) -> QuerySet:
    return _narrowed(Engagement.objects.visible_to(wanted.user), wanted, Q(lead_coordinator=wanted.user))


def _follow_ups(wanted: Wanted) -> QuerySet:
    rows = FollowUp.objects.visible_to(wanted.user).filter(status=FollowUpStatus.OPEN)
    if wanted.guild:
        rows = rows.filter(Q(engagement__guild=wanted.guild) | Q(pledge__guild=wanted.guild))
    return rows.filter(assigned_to=wanted.user) if wanted.mine else rows


def _pledges(wanted: Wanted) -> QuerySet:
    """Of schools and colleges none: what is on offer to them is not theirs to keep alive."""
    user = wanted.user
    rows = Pledge.objects.visible_to(user).filter(status=PledgeStatus.OPEN)
    return _narrowed(rows if user.is_staff_member or user.is_employer_member else rows.none(), wanted)


def _placements(wanted: Wanted) -> QuerySet:
    seen = Placement.objects.visible_to(wanted.user)
    return _narrowed(seen.exclude(status=PlacementStatus.DID_NOT_ATTEND), wanted)


_SOURCES = {
    "engagement": _Source(
        _engagements,
        "starts_on",
        "title",
        at=F("starts_at"),
        until=F("ends_at"),
        place=Coalesce("venue__name", "venue_address"),
    ),
    "follow_up": _Source(_follow_ups, "due_on", "what", "Due: "),
    "pledge": _Source(_pledges, "valid_until", "employer__name", "Pledge lapses: "),
    "placement_start": _Source(_placements, "starts_on", "employer__name", "Placement starts: "),
    "placement_end": _Source(_placements, "ends_on", "employer__name", "Placement ends: "),
}
