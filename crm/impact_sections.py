"""The sections of a page of figures: each a chart with its table, its definition and its files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from crm import figures
from crm.charts.columns import columns
from crm.charts.maps import county_map
from crm.charts.stacks import stack
from crm.exports.tables import FORMATS
from guilds.impact import forecast, promises
from guilds.impact.measures import BY_KIND, MEASURES, Measure
from guilds.impact.periods import Period
from guilds.impact.totals import By, Scope, Shared, Summary, summary
from guilds.pledges.models import PledgeKind

HEADLINES = ("encounters", "engagements", "schools", "colleges", "employers", "pledges", "placements_arranged",
             "apprenticeships_created")  # fmt: skip
IN_TABLES = ("encounters", "engagements", "schools", "employers", "pledges")
IN_KINDS = ("encounters", "engagements", "schools", "colleges", "employers")
IN_MONTHS = ("encounters", "engagements", "pledges", "placements_arranged", "apprenticeships_created")
#: What guilds are compared by where none of them has a target.
USUAL = "encounters"
EVERYTHING = tuple(MEASURES)
#: What becomes of a pledge, in the order of a bar; and how each part of it is filled.
_BECAME = (("delivered", "solid"), ("open", "dots"), ("lapsed", "stripes"), ("withdrawn", "hollow"))


@dataclass
class Sections:
    """The figures of one scope in a period, held against another period; read when they are asked for, each once.

    `measure`: what the charts show; empty: what most guilds have a target for. `against_all`: every measure is
    compared, not the headlines alone.
    """

    period: Period
    against: Period
    scope: Scope
    today: date
    for_team: bool
    measure: str = ""
    against_all: bool = False

    @cached_property
    def shared(self) -> Shared:
        """What all tables have in common."""
        return Shared()

    @property
    def slugs(self) -> tuple[str, ...]:
        """The measures that can be told of this scope."""
        return BY_KIND if self.scope.kind else EVERYTHING

    @property
    def headlined(self) -> list[str]:
        """The chief ones of them."""
        return [slug for slug in HEADLINES if slug in self.slugs]

    def read(self, by: By, slugs: Iterable[str], period: Period | None = None) -> Summary:
        """A table of figures of this scope."""
        return summary(period=period or self.period, by=by, scope=self.scope, measures=list(slugs),
                       for_team=self.for_team, shared=self.shared)  # fmt: skip

    @property
    def main_by(self) -> By:
        """What every measure is told by."""
        return "district" if self.scope.guild else "guild"

    @cached_property
    def main(self) -> Summary:
        """Every measure by guild, or of a guild by district."""
        return self.read(self.main_by, self.slugs)

    @cached_property
    def then(self) -> Summary:
        """What the figures are compared with."""
        wanted = self.slugs if self.against_all else dict.fromkeys([*self.headlined, self.chosen])
        return self.read(self.main_by, wanted, self.against)

    @cached_property
    def chosen(self) -> str:
        """The measure of the charts."""
        return self.measure if self.measure in self.slugs else with_targets(self.main, self.slugs)

    @cached_property
    def total(self) -> figures.Line:
        """Every measure of the whole scope."""
        return figures.line(self.main.total, list(self.slugs), period=self.period, scope=self.scope,
                            pace_on=self.main.as_of, then=self.then.total)  # fmt: skip

    @property
    def headlines(self) -> list[figures.Shown]:
        """The chief figures."""
        return [shown for shown in self.total.shown if shown.measure.slug in HEADLINES]

    def comparison(self) -> dict[str, Any]:
        """The rows of the main table by the chosen measure, on one scale."""
        rows = figures.lines(self.main, [self.chosen], scope=self.scope, then=self.then)
        known = [amount for row in rows for amount in (row.first.figure.value, row.first.figure.target) if amount]
        total = figures.line(self.main.total, [self.chosen], period=self.period, scope=self.scope,
                             pace_on=self.main.as_of, then=self.then.total)  # fmt: skip
        return {"measure": MEASURES[self.chosen], "rows": rows, "most": max(known, default=0), "total": total}

    def table(self, by: By) -> dict[str, Any]:
        """Some measures by guild, district or kind, the chosen one first."""
        able = BY_KIND if by == "kind" or self.scope.kind else EVERYTHING
        first = [self.chosen] if self.chosen in able else []
        usual = IN_KINDS if by == "kind" else [slug for slug in IN_TABLES if slug in able]
        slugs = list(dict.fromkeys([*first, *usual]))
        return table(self.main if by == self.main_by else self.read(by, slugs), slugs, self.scope)

    def county(self, found: dict[str, Any]) -> Any:
        """A table by district as a map of its first measure."""
        return county_map(found["rows"], self.period.slug)

    @cached_property
    def added(self) -> list[str]:
        """The measures whose months add up, the chosen one first; what is told of young people's characteristics never."""
        able = [slug for slug in IN_MONTHS if slug in self.slugs]
        chosen = MEASURES[self.chosen]
        return list(dict.fromkeys([*([self.chosen] if chosen.adds_up and not chosen.characteristic else []), *able]))

    def months(self) -> dict[str, Any]:
        """The months, and a drawing of the first measure beside the months of the period that it is compared with."""
        now = self.read("month", self.added)
        then = (
            self.read("month", self.added[:1], self.against).rows if self.against.length == self.period.length else []
        )
        before = [row.measures[self.added[0]].value for row in then] or [None] * len(now.rows)
        points = [
            (row.label[:3], row.measures[self.added[0]].value, value)
            for row, value in zip(now.rows, before, strict=True)
        ]
        return table(now, self.added, self.scope) | {"drawing": columns(points)}

    def forecasts(self) -> dict[str, Any]:
        """Where the year may end, measure by measure; or the one reason why nothing of the period can be forecast."""
        if reason := forecast.refusal(self.period, self.today):
            return {"reason": reason}
        slugs = [slug for slug in self.added if slug != "encounters_missing"]
        found = forecast.forecasts(self.period, slugs, today=self.today, scope=self.scope)
        reasons = {one.reason for one in found.values()}
        if len(reasons) == 1 and "" not in reasons:
            return {"reason": reasons.pop()}
        rows = [{"measure": MEASURES[slug], "found": one, "numbers": (one.value, one.low, one.high),
                 "target": self.main.total.measures[slug].target} for slug, one in found.items()]  # fmt: skip
        return {"rows": rows, "method": forecast.METHOD}

    def kept(self) -> list[dict[str, Any]]:
        """What became of the pledges made in the period, for each kind of which something was pledged."""
        figure = self.main.total.measures.get("pledge_conversion")
        return [became(kind, part) for kind, part in ((figure and figure.parts) or {}).items() if part["pledged"]]

    def steps(self) -> list[dict[str, Any]]:
        """How far the pledges made in the period came, kind by kind, each number with the pledges behind it."""
        if self.scope.kind:
            return []
        return [self._steps(row) for row in promises.steps(self.period, self.scope)]

    def _steps(self, row: promises.Steps) -> dict[str, Any]:
        cells = []
        for name in ("made", "verified", "agreed", "delivered", "confirmed"):
            asked = {"kind": row.kind} | ({"step": name} if name != "made" else {})
            value = getattr(row, name)
            words = figures.NOT_APPLICABLE if value is None else figures.number(value)
            cells.append((name, words, self._promises(asked) if value else "", value or 0))
        return {
            "kind": PledgeKind(row.kind).label,
            "cells": cells,
            "most": max(value for *_, value in cells),
            "found": row,
        }

    def _promises(self, narrowed: dict[str, str]) -> str:
        asked = {"period": self.period.slug, "guild": self.scope.guild, "district": self.scope.district} | narrowed
        return f"{reverse('promise_list')}?{urlencode({name: said for name, said in asked.items() if said})}"

    def certainty(self) -> dict[str, Any]:
        """How much of the encounters schools and colleges have confirmed, and how many numbers nobody has given."""
        shown = next(shown for shown in self.total.shown if shown.measure.slug == "encounters")
        value, confirmed = shown.figure.value or 0, shown.figure.confirmed or 0
        parts = [("Confirmed", confirmed, "solid"), ("Not confirmed yet", value - confirmed, "stripes")]
        share = figures.percent(confirmed / value) if value else figures.NOT_APPLICABLE
        return {"shown": shown, "stack": stack(parts), "share": share, "unconfirmed": figures.number(value - confirmed)}

    def files(self, name: str) -> list[tuple[str, str]]:
        """The addresses of a section's data as files."""
        asked = {"period": self.period.slug, "against": self.against.slug, "measure": self.chosen}
        asked |= {key: value for key in ("guild", "district", "kind") if (value := getattr(self.scope, key))}
        return [(form, f"{reverse('impact_file', args=[name, form])}?{urlencode(asked)}") for form in FORMATS]


