"""Members of guilds: a stock on the last day of a period, read from the memberships themselves."""

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from guilds.impact.lineage import Lineage, duplicates
from guilds.impact.periods import Period
from guilds.impact.scopes import COUNTY_WIDE, TOTAL, UNKNOWN, Scope
from guilds.organisations.models import Membership, MembershipQuerySet

#: What a dimension is called on a membership.
COLUMNS = {"guild": "guild", "district": "organisation__district"}


def members(slug: str, scope: Scope) -> MembershipQuerySet:
    """The memberships that a stock counts, of whatever time."""
    sort = Membership.objects.of_employers() if slug == "employer_members" else Membership.objects.of_providers()
    if scope.guild == COUNTY_WIDE:
        return sort.none()
    place: dict[str, Any] = {"organisation__district": scope.district} if scope.district else {}
    if scope.district == UNKNOWN:
        place = {"organisation__district__isnull": True}
    return sort.filter(**({"guild": scope.guild} if scope.guild else {}), **place).order_by()


def counts(slug: str, period: Period, by: str, scope: Scope) -> dict[str, int]:
    """How many members there are at the end of the period, in total and by the keys of a dimension."""
    rows = members(slug, scope)
    on_the_last_day = rows.open_on(period.end)
    found = {TOTAL: _distinct(on_the_last_day, [], period.end).get((), 0)}
    if by == "month":
        return found | _by_month(rows, period)
    if by in COLUMNS:
        counted = _distinct(on_the_last_day, [COLUMNS[by]], period.end)
        found |= {key or (COUNTY_WIDE if by == "guild" else UNKNOWN): number for (key,), number in counted.items()}
    return found


def _distinct(rows: QuerySet[Membership], keys: list[str], on: date) -> dict[tuple, int]:
    too_many = duplicates(rows, keys, on)
    if not keys:
        return {(): rows.aggregate(number=Count("organisation", distinct=True))["number"] - too_many[()]}
    counted = rows.values(*keys).annotate(number=Count("organisation", distinct=True))
    found = {tuple(row[key] for key in keys): row["number"] for row in counted}
    return {key: number - too_many[key] for key, number in found.items()}


def _by_month(rows: QuerySet[Membership], period: Period) -> dict[str, int]:
    """Members at the end of each month, from one look at all memberships that were open at some time in the period."""
    meanwhile = rows.filter(Q(left_on__isnull=True) | Q(left_on__gt=period.start), joined_on__lte=period.end)
    lineage = Lineage.load()
    there: dict[str, set[UUID]] = defaultdict(set)
    months = list(period.months())
    for organisation, joined, left in meanwhile.values_list("organisation", "joined_on", "left_on"):
        for month in months:
            if joined <= month.end and (left is None or left > month.end):
                there[month.slug].add(lineage.identity(organisation, month.end))
    return {slug: len(organisations) for slug, organisations in there.items()}
