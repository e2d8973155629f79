"""The data pack of a district: what was done there, whom it reached and whom not, what is offered and asked for, and the
context in which that is to be read.

Made of figures that follow the records, so it says of itself when it was made. The page and the PDF have the same templates.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from crm import figures
from crm.charts.bars import bars
from crm.charts.columns import columns
from crm.documents.sentences import listed, sentences
from crm.figures import number
from guilds.impact.cold_spots import NEVER_MET, ColdSpots
from guilds.impact.context import ContextFigure, context_of
from guilds.impact.measures import BY_KIND, MEASURES
from guilds.impact.models import Cell
from guilds.impact.periods import Period
from guilds.impact.scopes import EVERYWHERE, Scope
from guilds.impact.supply import OTHER, TOLD, Sector, supply_of, whole
from guilds.impact.totals import Figure, Summary, SummaryRow, summary
from guilds.organisations.models import ProviderKind
from guilds.pledges.models import PledgeKind
from guilds.publishing.reading import year_before
from guilds.reference.models import District

TEMPLATE = "documents/district_pack.html"
DONE = ("encounters", "engagements", "schools", "colleges", "employers")
PLACES = ("placements_arranged", "placements_started", "placements_completed", "apprenticeships_created",
          "apprenticeships_started")  # fmt: skip
#: What is told in total and in sentences.
MEASURES_OF_PACK = (*DONE, "pledges", *PLACES, "pledge_conversion")
_DRAWN = "encounters"
#: A list of cold spots on paper; the rest is on the page of coverage.
_COLD_SPOTS = 60


@dataclass(frozen=True)
class PackLine:
    """A row of a table: its name and its figures in words."""

    label: str
    words: list[str]


def district_pack(district: District, period: Period, reader: Any) -> dict[str, Any]:
    """All that the templates of a district's pack say; schools and indicators as far as `reader` may see them."""
    scope, today = Scope(district=district.code), timezone.localdate()
    by_month = summary(period=period, by="month", scope=scope, measures=list(MEASURES_OF_PACK))
    by_guild = summary(period=period, by="guild", scope=scope, measures=list(PLACES))
    by_kind = summary(period=period, by="kind", scope=scope, measures=list(BY_KIND))
    before = _before(period, scope)
    sectors = supply_of(district, on=today)
    coverage = _coverage(district, period, reader)
    return {
        "district": district,
        "period": period,
        "today": today,
        "running": period.end >= today,
        "basis": by_month,
        "summary": [*sentences(by_month.total.measures, before), *coverage["sentences"], *_short(sectors)],
        "totals": _totals(by_month.total, before),
        "columns": columns([(row.label[:3], row.measures[_DRAWN].value, None) for row in by_month.rows]),
        "bars": bars(_points(by_kind)),
        "drawn": MEASURES[_DRAWN],
        "kinds": _table(by_kind, DONE),
        "done": [MEASURES[slug] for slug in DONE],
        "guilds": _table(by_guild, PLACES),
        "places": [MEASURES[slug] for slug in PLACES],
        "sectors": [_sector(sector.label, sector.supplies) for sector in sectors],
        "all_sectors": _sector("Total", whole(sectors)),
        "coverage": coverage,
        "context": [_context(one) for one in context_of(district, reader, until=period)],
        "measures": [MEASURES[slug] for slug in (*MEASURES_OF_PACK, "coverage")],
        "demo": settings.DEMO,
    }


def _before(period: Period, scope: Scope) -> dict[str, Figure]:
    """The year before; nothing where nobody had counted anything yet, anywhere: that is not none."""
    earlier = year_before(period)
    if not Cell.objects.filter(month__lte=earlier.end).exists():
        return {}
    return summary(period=earlier, by="total", scope=scope, measures=list(MEASURES_OF_PACK)).total.measures


def _totals(now: SummaryRow, before: dict[str, Figure]) -> list[PackLine]:
    return [
        PackLine(
            MEASURES[slug].label,
            [
                figures.worded(MEASURES[slug], now.measures[slug]),
                figures.worded(MEASURES[slug], before[slug]) if slug in before else "–",
                _or_none(now.measures[slug].target),
                _or_none(now.measures[slug].confirmed),
                _or_none(now.measures[slug].missing),
            ],
        )
        for slug in MEASURES_OF_PACK
    ]


