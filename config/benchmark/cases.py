"""What is measured. Each case takes a `Bench` and gives one line of the table."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from config.benchmark import data
from config.benchmark.client import Client, Request, Result, timed
from config.benchmark.servers import ROOT, Site
from config.benchmark.under_load import refresh_under_load, total
from guilds.impact.periods import academic_year

_GROUP_BY = """
SELECT date_trunc('month', e.starts_on), e.guild_id, p.district_id, e.kind, sum(a.learners), count(*)
FROM guilds_engagement e JOIN guilds_attendance a ON a.engagement_id = e.id JOIN guilds_organisation p ON p.id = a.provider_id
WHERE e.status = 'delivered' GROUP BY 1, 2, 3, 4
"""
_POSTCODES, _COMPANIES, _REGISTRY = 50_000, 5_000, 100_000
#: Loads a file in a process of its own; says the seconds that it took, without starting Django, and the peak of memory.
_IMPORT = """
import resource, sys, time
import django
django.setup()
from django.core.management import call_command
start = time.perf_counter()
call_command("import_file", *sys.argv[1:])
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@dataclass
class Bench:
    """A running system that is full of records, a client with an API key and one with a coordinator's session."""

    site: Site
    rows: int
    api: Client
    pages: Client
    engagement: str
    providers: list[str]
    employers: list[str]

    def new_engagement(self, number: int, guild: str | None = "sciences") -> dict:
        """An engagement as somebody logs it: two schools, two employers."""
        pick = number * 2
        return {
            "title": f"Measured {number}", "kind": "workshop", "status": "delivered", "guild": guild,
            "starts_at": (timezone.now() - timedelta(days=1 + number % 300)).isoformat(), "district": "E07000110",
            "attendances": [{"provider": self.providers[(pick + part) % len(self.providers)], "learners": 30 + part}
                            for part in range(2)],
            "participations": [{"employer": self.employers[(pick + part) % len(self.employers)], "role": "speaker",
                                "volunteers": 2, "hours": 4.5} for part in range(2)],
        }  # fmt: skip


def floor_view(bench: Bench) -> Result:
    """A bare Django view behind the product's middleware."""
    return bench.api.measure("floor_view", bench.rows, 300, lambda number: ("GET", "/floor/view/", None))


def floor_drf_list(bench: Bench) -> Result:
    """Fifty engagements with who came, by the least REST framework."""
    return bench.api.measure("floor_drf_list", bench.rows, 200, lambda number: ("GET", "/floor/list/", None))


def floor_drf_create(bench: Bench) -> Result:
    """One engagement with who came, by the least REST framework."""
    return bench.api.measure(
        "floor_drf_create", bench.rows, 200, lambda number: ("POST", "/floor/create/", bench.new_engagement(number))
    )


def floor_group_by(bench: Bench) -> Result:
    """One raw GROUP BY over all engagements and attendances."""
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(_GROUP_BY)
            cursor.fetchall()
        taken.append(time.perf_counter() - start)
    return timed("floor_group_by", bench.rows, taken, queries=1, per_second=round(bench.rows / min(taken)))


def _gets(name: str, path: str, times: int = 200, client: str = "api") -> Callable[[Bench], Result]:
    def case(bench: Bench) -> Result:
        year = academic_year(timezone.localdate()).slug
        address = path.format(engagement=bench.engagement, employer=bench.employers[0], year=year)
        return getattr(bench, client).measure(name, bench.rows, times, lambda number: ("GET", address, None))

    return case


def api_engagement_create(bench: Bench) -> Result:
    """One engagement with two schools and two employers, with history and marks."""
    return bench.api.measure(
        "api_engagement_create",
        bench.rows,
        200,
        lambda number: ("POST", "/api/v1/engagements/", bench.new_engagement(number)),
    )


def _import(bench: Bench, name: str, kind: str, count: int, write: Callable) -> Result:
    path = bench.site.folder / f"{kind}.csv"
    write(path, count)
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, kind, str(path)],
        cwd=ROOT,
        env=bench.site.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, peak = (float(number) for number in done.stdout.split()[-2:])
    return Result(
        name, count, p50_ms=round(seconds * 1000), per_second=round(count / seconds), peak_mb=round(peak / 1024)
    )


