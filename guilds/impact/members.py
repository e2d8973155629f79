"""What a guild's members do in a period, with whatever guild: by the rules that count the county."""

from collections.abc import Callable
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    Field,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from guilds.access.models import User
from guilds.access.questions import ReadersQuestion
from guilds.impact import tally
from guilds.impact.periods import Period
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.guild_members import during, members_of
from guilds.organisations.models import MembershipQuerySet
from guilds.pledges.models import Pledge
from guilds.reading import Asked, Given
from guilds.reference.models import Guild

#: What is told of a member.
ACTIVITIES = ("took_part", "pledged", "hosted")


class _Way(NamedTuple):
    """One way of doing something: the records of it, whose they are, and on which day."""

    records: Callable[[], QuerySet]
    who: str
    day: str
    #: What is counted of the records.
    what: str = "pk"

    def own(self, period: "Period | _Days") -> QuerySet:
        """What a membership's organisation did of it in a period."""
        days = {f"{self.day}__gte": period.start, f"{self.day}__lte": period.end}
        return self.records().filter(**{self.who: OuterRef("organisation")}, **days).order_by()

    def number(self, period: Period) -> Coalesce:
        """How many there are, as a subquery: never by joining."""
        counted = self.own(period).values(self.who).annotate(number=Count(F(self.what), distinct=True)).values("number")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


_TOOK_PART = (
    _Way(tally.delivered_attendances, "provider", "engagement__starts_on", "engagement"),
    _Way(tally.delivered_participations, "employer", "engagement__starts_on", "engagement"),
)
_PLEDGED = (_Way(lambda: Pledge.objects.verified(), "employer", "made_on"),)
_HOSTED = (
    _Way(lambda: Placement.objects.started(), "employer", "starts_on"),
    _Way(lambda: Placement.objects.started(), "provider", "starts_on"),
    _Way(lambda: Apprenticeship.objects.started(), "employer", "starts_on"),
    _Way(lambda: Apprenticeship.objects.started(), "training_provider", "starts_on"),
)


def with_activity(memberships: MembershipQuerySet, period: Period) -> Any:
    """Adds to memberships `took_part` (delivered engagements), `pledged` (verified pledges made), `hosted` (placements

    and apprenticeships started, hosted or sent), and `active`: 1 where there is any of them, else 0.
    """
    ways = zip(ACTIVITIES, (_TOOK_PART, _PLEDGED, _HOSTED), strict=True)
    counted = memberships.annotate(**{name: reduce(add, (way.number(period) for way in some)) for name, some in ways})
    nothing = Q(**dict.fromkeys(ACTIVITIES, 0))
    return counted.annotate(active=Case(When(nothing, then=Value(0)), default=Value(1), output_field=IntegerField()))


class _Days(NamedTuple):
    """From one day to another."""

    start: Any
    end: Any


class MemberNumbers(NamedTuple):
    """How many members a guild had in a period, and how many of those were not `active`: no row means none. To be read."""

    members: Asked
    quiet: Asked


def member_numbers(guild: Guild, reader: User, period: Period) -> MemberNumbers:
    """How many there are, without counting what each did."""
    about = {"guild": guild.slug, "first": period.start, "last": period.end}
    return MemberNumbers(_MEMBERS(reader, **about), _QUIET(reader, **about))


def _members(reader: User, guild: Given, first: Given, last: Given) -> QuerySet:
    return _counted(during(members_of(guild, reader), first, last))


def _quiet(reader: User, guild: Given, first: Given, last: Given) -> QuerySet:
    ways = (*_TOOK_PART, *_PLEDGED, *_HOSTED)
    members = during(members_of(guild, reader), first, last)
    return _counted(members.filter(*(~Exists(way.own(_Days(first, last))) for way in ways)))


def _counted(memberships: MembershipQuerySet) -> QuerySet:
    return memberships.order_by().values("guild").annotate(number=Count("pk")).values_list("number")


_GIVEN: dict[str, Field] = {"guild": CharField(), "first": DateField(), "last": DateField()}
_MEMBERS, _QUIET = ReadersQuestion(_members, **_GIVEN), ReadersQuestion(_quiet, **_GIVEN)
