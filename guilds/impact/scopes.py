"""What part of the county's work a figure is about."""

from dataclasses import dataclass

from guilds.audit.refusals import Refusals
from guilds.engagement.models import EngagementKind
from guilds.impact.periods import Period
from guilds.reference.models import OUTSIDE, District, Guild

COUNTY_WIDE, UNKNOWN = "county-wide", "unknown"
#: The key of a table's total.
TOTAL = "total"


@dataclass(frozen=True)
class Scope:
    """Filters of a figure; None is no filter.

    `guild`: a slug or "county-wide". `district`: a GSS code, "outside" or "unknown". `kind`: an engagement kind.
    """

    guild: str | None = None
    district: str | None = None
    kind: str | None = None

    @property
    def lead(self) -> str | None:
        """The guild as cells keep it: empty for no lead guild."""
        return "" if self.guild == COUNTY_WIDE else self.guild

    @property
    def place(self) -> str | None:
        """The district as cells keep it: empty for not known."""
        return "" if self.district == UNKNOWN else self.district


#: No filter at all.
EVERYWHERE = Scope()


class Places:
    """The guilds and districts that there are, in two queries: names of rows, and what a scope may say."""

    def __init__(self) -> None:
        self.guilds = {guild.slug: guild for guild in Guild.objects.order_by("name")}
        self.districts = dict(District.objects.local().values_list("code", "name"))

    def check(self, scope: Scope) -> None:
        """Raises ValidationError keyed "guild", "district" or "kind" for what does not exist."""
        refusals = Refusals()
        for field, given, known in (
            ("guild", scope.guild, {*self.guilds, COUNTY_WIDE}),
            ("district", scope.district, {*self.districts, OUTSIDE, UNKNOWN}),
            ("kind", scope.kind, set(EngagementKind.values)),
        ):
            refusals.add_when(given is not None and given not in known, field, f"There is no {field} “{given}”")
        refusals.raise_if_any()

    def rows(self, by: str, period: Period, present: set[str]) -> list[tuple[str, str]]:
        """Keys and labels of the rows by guild, district or kind. `present`: the keys of rows that have figures."""
        if by == "guild":
            active = [g for g in self.guilds.values() if g.slug in present or _is_active(g, period)]
            return [*((guild.slug, guild.name) for guild in active), (COUNTY_WIDE, "County-wide")]
        if by == "district":
            named = sorted(self.districts.items(), key=lambda row: row[1])
            return [*named, (OUTSIDE, "Outside Kent and Medway"), (UNKNOWN, "Not known")]
        return [(kind.value, str(kind.label)) for kind in EngagementKind]


def _is_active(guild: Guild, period: Period) -> bool:
    """Whether a guild existed on some day of a period."""
    begun = guild.active_from is None or guild.active_from <= period.end
    return begun and (guild.active_to is None or guild.active_to >= period.start)
