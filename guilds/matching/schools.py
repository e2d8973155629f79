"""Which schools and colleges a pledge fits: those that ask first, then those that have met employers least."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, partial
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from guilds.impact.contact import NEVER, LastMet, last_met
from guilds.matching import criteria
from guilds.matching.criteria import Criterion, Promise, School
from guilds.organisations.models import Organisation
from guilds.pledges.models import Allocation, AllocationStatus, Pledge
from guilds.pledges.requests import Request
from guilds.reading import read_at_once

_FACTS = ("pk", "name", "provider_kind", "district_id", "district__name", "age_low", "age_high")


class SchoolMatch(NamedTuple):
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
    rows, requests, agreed = seen.order_by().values_list(*_FACTS), _requests(pledge, reader), _agreed(pledge)
    read_at_once(rows, requests, agreed)
    met, asked, held, points = last_met(today), _by_provider(requests), dict(agreed), _points_of(promise)
    matches = []
    for one in map(_school, rows):
        last, wishes = met.get(one.pk, NEVER), asked.get(one.pk, [])
        matches.append(SchoolMatch(one, points(one, last, wishes), last, wishes, held.get(one.pk, 0)))
    return sorted(matches, key=lambda match: match.order)


def _school(row: tuple) -> School:
    pk, name, kind, district, district_name, age_low, age_high = row
    return School(pk, name, kind, district, district_name or "", age_low, age_high)


def _points_of(promise: Promise) -> Callable[[School, LastMet, list[Request]], list[Criterion]]:
    """What says of each school or college which points are met. Hundreds of them have few districts, ages and needs: each
    point is worded once for all that are alike.
    """
    district = cache(partial(criteria.of_district, promise))
    age, years = cache(partial(criteria.of_age, promise)), cache(partial(criteria.of_years, promise))
    needs = cache(lambda kind, asked: criteria.of_needs(promise.suits, criteria.needs_of(kind, asked)))
    contact = cache(_of_contact)

    def points(school: School, met: LastMet, requests: list[Request]) -> list[Criterion]:
        ages = school.ages
        return [
            district(school.district, school.district_name),
            age(ages),
            years(ages),
            needs(school.kind, tuple(map(criteria.wanted_for, requests))),
            contact(met.month, bool(met.this_year)),
            _of_asking(requests),
        ]

    return points


def _of_contact(month: date | None, this_year: bool) -> Criterion:
    last = f"Last met employers in {criteria.month_in_words(month)}" if month else "No encounter is recorded"
    return Criterion(
        "Waits for contact", not this_year, f"{last}{', this school year' if this_year else ''}", binding=False
    )


def _of_asking(requests: list[Request]) -> Criterion:
    number = sum(request.remaining for request in requests)  # type: ignore[attr-defined]
    words = f"Asks for {number}" if requests else "Has not asked"
    return Criterion("Asks for this", bool(requests), words, binding=False)


def _requests(pledge: Pledge, reader) -> QuerySet:
    """Open requests of the pledge's kind that are not met yet, oldest first."""
    waiting = Request.objects.visible_to(reader).waiting().filter(kind=pledge.kind)
    return waiting.with_progress().order_by("created_at", "id")


def _by_provider(requests: Iterable[Request]) -> dict[UUID, list[Request]]:
    found = defaultdict(list)
    for request in requests:
        found[request.provider_id].append(request)
    return found


def _agreed(pledge: Pledge) -> QuerySet:
    """How much of it is agreed with each."""
    agreed = Allocation.objects.filter(pledge=pledge, status=AllocationStatus.AGREED).order_by()
    return agreed.values_list("provider").annotate(Sum("quantity"))
