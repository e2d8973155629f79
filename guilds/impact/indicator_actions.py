"""Every change of indicators: a new one, a new wording, a value, an end."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from guilds.audit import recording
from guilds.audit.refusals import Refusals, refuse
from guilds.impact import periods
from guilds.impact.indicators import ALWAYS, Indicator, IndicatorValue, IndicatorVersion
from guilds.impact.measures import MEASURES
from guilds.impact.periods import Period

_YEAR = re.compile(r"\d{4}")
#: What a version says, beside the day from which it holds.
WORDING = ("code", "statement", "unit", "better", "target", "measure", "reason")


def indicator_period(slug: str) -> Period:
    """A year as the strategy's grid has it (`2016`, January to December), or a period of counting.md.

    Raises ValidationError keyed "period".
    """
    text = slug.strip()
    if _YEAR.fullmatch(text) and 1950 <= int(text) <= 2150:
        return Period(text, text, date(int(text), 1, 1), date(int(text), 12, 31))
    try:
        return periods.parse(text)
    except Exception:
        raise refuse(
            "period", f"“{text}” is not a period: write it as 2016, 2016-17, FY2016-17, 2016-17-Q1 or 2017-03",
            "invalid_period",
        ) from None  # fmt: skip


@transaction.atomic
def add_indicator(
    *,
    by,
    code: str,
    statement: str,
    reference: str = "",
    valid_from: date | None = None,
    note: str = "",
    **wording: Any,
) -> Indicator:
    """Begin to follow an indicator; without a `reference` it is made of the code.

    Raises ValidationError keyed by field.
    """
    indicator = Indicator(reference=reference or reference_of(code), note=note)
    recording.create(indicator, by=by, verb="added")
    reword(by=by, indicator=indicator, valid_from=valid_from, code=code, statement=statement, **wording)
    return indicator


def reference_of(code: str) -> str:
    """A code as a reference: "KPI 8" is kpi-8."""
    return re.sub(r"[^a-z0-9]+", "-", code.lower()).strip("-")


@transaction.atomic
def reword(
    *, by, indicator: Indicator, valid_from: date | None = None, expected_version: int | None = None, **wording: Any
) -> IndicatorVersion:
    """Say what it is called, says and aims at from a day on (None: always).

    What it said before stays, unless it was from that very day on: then it is corrected, and history keeps the former words.
    `wording` are the fields of a version that are to be other than in the version before it.
    Raises ValidationError keyed by field, Overtaken where `expected_version` is not the corrected version's any more.
    """
    day = valid_from or ALWAYS
    _check_measure(wording.get("measure", ""))
    known = indicator.versions.filter(valid_from=day).first()
    if known is not None:
        with recording.changing(known, by=by, verb="corrected", expected_version=expected_version) as now:
            for name, value in wording.items():
                setattr(now, name, value)
        return known
    before = indicator.versions.filter(valid_from__lt=day).last()
    kept = {name: getattr(before, name) for name in WORDING if before and name != "reason"}
    return recording.create(
        IndicatorVersion(indicator=indicator, valid_from=day, **kept | wording),
        by=by,
        verb="reworded" if before else "worded",
    )


@transaction.atomic
def set_value(
    *,
    by,
    indicator: Indicator,
    period: str,
    source: str,
    district=None,
    value: Decimal | None = None,
    judged: str = "",
    travel: str = "",
    note: str = "",
    expected_version: int | None = None,
) -> IndicatorValue:
    """Say what it was in a period, and from where that is known; what was said before stays in history.

    Raises ValidationError keyed by field, Overtaken where `expected_version` is not the value's any more.
    """  # fmt: skip
    slug = indicator_period(period).slug
    said = {"value": value, "judged": judged, "travel": travel, "source": source.strip(), "note": note}
    known = indicator.values.filter(period=slug, district=district).first()
    if known is None:
        new = IndicatorValue(indicator=indicator, period=slug, district=district, **said)
        return recording.create(new, by=by, verb="set")
    with recording.changing(known, by=by, verb="moved", expected_version=expected_version) as now:
        for name, new_value in said.items():
            setattr(now, name, new_value)
    return known


def end_indicator(*, by, indicator: Indicator, ended_on: date, ended_because: str) -> Indicator:
    """It is not followed from a day on. Raises ValidationError keyed by field."""
    with recording.changing(indicator, by=by, verb="ended", reason=ended_because) as now:
        now.ended_on, now.ended_because = ended_on, ended_because.strip()
    return indicator


def annotate_indicator(*, by, indicator: Indicator, note: str) -> Indicator:
    """Say what is odd about it."""
    with recording.changing(indicator, by=by, verb="noted") as now:
        now.note = note
    return indicator


def _check_measure(slug: str) -> None:
    refusals = Refusals()
    refusals.add_when(bool(slug) and slug not in MEASURES, "measure", f"There is no measure “{slug}”", "invalid_choice")
    refusals.add_when(bool(slug) and slug in MEASURES and MEASURES[slug].characteristic, "measure",
                      "Figures of a few young people are told in publications only", "confidential")  # fmt: skip
    refusals.raise_if_any()
