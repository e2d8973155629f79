"""The columns of the list of cold spots, and the tables of coverage as a tidy one."""

from collections.abc import Iterator
from typing import Any

from crm.exports import cells
from crm.exports.columns import UNKNOWN, Column, choice, of
from crm.exports.lists import DISTRICT, DISTRICT_CODE
from crm.exports.tables import FigureTable, Value
from guilds.impact.cold_spots import NEVER_MET, ColdSpots, Line
from guilds.impact.measures import MEASURES

COVERAGE = (
    "period", "reached_by", "reached_through", "by", "key", "label", "kind_of_school", "gatsby_benchmark", "reached",
    "schools", "share",
)  # fmt: skip
_NOTES = (
    MEASURES["coverage"].definition,
    "By guild it does not add up: a school that several guilds reached is in each of their rows",
    "By year group: schools at which something was offered to it; whether a young person met a benchmark is not known",
    "z: not applicable, there is no such school",
    "Provisional: the figures follow the records and may still change",
)


def _last_met(row: Any) -> str:
    return "" if row.last_met == NEVER_MET else f"{row.last_met:%B %Y}"


def _pupils(row: Any) -> Any:
    return UNKNOWN if row.pupils is None else row.pupils


def _coastal(row: Any) -> str:
    return {True: "Yes", False: "No", None: "Not known"}[row.coastal]


COLD_SPOTS = (
    Column("school", "School", of("name"), drawn=cells.organisation, heads=True, order="name"),
    Column("last_met", "Last met", _last_met, empty="Never", order="last_met"),
    Column("pupils", "Pupils", _pupils, numeric=True, order="pupils_known"),
    Column("kind", "Kind", choice("provider_kind")),
    DISTRICT,
    Column("local_kind", "Kind in Kent", choice("local_kind"), usual=False),
    Column("coastal", "Coastal", _coastal, usual=False),
    DISTRICT_CODE,
)


def coverage_table(found: ColdSpots) -> FigureTable:
    """Every share of the page: by district and guild for each kind of school, and what was offered to each year group."""
    lines = [("district", line) for line in [*found.districts(), found.all_kinds()]]
    lines += [("guild", line) for line in found.guilds()] if not found.scope.guild else []
    rows = [row for by, line in lines for row in _shares(found, by, line)]
    there = found.total.there
    for offered in found.year_groups():
        for what, reached in (("", offered.schools), ("5", offered.encounters), ("6", offered.workplaces)):
            group = offered.year_group
            rows.append((*_about(found), "year_group", group, group, "", what, reached, there, _share(reached, there)))
    return FigureTable(f"Coverage {found.period.slug}", COVERAGE, rows, _NOTES)


def _shares(found: ColdSpots, by: str, line: Line) -> Iterator[tuple[Value, ...]]:
    for kind, (reached, there) in [*line.kinds, ("", line.all)]:
        yield (*_about(found), by, line.key, line.label, kind, "", reached, there, _share(reached, there))


def _about(found: ColdSpots) -> tuple[Value, ...]:
    return found.period.slug, found.scope.guild or "", found.scope.kind or ""


def _share(reached: int, there: int) -> Value:
    return reached / there if there else "z"
