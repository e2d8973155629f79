"""What one organisation did, counted from its own records by the rules that count the county.

An employer's encounters are all learners at the engagements in which it took part, so those of several employers at one
event must not be added up; a school's or college's are its own learners.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial, reduce
from operator import or_
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import DateField, Field, Q, QuerySet, UUIDField

from guilds.engagement.models import STAFF_KINDS, Answer, Attendance, EngagementKind, Participation
from guilds.impact import tally
from guilds.impact.figures import Figure
from guilds.impact.lineage import Lineage
from guilds.impact.periods import Period
from guilds.impact.tally import OPPORTUNITY_MEASURES
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.models import COLLEGE_KINDS, Organisation
from guilds.pledges.models import Pledge, PledgeKind
from guilds.reading import Given, Question, read_at_once

#: The measures that are told of an organisation, by what it is.
OF_EMPLOYERS = (
    "engagements", "encounters", "schools", "colleges", "volunteer_hours", "job_offers", "pledges", "placements_pledged",
    "apprenticeships_pledged", *OPPORTUNITY_MEASURES,
)  # fmt: skip
OF_PROVIDERS = ("engagements", "encounters", "employers", "staff_trained", *OPPORTUNITY_MEASURES)

#: An organisation's figures in one period, by the slug of their measure.
Figures = dict[str, Figure]
Periods = tuple[Period, ...]
_Sort = type[Placement] | type[Apprenticeship]
#: Where the learners of each come from.
_SOURCES: dict[_Sort, str] = {Placement: "provider", Apprenticeship: "training_provider"}
#: The measures that say that learners began at an employer.
STARTED = ("placements_started", "apprenticeships_started")


@dataclass(frozen=True)
class OrganisationImpact:
    """An organisation's figures in a period, by the slug of their measure."""

    period: Period
    figures: dict[str, Figure]

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it counts."""
        return not any(figure.value or figure.missing for figure in self.figures.values())


def impact_of(organisation: Organisation, period: Period) -> OrganisationImpact:
    """The figures of one organisation in a period; see `impacts_of`."""
    return impacts_of(organisation, period)[0]


def impacts_of(organisation: Organisation, *periods: Period) -> list[OrganisationImpact]:
    """The figures of one organisation in each period, in six queries however much it did and however many.

    Its rows are read once and added up here: a few hundred, while a database would be asked for forty sums.
    `schools`, `colleges` and `employers` are those that it met, itself left out.
    """
    wanted = (*(OF_EMPLOYERS if organisation.is_employer else ()), *(OF_PROVIDERS if organisation.is_provider else ()))
    did = _Done.of(organisation, periods)
    pk = organisation.pk
    met = _employers_met(pk, did) | {provider for provider, _ in _providers_met(pk, did)}
    lineage = Lineage.of(met | {pk}) if met else Lineage([], [])
    found = []
    for period in periods:
        counted = _counted(pk, did.during(period), lineage, period)
        found.append(OrganisationImpact(period, {slug: counted[slug] for slug in dict.fromkeys(wanted)}))
    return found


class _Came(NamedTuple):
    """A school or college at an engagement at which the organisation was, too."""

    day: date
    engagement: UUID
    kind: str
    provider: UUID
    provider_kind: str
    learners: int | None
    staff: int | None
    answer: str


class _Brought(NamedTuple):
    """An employer at an engagement at which the organisation was, too."""

    day: date
    engagement: UUID
    employer: UUID
    hours: Decimal | None
    offers: int | None


class _Opened(NamedTuple):
    """A placement or apprenticeship of the organisation, by the measure in which it counts."""

    day: date
    measure: str
    many: int
    employer: UUID
    provider: UUID | None
    provider_kind: str | None


class _Promised(NamedTuple):
    """A pledge of the organisation."""

    day: date
    kind: str
    quantity: int


@dataclass(frozen=True)
class _Done:
    """The rows of what an organisation did."""

    came: list[_Came]
    brought: list[_Brought]
    opened: list[_Opened]
    promised: list[_Promised]

    @classmethod
    def of(cls, organisation: Organisation, periods: Periods) -> "_Done":
        """All from the first day of the earliest period to the last of the latest, by one query; `during` tells them apart."""
        about = {
            "organisation": organisation.pk,
            "first": min(period.start for period in periods),
            "last": max(period.end for period in periods),
        }
        came, brought, promised = _CAME(**about), _BROUGHT(**about), _PROMISED(**about)
        opened = {model: question(**about) for model, question in _OPENED.items()}
        read_at_once(came, brought, promised, *opened.values())
        return cls(
            [_Came(*row) for row in came],
            [_Brought(*row) for row in brought],
            [one for model, asked in opened.items() for one in _opened(model, asked)],
            [_Promised(*row) for row in promised],
        )

    def during(self, period: Period) -> "_Done":
        """What of it was in one period."""
        every = (self.came, self.brought, self.opened, self.promised)
        return _Done(*([row for row in rows if period.start <= row.day <= period.end] for rows in every))  # type: ignore[arg-type]


def _counted(pk: UUID, did: _Done, lineage: Lineage, period: Period) -> Figures:
    return (
        _events(pk, did)
        | _given(pk, did)
        | _met(pk, did, lineage, period)
        | {slug: Figure(sum(row.many for row in did.opened if row.measure == slug)) for slug in OPPORTUNITY_MEASURES}
    )


def _events_of(organisation: Given) -> QuerySet:
    """Ids of the engagements at which it was, in whatever capacity."""
    came = Attendance.objects.filter(provider=organisation).order_by().values("engagement")
    return came.union(Participation.objects.filter(employer=organisation).order_by().values("engagement"), all=True)


def _at_its_events(rows: QuerySet, organisation: Given, first: Given, last: Given) -> QuerySet:
    during = {"engagement__starts_on__range": (first, last)}
    return rows.filter(engagement__in=_events_of(organisation), **during).order_by()


def _came(**given: Given) -> QuerySet:
    facts = ("engagement__kind", "provider", "provider__provider_kind", "learners", "staff", "answer")
    return _at_its_events(tally.delivered_attendances(), **given).values_list(*_OF_EVENTS, *facts)


def _brought(**given: Given) -> QuerySet:
    rows = _at_its_events(tally.delivered_participations(), **given)
    return rows.values_list(*_OF_EVENTS, "employer", "hours", "job_offers")


def _promised(organisation: Given, first: Given, last: Given) -> QuerySet:
    rows = Pledge.objects.verified().filter(made_on__range=(first, last), employer=organisation).order_by()
    return rows.values_list("made_on", "kind", "quantity")


def _opened_by(model: _Sort, organisation: Given, first: Given, last: Given) -> QuerySet:
    """Its placements or apprenticeships, as the employer or as where the learners come from; read once for all measures."""
    measures, source = _measures(model), _SOURCES[model]
    days = sorted({measure.day for measure in measures.values()})
    own = Q(employer=organisation) | Q(**{source: organisation})
    in_time = reduce(or_, (Q(**{f"{day}__range": (first, last)}) for day in days))
    facts = ("status", next(iter(measures.values())).amount, "employer", source, f"{source}__provider_kind")
    return model._default_manager.filter(own, in_time).order_by().values_list(*facts, *days)


def _opened(model: _Sort, rows: Iterable[tuple]) -> Iterator[_Opened]:
    measures = _measures(model)
    days = sorted({measure.day for measure in measures.values()})
    for status, many, employer, provider, kind, *dates in rows:
        on = dict(zip(days, dates, strict=True))
        for slug, measure in measures.items():
            if status in measure.statuses and on[measure.day]:
                yield _Opened(on[measure.day], slug, many, employer, provider, kind)


def _measures(model: _Sort) -> dict[str, tally.Opportunity]:
    return {slug: measure for slug, measure in OPPORTUNITY_MEASURES.items() if measure.model is model}


_OF_EVENTS = ("engagement__starts_on", "engagement")
_GIVEN: dict[str, Field] = {"organisation": UUIDField(), "first": DateField(), "last": DateField()}
_CAME, _BROUGHT, _PROMISED = (Question(put, **_GIVEN) for put in (_came, _brought, _promised))
_OPENED = {model: Question(partial(_opened_by, model), **_GIVEN) for model in _SOURCES}


def _events(pk: UUID, did: _Done) -> Figures:
    """An employer has all who came to where it was; a school or college its own."""
    visited, own = _visited(pk, did), [row for row in did.came if row.provider == pk]
    theirs = [row for row in did.came if row.provider == pk or row.engagement in visited]
    young = [row for row in theirs if row.kind not in STAFF_KINDS]
    trained = [row for row in own if row.kind == EngagementKind.STAFF_TRAINING]
    return {
        "engagements": Figure(len({row.engagement for row in own} | visited)),
        "encounters": Figure(
            _sum(row.learners for row in young),
            confirmed=_sum(row.learners for row in young if row.answer == Answer.CONFIRMED),
            missing=sum(row.learners is None for row in young),
        ),
        "staff_trained": Figure(_sum(row.staff for row in trained), missing=sum(row.staff is None for row in trained)),
    }


def _visited(pk: UUID, did: _Done) -> set[UUID]:
    """The engagements at which it was as an employer."""
    return {row.engagement for row in did.brought if row.employer == pk}


def _sum(numbers: Iterable[Any]) -> Any:
    return sum(number for number in numbers if number is not None)


def _given(pk: UUID, did: _Done) -> Figures:
    own = [row for row in did.brought if row.employer == pk]
    of_kind = {kind: sum(row.quantity for row in did.promised if row.kind == kind) for kind in PledgeKind}
    return {
        "volunteer_hours": Figure(
            _plain(_sum(row.hours for row in own)), missing=sum(row.hours is None for row in own)
        ),
        "job_offers": Figure(_sum(row.offers for row in own), missing=sum(row.offers is None for row in own)),
        "pledges": Figure(len(did.promised)),
        "placements_pledged": Figure(of_kind[PledgeKind.PLACEMENT]),
        "apprenticeships_pledged": Figure(of_kind[PledgeKind.APPRENTICESHIP]),
    }


def _plain(hours) -> int | float:
    return int(hours) if hours == int(hours) else float(hours)


def _met(pk: UUID, did: _Done, lineage: Lineage, period: Period) -> Figures:
    """Whom it met, each once: a school and its successor are one, and a merged record is the one that it is in."""
    providers, employers = _providers_met(pk, did), _employers_met(pk, did)

    def once(ids: Iterable[UUID]) -> Figure:
        own = lineage.identity(pk, period.end)
        return Figure(len({lineage.identity(one, period.end) for one in ids} - {own}), adds_up=False)

    return {
        "schools": once(one for one, kind in providers if kind not in COLLEGE_KINDS),
        "colleges": once(one for one, kind in providers if kind in COLLEGE_KINDS),
        "employers": once(employers),
    }


def _started(did: _Done) -> list[_Opened]:
    """Who began with a placement or apprenticeship has met."""
    return [row for row in did.opened if row.measure in STARTED and row.provider]


def _providers_met(pk: UUID, did: _Done) -> set[tuple[UUID, str | None]]:
    visited = _visited(pk, did)
    seen = {(row.provider, row.provider_kind) for row in did.came if row.engagement in visited}
    began = {(row.provider, row.provider_kind) for row in _started(did) if row.employer == pk}
    return seen | {(provider, kind) for provider, kind in began if provider}


def _employers_met(pk: UUID, did: _Done) -> set[UUID]:
    attended = {row.engagement for row in did.came if row.provider == pk}
    seen = {row.employer for row in did.brought if row.engagement in attended}
    return seen | {row.employer for row in _started(did) if row.provider == pk}
