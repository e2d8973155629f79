"""The whole benchmark: a database, records, servers, the cases one after the other."""

import os
from collections.abc import Callable, Sequence
from importlib import import_module

from django.conf import settings
from django.db import connections

from config import environment
from config.benchmark import data
from config.benchmark.cases import CASES, SEARCHING, Bench
from config.benchmark.client import Client, Result
from config.benchmark.servers import Site, broker, database, running
from guilds.access import actions as access
from guilds.access.models import Role, Scope
from guilds.engagement.models import Engagement
from guilds.organisations.models import Organisation
from guilds.reference.models import Guild

_SAMPLE = 200


def run(*, rows: int, only: Sequence[str] = (), tell: Callable[[str], None] = lambda line: None) -> list[Result]:
    """Measure the cases (all, or those named) with `rows` engagements. Raises KeyError for a name that is unknown."""
    chosen = [CASES[name] for name in only] or list(CASES.values())
    with database() as url, broker() as (redis, folder):
        processes = os.environ | {
            "DATABASE_URL": url,
            "REDIS_URL": redis,
            "VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "config.benchmark.settings",
            "LOG_LEVEL": "WARNING",
            # Sessions made here must be good there.
            "SECRET_KEY": settings.SECRET_KEY,
        }
        site = Site("", processes, folder)
        tell("Making the database")
        site.manage("migrate", "--verbosity", "0")
        site.manage("load_reference")
        _use(url)
        tell(f"Making {rows:,} engagements")
        data.fill(rows, searched=not only or bool(SEARCHING & set(only)))
        site.manage("rebuild_impact")
        data.vacuum()
        with running(processes, folder) as site:
            bench = _bench(site, rows)
            return [_measured(case, bench, tell) for case in chosen]


def _measured(case: Callable[[Bench], Result], bench: Bench, tell: Callable[[str], None]) -> Result:
    bench.api.begin_anew()
    bench.pages.begin_anew()
    result = case(bench)
    tell(str(result))
    return result


def _use(url: str) -> None:
    """Have this process look at the benchmark's own database from now on."""
    os.environ["DATABASE_URL"] = url
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = connections.configure_settings(
        {"default": environment.read_database(settings.VAR_DIR)}
    )["default"]


def _bench(site: Site, rows: int) -> Bench:
    coordinator = access.create_user(
        by=None, email="bench@guildhall.example", role=Role.COORDINATOR, guilds=Guild.objects.all()
    )
    _, key = access.create_api_client(by=None, name="Benchmark", user=coordinator, scopes=Scope.values)
    return Bench(
        site=site,
        rows=rows,
        api=Client(site.address, {"Authorization": f"Api-Key {key}"}),
        pages=Client(site.address, {"Accept": "text/html", "Cookie": f"sessionid={_session(coordinator)}"}),
        engagement=str(Engagement.objects.order_by("-starts_at").values_list("pk", flat=True)[0]),
        providers=_ids(is_provider=True),
        employers=_ids(is_employer=True),
    )


def _ids(**role: bool) -> list[str]:
    return [str(pk) for pk in Organisation.objects.filter(**role).values_list("pk", flat=True)[:_SAMPLE]]


def _session(user) -> str:
    """A session as signing in makes one."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key
