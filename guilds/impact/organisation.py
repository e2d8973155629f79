"""What one organisation did, counted from its own records by the rules that count the county.

An employer's encounters are all learners at the engagements in which it took part, so those of several employers at one
event must not be added up; a school's or college's are its own learners.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, F, Q, QuerySet, Sum, Value

from guilds.engagement.models import STAFF_KINDS, Answer, Attendance, Engagement, EngagementKind, Participation
from guilds.impact import tally
from guilds.impact.figures import Figure
from guilds.impact.lineage import Lineage
from guilds.impact.periods import Period
from guilds.impact.tally import OPPORTUNITY_MEASURES
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.models import COLLEGE_KINDS, Organisation
from guilds.pledges.models import Pledge, PledgeKind

#: The measures that are told of an organisation, by what it is.
OF_EMPLOYERS = (
    "engagements", "encounters", "schools", "colleges", "volunteer_hours", "job_offers", "pledges", "placements_pledged",
    "apprenticeships_pledged", *OPPORTUNITY_MEASURES,
)  # fmt: skip
OF_PROVIDERS = ("engagements", "encounters", "employers", "staff_trained", *OPPORTUNITY_MEASURES)

#: An organisation's figures in one period, by the slug of their measure.
Figures = dict[str, Figure]
Periods = tuple[Period, ...]
#: What is summed or counted, of which field, over which rows.
Sums = dict[str, tuple[Any, str, Q]]


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
    """The figures of one organisation in each period, in at most ten queries however much it did and however many.

    `schools`, `colleges` and `employers` are those that it met, itself left out.
    """
    parts = [_events(organisation, periods), _opportunities(organisation, periods), _met(organisation, periods)]
    wanted: tuple[str, ...] = ()
    if organisation.is_employer:
        parts += [_brought(organisation, periods), _pledged(organisation, periods)]
        wanted += OF_EMPLOYERS
    if organisation.is_provider:
        wanted += OF_PROVIDERS
    found = []
    for place, period in enumerate(periods):
        counted = {slug: figure for part in parts for slug, figure in part[place].items()}
        found.append(OrganisationImpact(period, {slug: counted[slug] for slug in dict.fromkeys(wanted)}))
    return found


def _during(period: Period, day: str) -> Q:
    return Q(**{f"{day}__gte": period.start, f"{day}__lte": period.end})


def _in_any(periods: Periods, day: str) -> Q:
    return reduce(or_, (_during(period, day) for period in periods))


def _in_each(periods: Periods, day: str, sums: Sums) -> dict[str, Any]:
    """Each sum once for each period: `total` becomes `total_0`, `total_1` and so on."""
    return {
        f"{name}_{place}": aggregate(field, filter=which & _during(period, day))
        for place, period in enumerate(periods)
        for name, (aggregate, field, which) in sums.items()
    }


def _brought_to(organisation: Organisation) -> QuerySet:
    """The ids of engagements at which it was as an employer."""
    return Participation.objects.filter(employer=organisation).order_by().values("engagement")


def _of_its_events(organisation: Organisation) -> QuerySet:
    """The ids of its own attendances, and of all at engagements to which it came as an employer.

    A union: with "or", a database looks through the attendances of everybody.
    """
    own = Attendance.objects.filter(provider=organisation).order_by().values("pk")
    return own.union(Attendance.objects.filter(engagement__in=_brought_to(organisation)).order_by().values("pk"))


def _events_of(organisation: Organisation) -> QuerySet:
    """Ids of the engagements at which it was, in whatever capacity."""
    came = Attendance.objects.filter(provider=organisation).order_by().values("engagement")
    return came.union(Participation.objects.filter(employer=organisation).order_by().values("engagement"), all=True)


def _events(organisation: Organisation, periods: Periods) -> list[Figures]:
    day, young = "engagement__starts_on", ~Q(engagement__kind__in=STAFF_KINDS)
    trained = Q(engagement__kind=EngagementKind.STAFF_TRAINING, provider=organisation)
    sums: Sums = {
        "total": (Sum, "learners", young),
        "sure": (Sum, "learners", young & Q(answer=Answer.CONFIRMED)),
        "none": (Count, "pk", young & Q(learners__isnull=True)),
        "trained": (Sum, "staff", trained),
        "no_staff": (Count, "pk", trained & Q(staff__isnull=True)),
    }
    # One list of its few events: asked for in two halves, the database would read what everybody did.
    rows = tally.delivered_attendances().filter(engagement__in=_events_of(organisation))
    rows = rows.filter(_in_any(periods, day), pk__in=_of_its_events(organisation))
    found = rows.aggregate(**_in_each(periods, day, sums))
    delivered = Engagement.objects.delivered().filter(pk__in=_events_of(organisation))
    found |= delivered.aggregate(**_in_each(periods, "starts_on", {"events": (Count, "pk", Q())}))
    return [_events_in(found, place) for place, _ in enumerate(periods)]


def _events_in(found: dict[str, Any], n: int) -> Figures:
    sure, unknown = found[f"sure_{n}"] or 0, found[f"none_{n}"]
    return {
        "engagements": Figure(found[f"events_{n}"]),
        "encounters": Figure(found[f"total_{n}"] or 0, confirmed=sure, missing=unknown),
        "staff_trained": Figure(found[f"trained_{n}"] or 0, missing=found[f"no_staff_{n}"]),
    }


def _brought(organisation: Organisation, periods: Periods) -> list[Figures]:
    day = "engagement__starts_on"
    rows = tally.delivered_participations().filter(_in_any(periods, day), employer=organisation)
    sums: Sums = {
        "given": (Sum, "hours", Q()),
        "no_hours": (Count, "pk", Q(hours__isnull=True)),
        "offers": (Sum, "job_offers", Q()),
        "no_offers": (Count, "pk", Q(job_offers__isnull=True)),
    }
    found = rows.aggregate(**_in_each(periods, day, sums))
    return [
        {
            "volunteer_hours": Figure(_plain(found[f"given_{n}"] or 0), missing=found[f"no_hours_{n}"]),
            "job_offers": Figure(found[f"offers_{n}"] or 0, missing=found[f"no_offers_{n}"]),
        }
        for n, _ in enumerate(periods)
    ]


def _plain(hours) -> int | float:
    return int(hours) if hours == int(hours) else float(hours)


def _pledged(organisation: Organisation, periods: Periods) -> list[Figures]:
    rows = Pledge.objects.verified().filter(_in_any(periods, "made_on"), employer=organisation)
    sums: Sums = {
        "pledges": (Count, "pk", Q()),
        "placements_pledged": (Sum, "quantity", Q(kind=PledgeKind.PLACEMENT)),
        "apprenticeships_pledged": (Sum, "quantity", Q(kind=PledgeKind.APPRENTICESHIP)),
    }
    found = rows.aggregate(**_in_each(periods, "made_on", sums))
    return [{slug: Figure(found[f"{slug}_{n}"] or 0) for slug in sums} for n, _ in enumerate(periods)]


def _opportunities(organisation: Organisation, periods: Periods) -> list[Figures]:
    """Its placements and apprenticeships, as the employer or as where the learners come from; all in one query."""
    parts = [
        records()
        .filter(_of(organisation, records().model), _during(period, day))
        .order_by()
        .annotate(measure=Value(slug, output_field=CharField()), place=Value(place), many=F(amount))
        .values_list("measure", "place", "many")
        for place, period in enumerate(periods)
        for slug, (records, day, amount) in OPPORTUNITY_MEASURES.items()
    ]
    totals = [dict.fromkeys(OPPORTUNITY_MEASURES, 0) for _ in periods]
    for slug, place, many in parts[0].union(*parts[1:], all=True):
        totals[place][slug] += many
    return [{slug: Figure(total) for slug, total in each.items()} for each in totals]


def _of(organisation: Organisation, model: type) -> Q:
    provider = "training_provider" if model is Apprenticeship else "provider"
    return Q(employer=organisation) | Q(**{provider: organisation})


def _met(organisation: Organisation, periods: Periods) -> list[Figures]:
    """Whom it met, each once: a school and its successor are one, and a merged record is the one that it is in."""
    providers = _ids(organisation, periods, "provider") if organisation.is_employer else set()
    employers = _ids(organisation, periods, "employer") if organisation.is_provider else set()
    lineage = Lineage.load() if providers or employers else Lineage([], [])

    def once(ids: Iterable[UUID], period: Period) -> Figure:
        own = lineage.identity(organisation.pk, period.end)
        return Figure(len({lineage.identity(pk, period.end) for pk in ids} - {own}), adds_up=False)

    return [
        {
            "schools": once((pk for pk, kind, at in providers if at == n and kind not in COLLEGE_KINDS), period),
            "colleges": once((pk for pk, kind, at in providers if at == n and kind in COLLEGE_KINDS), period),
            "employers": once((pk for pk, _, at in employers if at == n), period),
        }
        for n, period in enumerate(periods)
    ]


def _ids(organisation: Organisation, periods: Periods, met: str) -> set[tuple[UUID, str, int]]:
    """The ids and kinds of the `met`, "provider" or "employer", each with the place of the period in which it was."""
    ways = [
        _with_kind(rows, who, place)
        for place, period in enumerate(periods)
        for rows, who in _ways_to_meet(organisation, period, met)
    ]
    return set(ways[0].union(*ways[1:]))


def _ways_to_meet(organisation: Organisation, period: Period, met: str) -> Iterator[tuple[QuerySet, str]]:
    """Records at which it met others, and their field that says whom: engagements, placements, apprenticeships."""
    yield _at_engagements(organisation, period, met), met
    for model, provider in ((Placement, "provider"), (Apprenticeship, "training_provider")):
        own, other = ("employer", provider) if met == "provider" else (provider, "employer")
        started = model.objects.started().filter(_during(period, "starts_on"), **{own: organisation})
        yield started.filter(**{f"{other}__isnull": False}), other


def _at_engagements(organisation: Organisation, period: Period, met: str) -> QuerySet:
    during = _during(period, "engagement__starts_on")
    if met == "provider":
        return tally.delivered_attendances().filter(during, engagement__in=_brought_to(organisation))
    came = tally.delivered_attendances().filter(during, provider=organisation).order_by().values("engagement")
    return tally.delivered_participations().filter(engagement__in=came)


def _with_kind(rows: QuerySet, who: str, place: int) -> QuerySet:
    found = rows.order_by().annotate(who=F(who), what=F(f"{who}__provider_kind"), place=Value(place))
    return found.values_list("who", "what", "place")
