"""Which schools and colleges a pledge fits: those that ask first, then those that have met employers least."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, Sum

from guilds.impact.contact import NEVER, LastMet, last_met
from guilds.matching import criteria
from guilds.matching.criteria import Criterion, Promise, School
from guilds.organisations.models import Organisation
from guilds.pledges.models import Allocation, AllocationStatus, Pledge
from guilds.pledges.requests import Request

_FACTS = ("pk", "name", "provider_kind", "district_id", "district__name", "age_low", "age_high")


@dataclass(frozen=True)
class SchoolMatch:
    """A school or college beside a pledge. `held`: how many of it are agreed with it already."""

    school: School
    points: list[Criterion]
    met: LastMet
    requests: list[Request]
    held: int = 0

    @property
    def fits(self) -> bool:
        """Whether every binding point is met."""
        return all(point.met for point in self.points if point.binding)

    @property
    def order(self) -> tuple:
        """Those that ask, then least contact this year, then longest since the last."""
        misses = sum(not point.met for point in self.points if point.binding)
        return misses, not self.requests, self.met.this_year, self.met.month or date.min, self.school.name


def schools_for(pledge: Pledge, *, reader, today: date, words: str = "") -> list[SchoolMatch]:
    """Every open school and college that the reader sees, best first; a constant number of queries.

    `words`: only those whose name has them. All are looked at, because the order depends on each.
    """
    seen = Organisation.objects.visible_to(reader).providers().active()
    if words:
        seen = seen.filter(Q(name__icontains=words))
    promise = Promise(
        pledge.kind,
        criteria.suited_by(pledge),
        {district.code: district.name for district in pledge.districts.all()},
        tuple(pledge.year_groups),
    )
    met, asked, held = last_met(today), _asked(pledge, reader), _held(pledge)
    found = (_school(row) for row in seen.order_by().values_list(*_FACTS))
    matches = [_match(promise, one, met.get(one.pk, NEVER), asked[one.pk], held.get(one.pk, 0)) for one in found]
    return sorted(matches, key=lambda match: match.order)


def _school(row: tuple) -> School:
    pk, name, kind, district, district_name, age_low, age_high = row
    return School(pk, name, kind, district, district_name or "", age_low, age_high)


def _match(promise: Promise, school: School, met: LastMet, requests: list[Request], held: int) -> SchoolMatch:
    needs = criteria.needs_of(school, map(criteria.wanted_for, requests))
    points = [
        criteria.of_district(promise, school),
        criteria.of_age(promise, school),
        criteria.of_years(promise, school),
        criteria.of_needs(promise.suits, needs),
        _of_contact(met),
        _of_asking(requests),
    ]
    return SchoolMatch(school, points, met, requests, held)


def _of_contact(met: LastMet) -> Criterion:
    last = f"Last met employers in {criteria.month_in_words(met.month)}" if met.month else "No encounter is recorded"
    this_year = ", this school year" if met.this_year else ""
    return Criterion("Waits for contact", not met.this_year, f"{last}{this_year}", binding=False)


def _of_asking(requests: list[Request]) -> Criterion:
    number = sum(request.remaining for request in requests)  # type: ignore[attr-defined]
    words = f"Asks for {number}" if requests else "Has not asked"
    return Criterion("Asks for this", bool(requests), words, binding=False)


def _asked(pledge: Pledge, reader) -> dict[UUID, list[Request]]:
    """Open requests of the pledge's kind that are not met yet, oldest first."""
    found = defaultdict(list)
    for request in (
        Request.objects.visible_to(reader)
        .waiting()
        .filter(kind=pledge.kind)
        .with_progress()
        .order_by("created_at", "id")
    ):
        found[request.provider_id].append(request)
    return found


def _held(pledge: Pledge) -> dict[UUID, int]:
    agreed = Allocation.objects.filter(pledge=pledge, status=AllocationStatus.AGREED).order_by()
    return dict(agreed.values_list("provider").annotate(Sum("quantity")))
