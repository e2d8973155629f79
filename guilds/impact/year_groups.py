"""Which year groups of one school or college met employers in a period, and how often."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from guilds.engagement.models import Answer
from guilds.impact import tally
from guilds.impact.figures import Figure
from guilds.impact.periods import Period
from guilds.organisations.models import Organisation, ProviderKind

_SECONDARY, _SIXTH_FORM = ("7", "8", "9", "10", "11", "12", "13"), ("12", "13")
#: The year groups that a school or college of a kind has, as far as its kind says: those that met nobody are shown too.
YEAR_GROUPS: dict[str, tuple[str, ...]] = {
    ProviderKind.SECONDARY: _SECONDARY,
    ProviderKind.ALL_THROUGH: _SECONDARY,
    ProviderKind.INDEPENDENT: _SECONDARY,
    ProviderKind.SPECIAL: _SECONDARY[:5],
    ProviderKind.PRU_AP: _SECONDARY[:5],
    ProviderKind.SIXTH_FORM: _SIXTH_FORM,
    ProviderKind.FE_COLLEGE: _SIXTH_FORM,
}


@dataclass(frozen=True)
class YearGroup:
    """A year group's delivered engagements and encounters. Empty: nobody has said which year group came."""

    year_group: str
    engagements: Figure
    encounters: Figure


def coverage_of(provider: Organisation, period: Period) -> list[YearGroup]:
    """Each year group of a school or college in a period, in one query. Encounters add up to its own figure; an
    engagement to which two year groups came is counted in both.
    """
    during = Q(engagement__starts_on__gte=period.start, engagement__starts_on__lte=period.end)
    rows = tally.encounters().filter(during, provider=provider)
    found = rows.order_by().values("year_group").annotate(
        events=Count("engagement", distinct=True),
        total=Sum("learners"),
        sure=Sum("learners", filter=Q(answer=Answer.CONFIRMED)),
        none=Count("pk", filter=Q(learners__isnull=True)),
    )  # fmt: skip
    told = {row["year_group"]: row for row in found}
    return [_line(name, told.get(name)) for name in _in_order({*told, *YEAR_GROUPS.get(provider.provider_kind, ())})]


def _line(name: str, row: dict | None) -> YearGroup:
    if row is None:
        return YearGroup(name, Figure(0, adds_up=False), Figure(0, confirmed=0, missing=0))
    encounters = Figure(row["total"] or 0, confirmed=row["sure"] or 0, missing=row["none"])
    return YearGroup(name, Figure(row["events"], adds_up=False), encounters)


def _in_order(names: Iterable[str]) -> list[str]:
    """Years by their number, then what a file called otherwise, and last what nobody has said."""
    return sorted(names, key=lambda name: (not name, not name.isdecimal(), int(name) if name.isdecimal() else 0, name))
