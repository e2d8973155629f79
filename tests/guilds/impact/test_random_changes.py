"""Whatever happens in whatever order: the figures are what the records say, counted by separate, plain code."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guilds.impact import cells, distinct, periods, rebuild
from guilds.impact.evidence import evidence
from guilds.impact.measures import MEASURES
from guilds.impact.totals import Scope, summary
from tests.guilds.impact import plain
from tests.guilds.impact.world import VERBS, World

PERIODS = [
    periods.parse("2016-17"),
    periods.parse("FY2016-17"),
    periods.parse("2016-17-Q2"),
    periods.parse("2017-03"),
    periods.between(date(2016, 10, 1), date(2017, 9, 30)),
]
#: Turns as they are; turns so small that nothing is done in one; every year counted anew.
LIMITS = [
    (),
    ((cells, "MARKS", 2), (cells, "SLICES", 1)),
    ((cells, "SLICES", 2), (distinct, "MANY", 0)),
]
CODES = {"county-wide": "", "unknown": ""}
WITHOUT_FIXTURE_CHECK = [HealthCheck.function_scoped_fixture]
BY = ["guild", "district", "kind", "month", "total"]
happenings = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 11), st.integers(0, 11)), min_size=5, max_size=40
)
scopes = st.sampled_from(
    [Scope(), Scope(guild="sciences"), Scope(guild="county-wide"), Scope(district="E07000105"), Scope(district="unknown"),
     Scope(kind="assembly"), Scope(kind="workshop", guild="land-based")]
)  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=WITHOUT_FIXTURE_CHECK)
@given(what=happenings, limits=st.sampled_from(LIMITS), anew=st.booleans(), period=st.sampled_from(PERIODS),
       by=st.sampled_from(BY), scope=scopes)  # fmt: skip
def test_figures_are_what_the_records_say(what, limits, anew, period, by, scope):
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        for module, name, number in limits:
            patch.setattr(module, name, number)
        world = World()
        for verb, n, m in what:
            world.do(verb, n, m)
        if anew:
            rebuild.rebuild()
        cells.refresh()
        assert not cells.pending()
        assert list(rebuild.differences()) == []
        _compare(period, by, scope)
        _compare_evidence(period, scope)
        transaction.set_rollback(True)


def _compare(period, by, scope):
    counted = plain.entries()
    found = summary(period=period, by=by, scope=scope, for_team=True)
    for row in [*found.rows, found.total]:
        within = vars(scope) | ({by: row.key} if by in vars(scope) and row is not found.total else {})
        span = periods.parse(row.key) if by == "month" and row is not found.total else period
        within = {name: CODES.get(value, value) for name, value in within.items()}
        for slug, figure in row.measures.items():
            _compare_one(slug, figure, counted, span, within)


def _compare_one(slug, figure, counted, span, within):
    place = {name: within[name] for name in ("guild", "district")}
    if MEASURES[slug].sort == "stock":
        assert figure.value == plain.members(slug, span.end, **place), slug
    elif slug == "coverage":
        assert (figure.numerator, figure.denominator) == plain.coverage(span.start, span.end, **within)
    elif MEASURES[slug].sort == "ratio":
        assert (figure.numerator, figure.denominator) == plain.conversion(span.start, span.end, **place)
    else:
        of = "encounters" if slug in ("encounters_confirmed", "encounters_missing") else slug
        wanted = plain.figure(counted, of, span.start, span.end, **within)
        value = {"encounters_confirmed": wanted.confirmed, "encounters_missing": wanted.missing}.get(slug, wanted.value)
        assert Decimal(str(figure.value)) == value, (slug, span.slug, within)
        assert figure.confirmed in (None, wanted.confirmed)
        assert figure.missing in (None, wanted.missing)


def _compare_evidence(period, scope):
    for slug, measure in MEASURES.items():
        if (scope.kind and not measure.by_kind) or measure.sort == "ratio":
            continue
        total, after = Decimal(0), None
        while True:
            page = evidence(measure=slug, period=period, scope=scope, after=after, size=3, for_team=True)
            total += sum(Decimal(str(row.contribution)) for row in page.rows)
            after = page.next
            if after is None:
                break
        assert total == Decimal(str(page.total)), slug