def import_postcodes(bench: Bench) -> Result:
    """A postcode file, from the command's start to its end."""
    return _import(bench, "import_postcodes", "postcodes", _POSTCODES, data.write_postcodes)


def import_organisations(bench: Bench) -> Result:
    """New employers with their history."""
    return _import(bench, "import_organisations", "employers", _COMPANIES, data.write_companies)


def organisations_search(bench: Bench) -> Result:
    """What a picker offers for names, parts of names and misspelt names, among 100,000 organisations."""
    data.fill_registry(_REGISTRY)
    typed = [way for number in range(40) for way in data.ways_to_type(data.company_name(number))]

    def ask(number: int) -> Request:
        return "GET", f"/organisations/pick/?{urlencode({'q': typed[number % len(typed)]})}", None

    return bench.pages.measure("organisations_search", _REGISTRY, 200, ask)


def rebuild_impact(bench: Bench) -> Result:
    """Every figure counted anew from the records."""
    start = time.perf_counter()
    bench.site.manage("rebuild_impact")
    taken = time.perf_counter() - start
    return Result("rebuild_impact", bench.rows, p50_ms=round(taken * 1000), per_second=round(bench.rows / taken))


def refresh_lag(bench: Bench) -> Result:
    """From a change to the moment at which the summary shows it."""
    day = timezone.localdate() - timedelta(days=1)
    month = f"{day:%Y-%m}"
    summary = f"/api/v1/impact/summary/?period={month}&by=total&measures=engagements"
    lags = []
    for number in range(20):
        before = total(bench, summary)
        start = time.perf_counter()
        bench.api.send("POST", "/api/v1/engagements/", bench.new_engagement(number * 300))
        while total(bench, summary) == before:
            if time.perf_counter() - start > 30:
                raise RuntimeError("A change has not reached the figures within 30 seconds")
            time.sleep(0.01)
        lags.append(time.perf_counter() - start)
    return timed("refresh_lag", bench.rows, lags)


#: What asks the index of words, which takes longer to make than all the rest.
SEARCHING = {"api_engagements_search", "page_search", "organisations_search"}
_PAGES = {
    "page_search": "/search/?q=harbour",
    "page_organisations_list": "/organisations/",
    "page_organisation_detail": "/organisations/{employer}/",
    "page_engagement_detail": "/engagements/{engagement}/",
    "page_engagement_form": "/engagements/new/",
    "page_pledges_list": "/pledges/",
    "page_calendar": "/calendar/",
    "page_impact_guild": "/impact/guilds/sciences/",
    "page_impact_district": "/impact/districts/E07000110/",
    "page_impact_kind": "/impact/kinds/workshop/",
    "page_targets": "/targets/",
    "impact_evidence": "/impact/evidence/?measure=encounters&period={year}",
}
#: In the order in which they run: reading first, so that writing does not move what is read; last what fills the registry.
CASES: dict[str, Callable[[Bench], Result]] = {
    "floor_view": floor_view,
    "floor_drf_list": floor_drf_list,
    "floor_group_by": floor_group_by,
    "api_engagements_list": _gets("api_engagements_list", "/api/v1/engagements/"),
    "api_engagements_search": _gets("api_engagements_search", "/api/v1/engagements/?q=4711", 50),
    "api_engagement_detail": _gets("api_engagement_detail", "/api/v1/engagements/{engagement}/"),
    "page_engagements_list": _gets("page_engagements_list", "/engagements/", client="pages"),
    "page_home_coordinator": _gets("page_home_coordinator", "/", client="pages"),
    "page_impact_overview": _gets("page_impact_overview", "/impact/", client="pages"),
    **{name: _gets(name, path, 100, client="pages") for name, path in _PAGES.items()},
    "rebuild_impact": rebuild_impact,
    "floor_drf_create": floor_drf_create,
    "api_engagement_create": api_engagement_create,
    "refresh_lag": refresh_lag,
    "refresh_under_load": refresh_under_load,
    "import_postcodes": import_postcodes,
    "import_organisations": import_organisations,
    "organisations_search": organisations_search,
}
