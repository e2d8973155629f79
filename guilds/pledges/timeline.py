"""Everything that happened with one organisation, in one line of time, whatever sort of record it is kept in."""

import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import DateField, F, Q, QuerySet, UUIDField
from django.db.models.functions import TruncDate

from guilds.access.models import User
from guilds.access.questions import ReadersQuestion
from guilds.audit.models import Event
from guilds.engagement.follow_ups import Interaction, InteractionKind
from guilds.engagement.models import Attendance, Engagement, EngagementKind, Participation, Status
from guilds.opportunities.models import Apprenticeship, ApprenticeshipStatus, Placement, PlacementStatus, Programme
from guilds.organisations.models import Organisation
from guilds.pledges.models import Allocation, Pledge, PledgeStatus
from guilds.reading import Asked, Given, read_at_once

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
    """Where one sort of happening is read. `tell` gets rows as `rows` names them, the latest first: mostly plain values,
    because a page shows few columns of many rows. Of those that are `kept`, a reader's role and organisation say which they see:
    their questions are put into words once.
    """

    rows: Callable[[Any, Any], QuerySet]
    day: str
    tell: Callable[[Iterable[Any]], Iterator[Happening]]
    kept: bool = True

    def latest(self, rows: QuerySet, mark: tuple[Any, Any] | None, size: int) -> QuerySet:
        """The latest rows, or those before a mark; one more than are shown, to know whether there are."""
        if mark:
            day, row_id = mark
            earlier = Q(**{f"{self.day}__lt": day}) | Q(**{self.day: day, "pk__lt": row_id})
            rows = rows.filter(Q(**{f"{self.day}__lte": day}) & earlier)
        return rows.order_by(f"-{self.day}", "-pk")[: size + 1]


def timeline(organisation: Organisation, *, reader, after: str = "", sort: str = "", size: int = SIZE) -> Timeline:
    """What happened with an organisation, as far as `reader` may see it; all sorts of record by one query, which reads
    no more of a row than is told.

    `after` is the mark of the last happening that was seen; one that can't be read starts from the top. `sort`: only
    happenings of this one of SORTS; of every sort where there is no such.
    """
    mark = _read(after)
    sorts = [sort] if sort in _SOURCES else list(_SOURCES)
    asked = [_asked(one, organisation, reader, mark, size) for one in sorts]
    read_at_once(*asked)
    streams = (_SOURCES[one].tell(rows) for one, rows in zip(sorts, asked, strict=True))
    merged = heapq.merge(*streams, key=lambda row: (row.on, row.id.hex), reverse=True)
    rows = list(itertools.islice(merged, size + 1))
    shown = rows[:size]
    return Timeline(shown, shown[-1].mark if len(rows) > size else None)


def _asked(
    sort: str, organisation: Organisation, reader: User, mark: tuple[date, UUID] | None, size: int
) -> QuerySet | Asked:
    source = _SOURCES[sort]
    if not source.kept:
        return source.latest(source.rows(organisation, reader), mark, size)
    day, row = mark or (None, None)
    question = _question(sort, size, further=mark is not None)
    return question(reader, organisation=organisation.pk, day=day, row=row)


@cache
def _question(sort: str, size: int, *, further: bool) -> ReadersQuestion:
    """The question after one sort of happening."""
    source = _SOURCES[sort]

    def put(reader: User, organisation: Given, day: Given, row: Given) -> QuerySet:
        return source.latest(source.rows(organisation, reader), (day, row) if further else None, size)

    return ReadersQuestion(put, organisation=UUIDField(), day=DateField(), row=UUIDField())


def _read(mark: str) -> tuple[date, UUID] | None:
    day, _, row_id = mark.partition("_")
    try:
        return date.fromisoformat(day), UUID(row_id)
    except ValueError:
        return None


def _engagements(organisation: Any, reader) -> QuerySet:
    came = Attendance.objects.filter(provider=organisation).order_by().values("engagement")
    brought = Participation.objects.filter(employer=organisation).order_by().values("engagement")
    hosted = Engagement.objects.filter(venue=organisation).order_by().values("pk")
    # The ids are gathered first, so that a database need not look through all engagements for a few.
    seen = Engagement.objects.visible_to(reader).filter(pk__in=came.union(brought, hosted))
    return seen.values_list("starts_on", "pk", "title", "kind", "status", "guild__name")


