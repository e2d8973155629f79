"""Indicators of the strategy: their wordings, and what they were in each period."""

from datetime import date
from typing import Any

from guilds.impact import indicator_actions as actions
from guilds.impact.indicators import ALWAYS, Indicator, IndicatorValue, IndicatorVersion
from guilds.importing.loaders.base import Run, attempt
from guilds.importing.rows import Row

_COLUMNS = {"better": "direction", "judged": "status", "ended_on": "valid_to", "ended_because": "reason"}
_WORDING = ("code", "statement", "unit", "better", "target", "measure", "reason")
_SAID = ("value", "judged", "travel", "note")


class IndicatorLoader:
    """Loads indicators. An empty cell leaves what is known; other words from a later day on are a new version.

    A wording holds from `valid_from`, else from the first day of the row's period, so that each year's grid can be loaded as
    it was printed.
    """

    grouped_by = None
    chunk = 500
    permission = "indicator.change"

    def __init__(self) -> None:
        #: By reference and day: the row that said it, and its words.
        self._worded: dict[tuple[str, date], tuple[int, str]] = {}

    def take(self, rows: list[Row], run: Run) -> None:
        """Look up all indicators of the rows once, then change each that says something new."""
        sound = [row for row in rows if not row.refusals]
        references = {_reference(row) for row in sound}
        known = {
            indicator.reference: _Known(indicator)
            for indicator in Indicator.objects.filter(reference__in=references).prefetch_related("versions", "values")
        }
        for row in sound:
            day = self._day(row)
            district = run.places.district(row, "district", row.values["district"])
            self._refuse_twice_worded(row, day)
            if not row.refusals:
                attempt([row], _COLUMNS, lambda: _take_one(row, run, day, district, known))

    def _day(self, row: Row) -> date:
        """The day from which the row's wording holds."""
        if row.values["valid_from"] or not row.values["period"]:
            return row.values["valid_from"] or ALWAYS
        try:
            return actions.indicator_period(row.values["period"]).start
        except Exception as error:
            row.refuse("period", " ".join(getattr(error, "messages", [str(error)])))
            return ALWAYS

    def _refuse_twice_worded(self, row: Row, day: date) -> None:
        """The strategy gave one code to two indicators: they must not become one that changes its words with each row."""
        words = row.values["statement"]
        number, said = self._worded.setdefault((_reference(row), day), (row.number, words))
        if words and said and words != said:
            row.refuse("code", f"Row {number} says something else of {row.values['code']}: if they are two indicators, give "
                               "each its own reference")  # fmt: skip


class _Known:
    """An indicator with its versions and values as they stand."""

    def __init__(self, indicator: Indicator) -> None:
        self.indicator = indicator
        self.versions = {version.valid_from: version for version in indicator.versions.all()}
        self.values = {(value.period, value.district_id): value for value in indicator.values.all()}

    def wording_on(self, day: date) -> IndicatorVersion | None:
        """The version that holds on a day."""
        begun = [valid_from for valid_from in self.versions if valid_from <= day]
        return self.versions[max(begun)] if begun else None


def _reference(row: Row) -> str:
    return row.values["reference"] or actions.reference_of(row.values["code"])


def _take_one(row: Row, run: Run, day: date, district: Any, known: dict[str, _Known]) -> str:
    found = known.get(_reference(row))
    if found is None:
        found, outcome = _add(row, run, day, known), "created"
    else:
        outcome = _reword(row, run, day, found)
    outcomes = {outcome, _end(row, run, found), _value(row, run, district, found)}
    return next(most for most in ("created", "updated", "unchanged") if most in outcomes)


def _add(row: Row, run: Run, day: date, known: dict[str, _Known]) -> _Known:
    said = row.values
    note = "" if said["period"] else said["note"]
    indicator = actions.add_indicator(
        by=run.by, reference=_reference(row), valid_from=day, note=note, **{name: said[name] for name in _WORDING}
    )
    known[indicator.reference] = _Known(indicator)
    return known[indicator.reference]


def _reword(row: Row, run: Run, day: date, found: _Known) -> str:
    """A new version where the words differ from those that hold on the day; nothing where they are the same."""
    holds = found.wording_on(day)
    said = {name: row.values[name] for name in _WORDING if row.values[name]}
    changed = {name: value for name, value in said.items() if holds is None or getattr(holds, name) != value}
    note = "" if row.values["period"] else row.values["note"]
    outcome = "unchanged"
    if note and note != found.indicator.note:
        actions.annotate_indicator(by=run.by, indicator=found.indicator, note=note)
        outcome = "updated"
    if not changed:
        return outcome
    version = actions.reword(by=run.by, indicator=found.indicator, valid_from=day, **said)
    outcome = "updated" if version.valid_from in found.versions else "created"
    found.versions[version.valid_from] = version
    return outcome


def _end(row: Row, run: Run, found: _Known) -> str:
    ended_on, indicator = row.values["valid_to"], found.indicator
    if not ended_on or ended_on == indicator.ended_on:
        return ""
    because = row.values["reason"] or run.reason
    actions.end_indicator(by=run.by, indicator=indicator, ended_on=ended_on, ended_because=because)
    return "updated"


def _value(row: Row, run: Run, district: Any, found: _Known) -> str:
    """The outcome of the period's value; empty where there is none, or it is as it was."""
    said = {name: row.values[name] for name in (*_SAID, "source") if row.values[name] not in (None, "")}
    if not row.values["period"] or not said.keys() & {"value", "judged", "travel"}:
        return ""
    period = actions.indicator_period(row.values["period"]).slug
    now: IndicatorValue | None = found.values.get((period, district.code if district else None))
    if now is not None and all(getattr(now, name) == value for name, value in said.items()):
        return ""
    kept = {name: getattr(now, name) for name in (*_SAID, "source")} if now else {"source": f"The file {run.filename}"}
    value = actions.set_value(by=run.by, indicator=found.indicator, period=period, district=district, **kept | said)
    found.values[value.period, value.district_id] = value
    return "updated" if now else "created"
