"""What employers offer to a district's schools and colleges, beside what those ask for: by sector, and where it falls short."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from guilds.impact.scopes import COUNTY_WIDE
from guilds.pledges.models import Pledge, PledgeKind
from guilds.pledges.offers import for_district
from guilds.pledges.requests import Request
from guilds.reference.models import District, Guild

#: The kinds that are told one by one; all others together are "other".
TOLD = (PledgeKind.PLACEMENT, PledgeKind.APPRENTICESHIP)
OTHER = "other"
_Amounts = Counter[tuple[str, str]]


@dataclass(frozen=True)
class Supply:
    """One sector and kind: what is still to be had, and what is asked for and not agreed yet."""

    offered: int
    asked: int

    @property
    def short(self) -> int:
        """How much more is asked for than offered."""
        return max(self.asked - self.offered, 0)


@dataclass(frozen=True)
class Sector:
    """One guild, or what no guild leads: a supply for each of TOLD and OTHER, in that order."""

    key: str
    label: str
    supplies: dict[str, Supply]


def supply_of(district: District, *, on: date) -> list[Sector]:
    """Every active guild and what has no guild, in three queries. Offers for no district in particular are for every one."""
    offered, asked = _offered(district, on), _asked(district)
    guilds = list(Guild.objects.active(on).order_by("name"))  # type: ignore[attr-defined]
    places = [*((guild.slug, guild.name) for guild in guilds), (COUNTY_WIDE, "No guild yet")]
    return [Sector(key, label, _supplies(key, offered, asked)) for key, label in places]


def whole(sectors: Iterable[Sector]) -> dict[str, Supply]:
    """All sectors together."""
    listed = list(sectors)
    return {
        kind: Supply(
            sum(sector.supplies[kind].offered for sector in listed),
            sum(sector.supplies[kind].asked for sector in listed),
        )
        for kind in (*TOLD, OTHER)
    }


def _supplies(key: str, offered: _Amounts, asked: _Amounts) -> dict[str, Supply]:
    return {kind: Supply(offered[key, kind], asked[key, kind]) for kind in (*TOLD, OTHER)}


def _offered(district: District, on: date) -> _Amounts:
    """What is left of open pledges that the district's schools and colleges may use."""
    valid = Pledge.objects.open().filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
    offers: QuerySet = for_district(valid.with_progress(), district)
    return _amounts(offers.values_list("guild", "kind", "remaining"))


def _asked(district: District) -> _Amounts:
    """What the district's schools and colleges still wait for."""
    waiting = Request.objects.waiting().filter(provider__district=district)  # type: ignore[attr-defined]
    return _amounts(waiting.with_progress().values_list("guild", "kind", "remaining"))


def _amounts(rows: Iterable[tuple[str | None, str, int]]) -> _Amounts:
    found: _Amounts = Counter()
    for guild, kind, amount in rows:
        found[guild or COUNTY_WIDE, kind if kind in TOLD else OTHER] += amount
    return found
