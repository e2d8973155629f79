"""Which year groups of one school or college met employers in a period, and how often."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from guilds.engagement.models import Answer, Attendance
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
    told: dict[str, list] = {name: [] for name in YEAR_GROUPS.get(provider.provider_kind, ())}
    for row in tally.encounters().filter(during, provider=provider):
        told.setdefault(_bare(row.year_group), []).append(row)
    return [_line(name, told[name]) for name in _in_order(told)]


def _line(name: str, rows: list[Attendance]) -> YearGroup:
    encounters = Figure(
        sum(row.learners or 0 for row in rows),
        confirmed=sum(row.learners or 0 for row in rows if row.answer == Answer.CONFIRMED),
        missing=sum(row.learners is None for row in rows),
    )
    return YearGroup(name, Figure(len({row.engagement_id for row in rows}), adds_up=False), encounters)


def _bare(year_group: str) -> str:
    """ "Year 9", as files have it, is year group 9."""
    return re.sub(r"^year\s+(?=\d+$)", "", year_group.strip(), flags=re.IGNORECASE)


def _in_order(names: Iterable[str]) -> list[str]:
    """Years by their number, then what a file called otherwise, and last what nobody has said."""
    return sorted(names, key=lambda name: (not name, not name.isdecimal(), int(name) if name.isdecimal() else 0, name))
