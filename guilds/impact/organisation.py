"""What one organisation did, counted from its own records by the rules that count the county.

An employer's encounters are all learners at the engagements in which it took part, so those of several employers at one
event must not be added up; a school's or college's are its own learners.
"""

from collections.abc import Iterable
from dataclasses import dataclass
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
    """The figures of one organisation in a period, in at most ten queries however much it did.

    `schools`, `colleges` and `employers` are those that it met, itself left out.
    """
    counted = _events(organisation, period) | _opportunities(organisation, period)
    wanted: tuple[str, ...] = ()
    if organisation.is_employer:
        counted |= _brought(organisation, period) | _pledged(organisation, period)
        wanted += OF_EMPLOYERS
    if organisation.is_provider:
        wanted += OF_PROVIDERS
    counted |= _met(organisation, period)
    return OrganisationImpact(period, {slug: counted[slug] for slug in dict.fromkeys(wanted)})


def _during(period: Period, day: str) -> Q:
    return Q(**{f"{day}__gte": period.start, f"{day}__lte": period.end})


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


def _events(organisation: Organisation, period: Period) -> dict[str, Figure]:
    # One list of its few events: asked for in two halves, the database would read what everybody did.
    rows = tally.delivered_attendances().filter(engagement__in=_events_of(organisation))
    rows = rows.filter(_during(period, "engagement__starts_on"))
    young = ~Q(engagement__kind__in=STAFF_KINDS)
    found = rows.filter(pk__in=_of_its_events(organisation)).aggregate(
        total=Sum("learners", filter=young),
        sure=Sum("learners", filter=young & Q(answer=Answer.CONFIRMED)),
        none=Count("pk", filter=young & Q(learners__isnull=True)),
        trained=Sum("staff", filter=Q(engagement__kind=EngagementKind.STAFF_TRAINING, provider=organisation)),
        no_staff=Count(
            "pk",
            filter=Q(engagement__kind=EngagementKind.STAFF_TRAINING, provider=organisation, staff__isnull=True),
        ),
    )
    delivered = Engagement.objects.delivered().filter(_during(period, "starts_on"), pk__in=_events_of(organisation))
    return {
        "engagements": Figure(delivered.count()),
        "encounters": Figure(found["total"] or 0, confirmed=found["sure"] or 0, missing=found["none"]),
        "staff_trained": Figure(found["trained"] or 0, missing=found["no_staff"]),
    }


def _brought(organisation: Organisation, period: Period) -> dict[str, Figure]:
    rows = tally.delivered_participations().filter(_during(period, "engagement__starts_on"), employer=organisation)
    found = rows.aggregate(
        given=Sum("hours"),
        no_hours=Count("pk", filter=Q(hours__isnull=True)),
        offers=Sum("job_offers"),
        no_offers=Count("pk", filter=Q(job_offers__isnull=True)),
    )
    return {
        "volunteer_hours": Figure(_plain(found["given"] or 0), missing=found["no_hours"]),
        "job_offers": Figure(found["offers"] or 0, missing=found["no_offers"]),
    }


def _plain(hours) -> int | float:
    return int(hours) if hours == int(hours) else float(hours)


def _pledged(organisation: Organisation, period: Period) -> dict[str, Figure]:
    found = (
        Pledge.objects.verified()
        .filter(_during(period, "made_on"), employer=organisation)
        .aggregate(
            number=Count("pk"),
            placements=Sum("quantity", filter=Q(kind=PledgeKind.PLACEMENT)),
            apprenticeships=Sum("quantity", filter=Q(kind=PledgeKind.APPRENTICESHIP)),
        )
    )
    return {
        "pledges": Figure(found["number"]),
        "placements_pledged": Figure(found["placements"] or 0),
        "apprenticeships_pledged": Figure(found["apprenticeships"] or 0),
    }


def _opportunities(organisation: Organisation, period: Period) -> dict[str, Figure]:
    """Its placements and apprenticeships, as the employer or as where the learners come from; all in one query."""
    parts = [
        records()
        .filter(_of(organisation, records().model), _during(period, day))
        .order_by()
        .annotate(measure=Value(slug, output_field=CharField()), many=F(amount))
        .values_list("measure", "many")
        for slug, (records, day, amount) in OPPORTUNITY_MEASURES.items()
    ]
    totals = dict.fromkeys(OPPORTUNITY_MEASURES, 0)
    for slug, many in parts[0].union(*parts[1:], all=True):
        totals[slug] += many
    return {slug: Figure(total) for slug, total in totals.items()}


def _of(organisation: Organisation, model: type) -> Q:
    provider = "training_provider" if model is Apprenticeship else "provider"
    return Q(employer=organisation) | Q(**{provider: organisation})


def _met(organisation: Organisation, period: Period) -> dict[str, Figure]:
    """Whom it met, each once: a school and its successor are one, and a merged record is the one that it is in."""
    providers = _ids(organisation, period, "provider") if organisation.is_employer else set()
    employers = _ids(organisation, period, "employer") if organisation.is_provider else set()
    lineage = Lineage.load() if providers or employers else Lineage([], [])
    own = lineage.identity(organisation.pk, period.end)

    def once(ids: Iterable[UUID]) -> Figure:
        return Figure(len({lineage.identity(pk, period.end) for pk in ids} - {own}), adds_up=False)

    return {
        "schools": once(pk for pk, kind in providers if kind not in COLLEGE_KINDS),
        "colleges": once(pk for pk, kind in providers if kind in COLLEGE_KINDS),
        "employers": once(pk for pk, _ in employers),
    }


def _ids(organisation: Organisation, period: Period, met: str) -> set[tuple[UUID, str]]:
    """The ids and kinds of the `met`, "provider" or "employer", at engagements, placements and apprenticeships."""
    ways = [_at_engagements(organisation, period, met)]
    for model, provider in ((Placement, "provider"), (Apprenticeship, "training_provider")):
        own, other = ("employer", provider) if met == "provider" else (provider, "employer")
        started = model.objects.started().filter(_during(period, "starts_on"), **{own: organisation})
        ways.append(_with_kind(started.filter(**{f"{other}__isnull": False}), other))
    return set(ways[0].union(*ways[1:]))


def _at_engagements(organisation: Organisation, period: Period, met: str) -> QuerySet:
    during = _during(period, "engagement__starts_on")
    if met == "provider":
        there = tally.delivered_attendances().filter(during, engagement__in=_brought_to(organisation))
        return _with_kind(there, "provider")
    came = tally.delivered_attendances().filter(during, provider=organisation).order_by().values("engagement")
    return _with_kind(tally.delivered_participations().filter(engagement__in=came), "employer")


def _with_kind(rows: QuerySet, who: str) -> QuerySet:
    return rows.order_by().annotate(who=F(who), what=F(f"{who}__provider_kind")).values_list("who", "what")
