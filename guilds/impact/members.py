"""What a guild's members do in a period, with whatever guild: by the rules that count the county."""

from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from guilds.impact import tally
from guilds.impact.periods import Period
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.models import MembershipQuerySet
from guilds.pledges.models import Pledge

#: What is told of a member.
ACTIVITIES = ("took_part", "pledged", "hosted")


def with_activity(memberships: MembershipQuerySet, period: Period) -> Any:
    """Adds to memberships `took_part` (delivered engagements), `pledged` (verified pledges made), `hosted` (placements

    and apprenticeships started, hosted or sent), and `active`: 1 where there is any of them, else 0.
    """
    came = [
        _number(tally.delivered_attendances(), "provider", "engagement__starts_on", period, "engagement"),
        _number(tally.delivered_participations(), "employer", "engagement__starts_on", period, "engagement"),
    ]
    hosted = [
        _number(Placement.objects.started(), "employer", "starts_on", period),
        _number(Placement.objects.started(), "provider", "starts_on", period),
        _number(Apprenticeship.objects.started(), "employer", "starts_on", period),
        _number(Apprenticeship.objects.started(), "training_provider", "starts_on", period),
    ]
    counted = memberships.annotate(
        took_part=sum(came[1:], came[0]),
        pledged=_number(Pledge.objects.verified(), "employer", "made_on", period),
        hosted=sum(hosted[1:], hosted[0]),
    )
    nothing = Q(**dict.fromkeys(ACTIVITIES, 0))
    return counted.annotate(active=Case(When(nothing, then=Value(0)), default=Value(1), output_field=IntegerField()))


def _number(rows: QuerySet, who: str, day: str, period: Period, what: str = "pk") -> Any:
    """How many of some rows in a period are of a membership's organisation, as a subquery: never by joining."""
    own = rows.filter(**{who: OuterRef("organisation"), f"{day}__gte": period.start, f"{day}__lte": period.end})
    counted = own.order_by().values(who).annotate(number=Count(F(what), distinct=True)).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
