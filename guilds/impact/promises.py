"""A cohort of promises, step by step: made, verified, agreed with a school or college, delivered, confirmed by it.

All steps are of the same pledges, those made in the period, whenever the step was taken: so a step is never of other pledges
than the one before it. They are read from the records when they are asked for.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from guilds.engagement.models import Answer, Attendance
from guilds.impact.periods import Period
from guilds.impact.scopes import EVERYWHERE, Scope
from guilds.pledges.models import Delivery, Pledge, PledgeKind, PledgeStatus

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
    made = Pledge.objects.filter(made_on__gte=period.start, made_on__lte=period.end).exclude(
        status=PledgeStatus.REJECTED
    )
    happened = Delivery.objects.happened().with_quantity().filter(pledge=OuterRef("pk"))
    said = Attendance.objects.filter(engagement=OuterRef("engagement"), answer=Answer.CONFIRMED)
    sure = happened.filter(Exists(said)).order_by().values("pledge").annotate(total=Sum("done"))
    counted = made.filter(_within(scope)).with_progress()
    return counted.annotate(
        agreed=F("allocated") + F("delivered"), confirmed=Coalesce(Subquery(sure.values("total")), Value(0))
    )


def steps(period: Period, scope: Scope = EVERYWHERE) -> list[Steps]:
    """Of each kind of which anything was promised, in one query."""
    rows = cohort(period, scope).order_by().values("kind").annotate(
        all_made=Sum("quantity"),
        all_verified=Sum("quantity", filter=Q(verified_on__isnull=False)),
        all_agreed=Sum("agreed", filter=Q(verified_on__isnull=False)),
        all_delivered=Sum("delivered"),
        all_confirmed=Sum("confirmed"),
    )  # fmt: skip
    found = {row["kind"]: row for row in rows}
    return [_steps(found[kind]) for kind in PledgeKind.values if kind in found]


def _steps(row: Any) -> Steps:
    asked = row["kind"] not in _NOT_ASKED
    return Steps(
        row["kind"], row["all_made"], row["all_verified"] or 0, row["all_agreed"] or 0, row["all_delivered"],
        row["all_confirmed"] if asked else None,
    )  # fmt: skip


def _within(scope: Scope) -> Q:
    found = Q()
    for field, code in (("guild", scope.lead), ("employer__district", scope.place)):
        if code is not None:
            found &= Q(**{field: code}) if code else Q(**{f"{field}__isnull": True})
    return found
