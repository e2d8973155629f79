"""A guild's meetings, and which of its members came to them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from guilds.engagement.models import Attendance, Engagement, EngagementKind, EngagementQuerySet, Participation
from guilds.organisations.guild_members import during, members_of
from guilds.organisations.models import Organisation
from guilds.reference.models import Guild

#: A table of more meetings than this can't be read; the latest are shown.
MOST = 12


@dataclass(frozen=True)
class Row:
    """An organisation, and of each meeting whether it came."""

    organisation: Organisation
    came: list[bool]

    @property
    def times(self) -> int:
        """To how many it came."""
        return sum(self.came)


@dataclass(frozen=True)
class Attended:
    """Meetings that took place, earliest first; its members, those who came most often first; and others who came."""

    meetings: list[Engagement]
    members: list[Row]
    others: list[Row]


def meetings_of(guild: Guild, reader) -> EngagementQuerySet:
    """The meetings that a guild leads, in whatever state."""
    return Engagement.objects.visible_to(reader).filter(guild=guild, kind=EngagementKind.GUILD_MEETING)


def attended(guild: Guild, start: date, end: date, *, reader) -> Attended:
    """Who came to which of a guild's delivered meetings from `start` to `end`; in four queries."""
    held = meetings_of(guild, reader).delivered().filter(starts_on__gte=start, starts_on__lte=end)
    meetings = list(held.order_by("-starts_at", "-id")[:MOST])[::-1]
    came, known = _came(meetings)
    members = {row.organisation_id: row.organisation for row in during(members_of(guild, reader), start, end)}
    return Attended(
        meetings,
        _rows(members, meetings, came),
        _rows({pk: one for pk, one in known.items() if pk not in members}, meetings, came),
    )


def supported_by(guild: Guild, start: date, end: date, *, reader) -> EngagementQuerySet:
    """Engagements that others lead and this guild supports: in their leader's figures, and never in this guild's."""
    seen = Engagement.objects.visible_to(reader).filter(supporting_guilds=guild)
    return seen.filter(starts_on__gte=start, starts_on__lte=end).select_related("guild").order_by("-starts_at", "-id")


def _came(meetings: list[Engagement]) -> tuple[dict[UUID, set[UUID]], dict[UUID, Organisation]]:
    """The organisations at each meeting, and their records."""
    came: dict[UUID, set[UUID]] = defaultdict(set)
    known: dict[UUID, Organisation] = {}
    parts: tuple[tuple[Any, str], ...] = ((Attendance, "provider"), (Participation, "employer"))
    for model, who in parts:
        for row in model.objects.filter(engagement__in=meetings).select_related(who):
            organisation = getattr(row, who)
            came[row.engagement_id].add(organisation.pk)
            known[organisation.pk] = organisation
    return came, known


def _rows(organisations: dict, meetings: list[Engagement], came: dict[UUID, set[UUID]]) -> list[Row]:
    rows = [Row(one, [pk in came[meeting.pk] for meeting in meetings]) for pk, one in organisations.items()]
    return sorted(rows, key=lambda row: (-row.times, row.organisation.name, row.organisation.pk))
