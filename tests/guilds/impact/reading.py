"""Short ways to count and to read a figure, for tests."""

from guilds.impact import cells, periods
from guilds.impact.evidence import EvidenceRow, evidence
from guilds.impact.figures import Figure
from guilds.impact.totals import Scope, summary


def figure(measure: str, period: str = "2016-17", **scope) -> Figure:
    """A figure, with every change counted. `scope`: guild, district, kind."""
    cells.refresh()
    found = summary(period=periods.parse(period), by="total", scope=Scope(**scope), measures=[measure])
    return found.total.measures[measure]


def value(measure: str, period: str = "2016-17", **scope):
    """A figure's value."""
    return figure(measure, period, **scope).value


def rows(measure: str, by: str, period: str = "2016-17", **scope) -> dict:
    """A table's values by the keys of its rows, without those of nothing; the total under "total"."""
    cells.refresh()
    found = summary(period=periods.parse(period), by=by, scope=Scope(**scope), measures=[measure])
    values = {row.key: row.measures[measure].value for row in [*found.rows, found.total]}
    return {key: number for key, number in values.items() if number}


def behind(measure: str, period: str = "2016-17", size: int = 50, **scope) -> list[EvidenceRow]:
    """All rows behind a figure, read page by page."""
    cells.refresh()
    found, after = [], None
    while True:
        page = evidence(measure=measure, period=periods.parse(period), scope=Scope(**scope), after=after, size=size)
        found += page.rows
        after = page.next
        if after is None:
            return found
