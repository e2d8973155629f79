"""Which open pledges fit what a school or college asks for."""

from dataclasses import dataclass
from typing import Any

from guilds.matching import criteria
from guilds.matching.criteria import Criterion, Promise, School
from guilds.pledges.models import Pledge
from guilds.pledges.requests import Request

#: How many of the latest open pledges of a kind are looked at; more are open nowhere.
LOOKED_AT = 500


@dataclass(frozen=True)
class PledgeMatch:
    """A pledge with its progress beside a request."""

    pledge: Any
    points: list[Criterion]

    @property
    def fits(self) -> bool:
        """Whether every binding point is met."""
        return all(point.met for point in self.points if point.binding)

    @property
    def order(self) -> tuple:
        """Those that fit best, then those that run out first, then the oldest."""
        misses = sum(not point.met for point in self.points if point.binding)
        wanting = sum(not point.met for point in self.points)
        until = self.pledge.valid_until
        return misses, wanting, until is None, until, self.pledge.made_on, self.pledge.pk


def pledges_for(request: Any, *, reader) -> list[PledgeMatch]:
    """Open pledges of the kind with something left, best first; two queries."""
    seen = Pledge.objects.visible_to(reader).open().filter(kind=request.kind)
    left = seen.for_list().with_progress().filter(remaining__gt=0).prefetch_related("districts")
    rows = left.order_by("-made_on", "-id")[:LOOKED_AT]
    school = _school(request)
    matches = [PledgeMatch(pledge, _points(pledge, request, school)) for pledge in rows]
    return sorted(matches, key=lambda match: match.order)


def _school(request: Request) -> School:
    one = request.provider
    return School(
        one.pk, one.name, one.provider_kind, one.district_id, one.district.name if one.district else "",
        one.age_low, one.age_high,
    )  # fmt: skip


def _points(pledge: Any, request: Any, school: School) -> list[Criterion]:
    suits = criteria.suited_by(pledge)
    promise = Promise(pledge.kind, suits, {one.code: one.name for one in pledge.districts.all()})
    return [
        criteria.of_district(promise, school.district, school.district_name),
        _of_years(pledge, request),
        _of_level(pledge, request),
        criteria.of_needs(suits, criteria.wanted_for(request)),
        _of_days(pledge, request),
        _of_guild(pledge, request),
        _of_number(pledge, request),
    ]


def _of_years(pledge: Any, request: Any) -> Criterion:
    if not pledge.year_groups or not request.year_groups:
        return Criterion("Year groups", True, "Neither rules a year group out")
    both = [year for year in request.year_groups if year in pledge.year_groups]
    words = f"For {criteria.years_in_words(both or pledge.year_groups)}"
    return Criterion("Year groups", bool(both), words)


def _of_level(pledge: Any, request: Any) -> Criterion:
    met = None in (pledge.level, request.level) or pledge.level == request.level
    return Criterion("Level", met, f"At level {pledge.level}" if pledge.level else "At any level")


def _of_days(pledge: Any, request: Any) -> Criterion:
    """Whether the places are at a time that is wanted, as far as both say when."""
    begins, ends = pledge.starts_on, pledge.ends_on or pledge.valid_until
    too_late = begins and request.wanted_until and begins > request.wanted_until
    too_early = ends and request.wanted_from and ends < request.wanted_from
    words = " ".join([f"From {begins:%-d %B %Y}" if begins else "", f"until {ends:%-d %B %Y}" if ends else ""]).strip()
    return Criterion("When", not (too_late or too_early), words[:1].upper() + words[1:] or "At any time")


def _of_guild(pledge: Any, request: Any) -> Criterion:
    met = request.guild_id is None or request.guild_id == pledge.guild_id
    return Criterion("Guild", met, pledge.guild.name if pledge.guild else "No guild yet", binding=False)


def _of_number(pledge: Any, request: Any) -> Criterion:
    enough = pledge.remaining >= request.remaining
    return Criterion("Enough", enough, f"{pledge.remaining} left; {request.remaining} asked for", binding=False)