def _interactions(organisation: Any, reader) -> QuerySet:
    seen = Interaction.objects.visible_to(reader).filter(organisation=organisation)
    return seen.values_list("happened_on", "pk", "kind", "summary")


def _pledges(organisation: Organisation, reader) -> QuerySet:
    concerned = Q(pk__in=_pledged_with(organisation)) if organisation.is_provider else Q(employer=organisation)
    seen = Pledge.objects.visible_to(reader).filter(concerned).with_given().annotate(by=F("employer__name"))
    return seen.only("made_on", "current_quantity", "kind", "status")


def _pledged_with(organisation: Organisation) -> QuerySet:
    promised = Pledge.objects.filter(employer=organisation).order_by().values("pk")
    return promised.union(Allocation.objects.filter(provider=organisation).order_by().values("pledge"))


def _placements(organisation: Any, reader) -> QuerySet:
    own = Placement.objects.visible_to(reader).filter(Q(employer=organisation) | Q(provider=organisation))
    return own.values_list("arranged_on", "pk", "programme", "learners", "status", "employer__name", "provider__name")


def _apprenticeships(organisation: Any, reader) -> QuerySet:
    own = Apprenticeship.objects.visible_to(reader).filter(Q(employer=organisation) | Q(training_provider=organisation))
    return own.values_list("opened_on", "pk", "standard_title", "positions", "status", "employer__name")


def _changes(organisation: Organisation, reader) -> QuerySet:
    """Read by the team and the organisation's own members; what of them each may know is for the doors to say."""
    told = Event.objects.none() if reader.is_commission_member else Event.objects.about(organisation)
    return told.annotate(on=TruncDate("at")).select_related("actor")


def _tell_engagements(rows: Iterable[Any]) -> Iterator[Happening]:
    for on, pk, title, kind, status, guild in rows:
        detail = f"{EngagementKind(kind).label}, {guild or 'County-wide'}"
        yield Happening(on, "engagement", pk, title, detail, status, Status(status).label)


def _tell_interactions(rows: Iterable[Any]) -> Iterator[Happening]:
    for on, pk, kind, summary in rows:
        yield Happening(on, "interaction", pk, InteractionKind(kind).label, summary)


def _tell_pledges(rows: Iterable[Any]) -> Iterator[Happening]:
    for pledge in rows:
        detail = f"{pledge.by}. {pledge.delivered} delivered, {pledge.remaining} still to give"
        label = PledgeStatus(pledge.standing).label
        yield Happening(
            pledge.made_on, "pledge", pledge.pk, f"Pledge of {pledge.promise}", detail, pledge.standing, label
        )


def _tell_placements(rows: Iterable[Any]) -> Iterator[Happening]:
    for on, pk, programme, learners, status, employer, provider in rows:
        came = f"{learners} learner{'' if learners == 1 else 's'}{f' from {provider}' if provider else ''}"
        label = PlacementStatus(status).label
        yield Happening(on, "placement", pk, Programme(programme).label, f"{came} at {employer}", status, label)


def _tell_apprenticeships(rows: Iterable[Any]) -> Iterator[Happening]:
    for on, pk, standard, positions, status, employer in rows:
        title = f"Apprenticeship: {standard or 'standard not known'}"
        detail = f"{positions} position{'' if positions == 1 else 's'} at {employer}"
        yield Happening(on, "apprenticeship", pk, title, detail, status, ApprenticeshipStatus(status).label)


def _tell_changes(rows: Iterable[Any]) -> Iterator[Happening]:
    for event in rows:
        yield Happening(event.on, "change", event.pk, "", event=event)


_SOURCES = {
    "engagement": _Source(_engagements, "starts_on", _tell_engagements),
    "interaction": _Source(_interactions, "happened_on", _tell_interactions),
    "pledge": _Source(_pledges, "made_on", _tell_pledges, kept=False),
    "placement": _Source(_placements, "arranged_on", _tell_placements),
    "apprenticeship": _Source(_apprenticeships, "opened_on", _tell_apprenticeships),
    "change": _Source(_changes, "on", _tell_changes, kept=False),
}
#: What a happening may be.
SORTS = tuple(_SOURCES)
