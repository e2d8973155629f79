"""Which records are behind each measure, in which order they are listed, and what is told of one.

The same querysets as in tally.py, so that a figure and its rows can't come apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from guilds.engagement.models import Answer, Engagement
from guilds.impact import stocks, tally
from guilds.impact.lineage import extra
from guilds.impact.measures import MEASURES
from guilds.impact.models import Presence
from guilds.impact.periods import Period
from guilds.impact.reach import Coverage
from guilds.impact.scopes import TOTAL, Scope
from guilds.impact.tally import OPPORTUNITY_MEASURES, WORKPLACE_DISTRICT
from guilds.organisations.models import Organisation
from guilds.pledges.models import Pledge, PledgeKind, delivered_total

Told = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Source:
    """Rows of a model behind a figure. `by`: the field that orders them (its ties by key); `read`: its value from text."""

    rows: QuerySet
    told: Told
    by: str
    read: Callable[[str], Any] = date.fromisoformat
    ascending: bool = False

    @property
    def order(self) -> tuple[str, str]:
        """The ordering, with ties broken."""
        sign = "" if self.ascending else "-"
        return f"{sign}{self.by}", f"{sign}pk"


def source_of(measure: str, period: Period, scope: Scope, only: Q | None = None) -> Source:
    """The rows behind a measure in a period and scope. `only`: of coverage, the schools that are meant."""
    sort = MEASURES[measure].sort
    if sort in ("distinct", "stock"):
        return _organisations(measure, period, scope)
    if measure == "coverage":
        return _covered(period, scope, only)
    if measure in OPPORTUNITY_MEASURES:
        return _opportunities(measure, period, scope)
    if measure in _PLEDGES:
        return _pledges(measure, period, scope)
    return _events(measure, period, scope)


def _placed(scope: Scope, guild: str, district: str, kind: str | None = None) -> Q:
    """Records in a scope, by the names of its dimensions in their table."""
    found = Q()
    for column, code in ((guild, scope.lead), (district, scope.place), (kind, scope.kind)):
        if column and code is not None:
            found &= Q(**{column: code}) if code else Q(**{f"{column}__isnull": True})
    return found


def _during(period: Period, day: str) -> Q:
    return Q(**{f"{day}__gte": period.start, f"{day}__lte": period.end})


def _events(measure: str, period: Period, scope: Scope) -> Source:
    if measure == "engagements":
        rows = Engagement.objects.delivered().filter(
            _during(period, "starts_on"), _placed(scope, "guild", "district", "kind")
        )
        return Source(rows, _engagement, "starts_on")
    parts, district, field = _PARTS[measure]
    found = parts().filter(
        _during(period, "engagement__starts_on"), _placed(scope, "engagement__guild", district, "engagement__kind")
    )
    who = "provider" if district == "provider__district" else "employer"
    told = _missing if measure == "encounters_missing" else partial(_part, field=field)
    return Source(found.select_related("engagement", who), told, "engagement__starts_on")


def _confirmed() -> QuerySet:
    return tally.encounters().filter(answer=Answer.CONFIRMED, learners__isnull=False)


#: Parts of engagements behind a measure, whose district they count in, and the number that each adds.
_PARTS: dict[str, tuple[Callable[[], QuerySet], str, str]] = {
    "encounters": (tally.encounters, "provider__district", "learners"),
    "encounters_confirmed": (_confirmed, "provider__district", "learners"),
    **{
        measure: (tally.encounters, "provider__district", field)
        for measure, field in tally.CHARACTERISTIC_FIELDS.items()
    },
    "encounters_missing": (lambda: tally.encounters().filter(learners__isnull=True), "provider__district", "learners"),
    "staff_trained": (tally.staff_trained, "provider__district", "staff"),
    "volunteer_hours": (lambda: tally.delivered_participations().exclude(hours=0), "engagement__district", "hours"),
    "job_offers": (
        lambda: tally.delivered_participations().exclude(job_offers=0),
        "engagement__district",
        "job_offers",
    ),
}


def _engagement(event: Engagement) -> dict[str, Any]:
    return {
        "record": "engagement", "id": event.pk, "title": event.title, "on": event.starts_on, "guild": event.guild_id,
        "district": event.district_id, "organisation": None, "status": event.status, "contribution": 1,
    }  # fmt: skip


def _part(part: Any, field: str) -> dict[str, Any]:
    who = part.provider if hasattr(part, "provider_id") else part.employer
    number = getattr(part, field)
    place = who.district_id if hasattr(part, "provider_id") else part.engagement.district_id
    sure = number if field == "learners" and part.answer == Answer.CONFIRMED else None
    return _engagement(part.engagement) | {
        "organisation": who.name, "district": place, "contribution": _plain(number or 0), "missing": number is None,
        "confirmed": sure,
    }  # fmt: skip


def _missing(part: Any) -> dict[str, Any]:
    return _part(part, "learners") | {"contribution": 1, "missing": True}


def _plain(number: Any) -> int | float:
    return int(number) if number == int(number) else float(number)


def _opportunities(measure: str, period: Period, scope: Scope) -> Source:
    counted = OPPORTUNITY_MEASURES[measure]
    rows = counted.records().annotate(place=tally.or_empty(*WORKPLACE_DISTRICT))
    rows = rows.filter(_during(period, counted.day), _placed(scope, "guild", ""))
    if scope.place is not None:
        rows = rows.filter(place=scope.place)
    tell = partial(_opportunity, day=counted.day, amount=counted.amount)
    return Source(rows.select_related("employer"), tell, counted.day)


def _opportunity(record: Any, day: str, amount: str) -> dict[str, Any]:
    return {
        "record": record._meta.model_name, "id": record.pk, "title": str(record), "on": getattr(record, day),
        "guild": record.guild_id, "district": record.place or None, "organisation": record.employer.name,
        "status": record.status, "contribution": getattr(record, amount),
    }  # fmt: skip


_PLEDGES: dict[str, dict[str, str]] = {
    "pledges": {},
    "placements_pledged": {"kind": PledgeKind.PLACEMENT},
    "apprenticeships_pledged": {"kind": PledgeKind.APPRENTICESHIP},
    "pledge_conversion": {},
}


def _pledges(measure: str, period: Period, scope: Scope) -> Source:
    rows = Pledge.objects.verified().filter(_during(period, "made_on"), _placed(scope, "guild", "employer__district"))
    rows = rows.filter(**_PLEDGES[measure]).select_related("employer").annotate(delivered=delivered_total())
    return Source(rows, partial(_pledge, measure=measure), "made_on")


def _pledge(pledge: Any, measure: str) -> dict[str, Any]:
    numbers = {"pledges": 1, "pledge_conversion": pledge.delivered}
    return {
        "record": "pledge", "id": pledge.pk, "title": str(pledge), "on": pledge.made_on, "guild": pledge.guild_id,
        "district": pledge.employer.district_id, "organisation": pledge.employer.name, "status": pledge.status,
        "contribution": numbers.get(measure, pledge.quantity),
        "promised": pledge.quantity if measure == "pledge_conversion" else None,
    }  # fmt: skip


def _organisations(measure: str, period: Period, scope: Scope) -> Source:
    """Each organisation once: of those that are one, the one that it is by the end of the period where it took part."""
    if MEASURES[measure].sort == "stock":
        there: QuerySet = stocks.members(measure, scope).open_on(period.end)
    else:
        there = Presence.objects.filter(_during(period, "month"), _present(scope), measure=measure)
    twice = extra(there, [], period.end).get((), set())
    rows = Organisation.objects.filter(Exists(there.filter(organisation=OuterRef("pk")))).exclude(pk__in=twice)
    return Source(rows, _organisation, "name", read=str, ascending=True)


def _covered(period: Period, scope: Scope, only: Q | None) -> Source:
    """Every school that there was, each once; those that were reached add one."""
    found = Coverage(period, "total", scope, only=only)
    reached = {school.pk for who, school in found.schools.items() if who in found.reached[TOTAL]}
    rows = Organisation.objects.filter(pk__in=[school.pk for school in found.schools.values()])
    return Source(rows, partial(_school, reached=reached), "name", read=str, ascending=True)


def _school(school: Organisation, reached: set) -> dict[str, Any]:
    return _organisation(school) | {"contribution": int(school.pk in reached)}


def _present(scope: Scope) -> Q:
    codes = (("guild", scope.lead), ("district", scope.place), ("kind", scope.kind))
    return Q(**{column: code for column, code in codes if code is not None})


def _organisation(organisation: Organisation) -> dict[str, Any]:
    return {
        "record": "organisation", "id": organisation.pk, "title": organisation.name, "on": None, "guild": None,
        "district": organisation.district_id, "organisation": organisation.name, "status": organisation.status,
        "contribution": 1,
    }  # fmt: skip
