"""Stocks on the last day of a period, read from the records themselves: members of guilds, schools with an adviser."""

from collections import Counter, defaultdict
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from guilds.impact.lineage import Lineage, duplicates
from guilds.impact.periods import Period
from guilds.impact.scopes import COUNTY_WIDE, TOTAL, UNKNOWN, Scope
from guilds.organisations.models import Membership
from guilds.pledges.advisers import AdviserPlace

#: What a dimension is called on a membership.
COLUMNS = {"guild": "guild", "district": "organisation__district"}


#: Stocks that no guild leads.
_WITHOUT_GUILD = {
    "adviser_schools_signed_up": lambda: AdviserPlace.objects.signed_up(),
    "adviser_schools_matched": lambda: AdviserPlace.objects.matched(),
}
_MEMBERS = {
    "employer_members": lambda: Membership.objects.of_employers(),
    "provider_members": lambda: Membership.objects.of_providers(),
}


def members(slug: str, scope: Scope) -> Any:
    """The memberships, or places with an adviser, that a stock counts, of whatever time."""
    place: dict[str, Any] = {"organisation__district": scope.district} if scope.district else {}
    if scope.district == UNKNOWN:
        place = {"organisation__district__isnull": True}
    if slug in _WITHOUT_GUILD:
        everybody = _WITHOUT_GUILD[slug]().filter(**place).order_by()
        return everybody if scope.guild in (None, COUNTY_WIDE) else everybody.none()
    sort = _MEMBERS[slug]()
    if scope.guild == COUNTY_WIDE:
        return sort.none()
    return sort.filter(**({"guild": scope.guild} if scope.guild else {}), **place).order_by()


def counts(slug: str, period: Period, by: str, scope: Scope) -> dict[str, int]:
    """How many members there are at the end of the period, in total and by the keys of a dimension."""
    rows = members(slug, scope)
    on_the_last_day = rows.open_on(period.end)
    if by == "month":
        by_month = _by_month(rows, period)
        return by_month | {TOTAL: by_month.get(list(period.months())[-1].slug, 0)}
    too_many = duplicates(on_the_last_day, [], period.end)
    found = {TOTAL: _distinct(on_the_last_day, [], too_many).get((), 0)}
    if by in COLUMNS:
        # Where no two are one in all, no two are one in a part.
        by_part = duplicates(on_the_last_day, [COLUMNS[by]], period.end) if too_many else Counter()
        counted = _distinct(on_the_last_day, [COLUMNS[by]], by_part)
        found |= {key or (COUNTY_WIDE if by == "guild" else UNKNOWN): number for (key,), number in counted.items()}
    return found


def _distinct(rows: QuerySet, keys: list[str], too_many: Counter) -> dict[tuple, int]:
    if not keys:
        return {(): rows.aggregate(number=Count("organisation", distinct=True))["number"] - too_many[()]}
    counted = rows.values(*keys).annotate(number=Count("organisation", distinct=True))
    found = {tuple(row[key] for key in keys): row["number"] for row in counted}
    return {key: number - too_many[key] for key, number in found.items()}


def _by_month(rows: QuerySet, period: Period) -> dict[str, int]:
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