def became(kind: str, part: dict[str, Any]) -> dict[str, Any]:
    """One kind of pledge: what was pledged, and what came of it."""
    names = ("pledged", *(name for name, _ in _BECAME))
    bar = stack([(name.replace("open", "still open").capitalize(), part[name], fill) for name, fill in _BECAME])
    return {
        "kind": PledgeKind(kind).label,
        "numbers": [figures.number(part[name]) for name in names],
        "share": figures.NOT_APPLICABLE if part["value"] is None else figures.percent(part["value"]),
        "stack": bar,
        "part": part,
    }


def with_targets(found: Summary, slugs: Sequence[str]) -> str:
    """The measure that most rows have a target for; else the first that all together have one for."""
    aimed_at = {slug: sum(bool(row.measures[slug].target) for row in found.rows) for slug in slugs}
    together = {slug for slug in slugs if found.total.measures[slug].target}
    most = max(slugs, key=lambda slug: (aimed_at[slug], slug in together))
    return most if aimed_at[most] or most in together else USUAL


def table(found: Summary, slugs: Sequence[str], scope: Scope) -> dict[str, Any]:
    """A table of some measures, with its total and the largest of its first column for the bars."""
    rows = figures.lines(found, list(slugs), scope=scope)
    known = [row.first.figure.value for row in rows if row.first.figure.value]
    total = figures.line(found.total, list(slugs), period=found.period, scope=scope)
    measures: list[Measure] = [MEASURES[slug] for slug in slugs]
    return {"measures": measures, "rows": rows, "most": max(known, default=0), "total": total}
