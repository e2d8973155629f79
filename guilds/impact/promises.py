"""A cohort of promises, step by step: made, verified, agreed with a school or college, delivered, confirmed by it.

All steps are of the same pledges, those made in the period, whenever the step was taken: so a step is never of other pledges
than the one before it. They are read from the records when they are asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from guilds.engagement.models import Answer, Attendance
from guilds.impact.periods import Period
from guilds.impact.scopes import EVERYWHERE, Scope
from guilds.pledges.models import (
    Allocation,
    AllocationStatus,
    Delivery,
    DeliveryQuerySet,
    Pledge,
    PledgeKind,
    PledgeQuerySet,
    PledgeStatus,
)

#: Kinds whose deliveries are placements and positions: no school is asked to confirm their numbers.
_NOT_ASKED = frozenset({PledgeKind.PLACEMENT, PledgeKind.APPRENTICESHIP})


@dataclass(frozen=True)
class Steps:
    """How many places of one kind came how far; `confirmed` is None where nobody is asked.

    `agreed`: a school or college has them, or had them by the time they were delivered.
    """

    kind: str
    made: int
    verified: int
    agreed: int
    delivered: int
    confirmed: int | None


def cohort(period: Period, scope: Scope = EVERYWHERE) -> Any:
    """The pledges made in a period, verified or waiting for it, with what was `agreed`, `delivered` and `confirmed` of each."""
    happened = _happened().filter(pledge=OuterRef("pk"))
    sure = happened.filter(_confirmed()).order_by().values("pledge").annotate(total=Sum("done"))
    return _made(period, scope).with_progress().annotate(
        agreed=F("allocated") + F("delivered"), confirmed=Coalesce(Subquery(sure.values("total")), Value(0))
    )  # fmt: skip


def steps(period: Period, scope: Scope = EVERYWHERE) -> list[Steps]:
    """Of each kind of which anything was promised, in three queries: sums of many pledges, none of them read."""
    made = _made(period, scope).order_by()
    promised = made.values_list("kind").annotate(
        made=Sum("quantity"), verified=Coalesce(Sum("quantity", filter=Q(verified_on__isnull=False)), Value(0))
    )
    of_these = {"pledge__in": made.values("pk")}
    parts = Allocation.objects.filter(status=AllocationStatus.AGREED, **of_these).with_progress().order_by()
    waiting = dict(parts.values_list("pledge__kind").annotate(Sum("outstanding")))
    done = _happened().filter(**of_these).order_by().values_list("pledge__kind")
    delivered = {kind: sums for kind, *sums in done.annotate(came=Sum("done"), sure=Sum("done", filter=_confirmed()))}
    found = {kind: _steps(kind, sums, waiting.get(kind, 0), delivered.get(kind, (0, 0))) for kind, *sums in promised}
    return [found[kind] for kind in PledgeKind.values if kind in found]


def _steps(kind: str, promised: Sequence[int], waiting: int, delivered: Sequence[int | None]) -> Steps:
    came, confirmed = delivered[0] or 0, delivered[1] or 0
    made, verified = promised
    return Steps(kind, made, verified, waiting + came, came, None if kind in _NOT_ASKED else confirmed)


def _made(period: Period, scope: Scope) -> PledgeQuerySet:
    rows = Pledge.objects.filter(_within(scope), made_on__gte=period.start, made_on__lte=period.end)
    return rows.exclude(status=PledgeStatus.REJECTED)


def _happened() -> DeliveryQuerySet:
    return Delivery.objects.happened().with_quantity()


def _confirmed() -> Exists:
    """Delivered at an engagement of which a school or college has confirmed its number."""
    return Exists(Attendance.objects.filter(engagement=OuterRef("engagement"), answer=Answer.CONFIRMED))


def _within(scope: Scope) -> Q:
    found = Q()
    for field, code in (("guild", scope.lead), ("employer__district", scope.place)):
        if code is not None:
            found &= Q(**{field: code}) if code else Q(**{f"{field}__isnull": True})
    return found
