"""Indicators of a district that the system does not count itself: read from files, each with its source."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from guilds.impact.indicator_actions import indicator_period
from guilds.impact.indicators import Indicator, IndicatorValue, IndicatorVersion
from guilds.impact.periods import Period
from guilds.reference.models import District


@dataclass(frozen=True)
class ContextFigure:
    """The latest value of one indicator in a district, worded as it was then, beside the county's of the same period."""

    version: IndicatorVersion
    value: IndicatorValue
    period: Period
    county: Decimal | None


def context_of(district: District, reader: Any, *, until: Period) -> list[ContextFigure]:
    """Of each indicator with values for the district the latest that had begun by the end of a period, in three queries."""
    seen = Indicator.objects.visible_to(reader)
    about = Q(district=district) | Q(district__isnull=True)
    values = list(IndicatorValue.objects.filter(about, indicator__in=seen, value__isnull=False))
    mine: dict[Any, IndicatorValue] = {}
    for value in values:
        start = indicator_period(value.period).start
        known = mine.get(value.indicator_id)  # type: ignore[attr-defined]
        later = known is None or indicator_period(known.period).start < start
        if value.district_id and start <= until.end and later:  # type: ignore[attr-defined]
            mine[value.indicator_id] = value  # type: ignore[attr-defined]
    versions = list(IndicatorVersion.objects.filter(indicator__in=mine).order_by("valid_from"))
    county = {(v.indicator_id, v.period): v.value for v in values if v.district_id is None}  # type: ignore[attr-defined]
    return sorted((_figure(value, versions, county) for value in mine.values()), key=lambda one: one.version.code)


def _figure(value: IndicatorValue, versions: list[IndicatorVersion], county: dict) -> ContextFigure:
    """With the wording that held when its period ended; the first one for a period before all wordings."""
    period, about = indicator_period(value.period), value.indicator_id  # type: ignore[attr-defined]
    mine = [version for version in versions if version.indicator_id == about]  # type: ignore[attr-defined]
    held = [version for version in mine if version.valid_from <= period.end] or mine[:1]
    return ContextFigure(held[-1], value, period, county.get((about, value.period)))