def _or_none(value: int | None) -> str:
    return "–" if value is None else number(value)


def _points(found: Summary) -> list[tuple[str, str, float | None, float | None]]:
    measure = MEASURES[_DRAWN]
    rows = [(row.label.partition(" (")[0], row.measures[_DRAWN]) for row in found.rows]
    return [(label, figures.worded(measure, figure), figure.value, None) for label, figure in rows if figure.value]


def _table(found: Summary, slugs: tuple[str, ...]) -> list[PackLine]:
    """The rows that have anything in them, and the total."""
    rows = [row for row in found.rows if any(row.measures[slug].value or row.measures[slug].missing for slug in slugs)]
    return [_line(row, slugs) for row in (*rows, found.total)]


def _line(row: SummaryRow, slugs: tuple[str, ...]) -> PackLine:
    return PackLine(row.label, [figures.worded(MEASURES[slug], row.measures[slug]) for slug in slugs])


def _sector(label: str, supplies: dict) -> PackLine:
    """Offered and asked for, of each kind."""
    pairs = [(supplies[kind].offered, supplies[kind].asked) for kind in (*TOLD, OTHER)]
    return PackLine(label, [number(amount) for pair in pairs for amount in pair])


def _context(one: ContextFigure) -> dict[str, str]:
    """An indicator with its wording, period and source, beside the county's."""
    unit = one.version.unit
    return {
        "statement": one.version.statement,
        "period": one.period.label,
        "value": _with_unit(one.value.value, unit),
        "county": _with_unit(one.county, unit),
        "source": one.value.source,
    }


def _with_unit(value: Decimal | None, unit: str) -> str:
    """A number as it was given, without zeros at its end; x for what nobody has given."""
    if value is None:
        return figures.NOT_AVAILABLE
    return f"{value.normalize():,f}{'' if unit == '%' else ' '}{unit}".strip()


def _short(sectors: list[Sector]) -> list[str]:
    """Where more is asked for than offered; nothing where it is not."""
    said = []
    for kind in TOLD:
        gaps = [f"{one.label} ({number(one.supplies[kind].short)})" for one in sectors if one.supplies[kind].short]
        if gaps:
            said.append(f"{PledgeKind(kind).label}: more are asked for than offered in {listed(gaps)}.")
    return said


def _coverage(district: District, period: Period, reader: Any) -> dict[str, Any]:
    """By kind of school, and the schools that were left out, longest without first."""
    found = ColdSpots(period, EVERYWHERE, Q(district=district))
    pupils, unknown = found.pupils()
    line = found.all_kinds()
    schools = found.schools(reader).order_by("last_met", "name", "pk")
    return {
        "kinds": [(ProviderKind(kind).label, share) for kind, share in line.kinds if share.there],
        "all": line.all,
        "schools": list(schools[:_COLD_SPOTS]),
        "more": max(line.all.left_out - _COLD_SPOTS, 0),
        "never": NEVER_MET,
        "sentences": [_covered(line.all, pupils, unknown)] if line.all.there else [],
    }


def _covered(share: Any, pupils: int, unknown: int) -> str:
    """ "12 of 13 schools with secondary pupils met employers. The other has 900 pupils." """
    schools = "school" if share.there == 1 else "schools"
    said = (
        f"{number(share.reached)} of {number(share.there)} {schools} with young people of secondary age met employers"
    )
    if not share.left_out:
        return f"{said}."
    left = "The one left out has" if share.left_out == 1 else f"The {number(share.left_out)} left out have"
    if unknown == share.left_out:
        return f"{said}; how many pupils the other {'school has' if unknown == 1 else 'schools have'} is not known."
    not_all = f"; of {number(unknown)} it is not known" if unknown else ""
    return f"{said}. {left} {number(pupils)} {'pupil' if pupils == 1 else 'pupils'}{not_all}."
