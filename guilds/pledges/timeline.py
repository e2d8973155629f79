"""Everything that happened with one organisation, in one line of time, whatever sort of record it is kept in."""

import heapq
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDate

from guilds.audit.models import Event
from guilds.engagement.follow_ups import Interaction
from guilds.engagement.models import Attendance, Engagement, Participation
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.models import Organisation
from guilds.pledges.models import Allocation, Pledge

#: How many happenings are shown at once.
SIZE = 20


@dataclass(frozen=True)
class Happening:
    """One thing that happened. `sort` is one of SORTS; `status` is empty for what has none.

    A change of the organisation's own record is its `event`, which the doors put into words.
    """

    on: date
    sort: str
    id: UUID
    title: str
    detail: str = ""
    status: str = ""
    status_label: str = ""
    event: Event | None = None

    @property
    def mark(self) -> str:
        """Where a reader who has seen this goes on."""
        return f"{self.on.isoformat()}_{self.id}"


@dataclass(frozen=True)
class Timeline:
    """Some happenings, latest first; `next` is the mark to go on from, or None at the end."""

    rows: list[Happening]
    next: str | None


@dataclass(frozen=True)
class _Source:
    rows: Callable[[Organisation, Any], QuerySet]
    day: str
    tell: Callable[[Any], Happening]


def timeline(organisation: Organisation, *, reader, after: str = "", sort: str = "", size: int = SIZE) -> Timeline:
    """What happened with an organisation, as far as `reader` may see it; one query for each sort of record, which reads no
    more of a row than is told.

    `after` is the mark of the last happening that was seen; one that can't be read starts from the top. `sort`: only
    happenings of this one of SORTS; of every sort where there is no such.
    """
    mark = _read(after)
    sources = [_SOURCES[sort]] if sort in _SOURCES else _SOURCES.values()
    streams = (_latest(source, source.rows(organisation, reader), mark, size) for source in sources)
    merged = heapq.merge(*streams, key=lambda row: (row.on, row.id.hex), reverse=True)
    rows = list(itertools.islice(merged, size + 1))
    shown = rows[:size]
    return Timeline(shown, shown[-1].mark if len(rows) > size else None)


def _latest(source: _Source, rows: QuerySet, mark: tuple[date, UUID] | None, size: int) -> Iterator[Happening]:
    if mark:
        day, row_id = mark
        earlier = Q(**{f"{source.day}__lt": day}) | Q(**{source.day: day, "pk__lt": row_id})
        rows = rows.filter(Q(**{f"{source.day}__lte": day}) & earlier)
    return (source.tell(row) for row in rows.order_by(f"-{source.day}", "-pk")[: size + 1])


def _read(mark: str) -> tuple[date, UUID] | None:
    day, _, row_id = mark.partition("_")
    try:
        return date.fromisoformat(day), UUID(row_id)
    except ValueError:
        return None


def _engagements(organisation: Organisation, reader) -> QuerySet:
    came = Attendance.objects.filter(provider=organisation).order_by().values("engagement")
    brought = Participation.objects.filter(employer=organisation).order_by().values("engagement")
    hosted = Engagement.objects.filter(venue=organisation).order_by().values("pk")
    # The ids are gathered first, so that a database need not look through all engagements for a few.
    seen = Engagement.objects.visible_to(reader).filter(pk__in=came.union(brought, hosted)).select_related("guild")
    return seen.only("starts_on", "title", "kind", "status", "guild__name")


def _interactions(organisation: Organisation, reader) -> QuerySet:
    seen = Interaction.objects.visible_to(reader).filter(organisation=organisation)
    return seen.only("happened_on", "kind", "summary")


def _pledges(organisation: Organisation, reader) -> QuerySet:
    promised = Pledge.objects.filter(employer=organisation).order_by().values("pk")
    given = Allocation.objects.filter(provider=organisation).order_by().values("pledge")
    concerned = {"pk__in": promised.union(given)} if organisation.is_provider else {"employer": organisation}
    seen = Pledge.objects.visible_to(reader).filter(**concerned).with_given().select_related("employer")
    return seen.only("made_on", "current_quantity", "kind", "status", "employer__name")


def _placements(organisation: Organisation, reader) -> QuerySet:
    seen = Placement.objects.visible_to(reader).select_related("employer", "provider")
    own = seen.filter(Q(employer=organisation) | Q(provider=organisation))
    return own.only("arranged_on", "programme", "learners", "status", "employer__name", "provider__name")


def _apprenticeships(organisation: Organisation, reader) -> QuerySet:
    seen = Apprenticeship.objects.visible_to(reader).select_related("employer")
    own = seen.filter(Q(employer=organisation) | Q(training_provider=organisation))
    return own.only("opened_on", "standard_title", "positions", "status", "employer__name")


def _changes(organisation: Organisation, reader) -> QuerySet:
    """Read by the team and the organisation's own members; what of them each may know is for the doors to say."""
    told = Event.objects.none() if reader.is_commission_member else Event.objects.about(organisation)
    return told.annotate(on=TruncDate("at")).select_related("actor")


def _told(record, on: date, title: str, detail: str) -> Happening:
    return Happening(on, record._meta.model_name, record.pk, title, detail, record.status, record.get_status_display())


def _tell_engagement(row: Engagement) -> Happening:
    guild = row.guild.name if row.guild else "County-wide"
    return _told(row, row.starts_on, row.title, f"{row.get_kind_display()}, {guild}")


def _tell_interaction(row: Interaction) -> Happening:
    return Happening(row.happened_on, "interaction", row.pk, row.get_kind_display(), row.summary)


def _tell_pledge(row: Any) -> Happening:
    title = f"Pledge of {row.promise}"
    remaining, standing = row.progress()
    label = "Fulfilled" if standing == "fulfilled" else row.get_status_display()
    progress = f"{row.employer.name}. {row.delivered} delivered, {remaining} still to give"
    return Happening(row.made_on, "pledge", row.pk, title, progress, standing, label)


def _tell_placement(row: Placement) -> Happening:
    learners = f"{row.learners} learner{'' if row.learners == 1 else 's'}"
    provider = f" from {row.provider.name}" if row.provider else ""
    return _told(row, row.arranged_on, row.get_programme_display(), f"{learners}{provider} at {row.employer.name}")


def _tell_apprenticeship(row: Apprenticeship) -> Happening:
    positions = f"{row.positions} position{'' if row.positions == 1 else 's'} at {row.employer.name}"
    return _told(row, row.opened_on, f"Apprenticeship: {row.standard_title or 'standard not known'}", positions)


def _tell_change(row: Any) -> Happening:
    return Happening(row.on, "change", row.pk, "", event=row)


_SOURCES = {
    "engagement": _Source(_engagements, "starts_on", _tell_engagement),
    "interaction": _Source(_interactions, "happened_on", _tell_interaction),
    "pledge": _Source(_pledges, "made_on", _tell_pledge),
    "placement": _Source(_placements, "arranged_on", _tell_placement),
    "apprenticeship": _Source(_apprenticeships, "opened_on", _tell_apprenticeship),
    "change": _Source(_changes, "on", _tell_change),
}
#: What a happening may be.
SORTS = tuple(_SOURCES)
