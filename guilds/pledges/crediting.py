"""What may be credited to a pledge: what its employer has done, and what is credited to nothing yet."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from guilds.engagement.models import Engagement, Participation
from guilds.opportunities.models import STARTED_STATUSES, Apprenticeship, Placement
from guilds.pledges.models import FULFILLED_BY, Allocation, AllocationStatus, Delivery, Pledge, PledgeKind

#: As many as there are to choose from, the latest first.
_OFFERED = 100


def fulfilled_by(pledge: Pledge) -> str:
    """What a pledge of its kind is fulfilled by: placement, apprenticeship or engagement."""
    return FULFILLED_BY.get(PledgeKind(pledge.kind), "engagement")


def what_fits(pledge: Pledge, user) -> QuerySet:
    """What this employer has done that has begun, has a day, and is not credited yet; latest first."""
    rows = _FITTING[fulfilled_by(pledge)](pledge, user)
    ids = list(rows.values_list("pk", flat=True)[:_OFFERED])
    return rows.filter(pk__in=ids)


def parts_to_credit(pledge: Pledge, user) -> QuerySet[Allocation]:
    """The agreed parts of a pledge of which something is still to be delivered."""
    seen = Allocation.objects.visible_to(user).filter(pledge=pledge, status=AllocationStatus.AGREED)
    return seen.with_progress().filter(outstanding__gt=0).select_related("provider")


def told(record: Any) -> str:
    """A placement, apprenticeship or engagement in a line."""
    day = f"{record.starts_on:%-d %B %Y}"
    if isinstance(record, Placement):
        provider = f", {record.provider}" if record.provider else ""
        return f"{day}: {record.get_programme_display()}{provider}, {record.learners} learners"
    if isinstance(record, Apprenticeship):
        return f"{day}: {record.standard_title or 'standard not known'}, {record.positions} positions"
    return f"{day}: {record.title} ({record.get_kind_display()})"


def _placements(pledge: Pledge, user) -> QuerySet:
    seen = Placement.objects.visible_to(user).select_related("provider")
    return _begun(seen, pledge, "placement").order_by("-starts_on", "-id")


def _apprenticeships(pledge: Pledge, user) -> QuerySet:
    return _begun(Apprenticeship.objects.visible_to(user), pledge, "apprenticeship").order_by("-starts_on", "-id")


def _begun(rows: QuerySet, pledge: Pledge, field: str) -> QuerySet:
    begun = rows.filter(employer=pledge.employer_id, status__in=STARTED_STATUSES, starts_on__isnull=False)
    return begun.filter(~Exists(Delivery.objects.filter(**{field: OuterRef("pk")})))


def _engagements(pledge: Pledge, user) -> QuerySet:
    seen = Engagement.objects.visible_to(user).delivered()
    took_part = Participation.objects.filter(engagement=OuterRef("pk"), employer=pledge.employer_id)
    credited = Delivery.objects.filter(engagement=OuterRef("pk"), pledge=pledge)
    return seen.filter(Exists(took_part), ~Exists(credited)).order_by("-starts_on", "-id")


_FITTING = {"placement": _placements, "apprenticeship": _apprenticeships, "engagement": _engagements}
