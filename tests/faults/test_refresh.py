"""A worker that is killed, a broker that is away, two workers at once: in the end the figures are right.

A real worker counts in the test's own database, and takes its work from a broker of its own.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from kombu import Connection

from config.environment import broker_url
from config.local_servers import Broker
from crm import tasks
from guilds.engagement import actions as engagement
from guilds.impact import cells, periods, rebuild
from guilds.impact.models import Freshness
from guilds.impact.totals import summary
from tests.factories import make_employer, make_guild, make_school, moment

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

YEAR = periods.parse("2016-17")
FIRST = date(2016, 9, 5)


class Processes:
    """The queue's processes of one test, as the demonstration and docker-compose.yml run them."""

    def __init__(self, folder: Path, broker: Broker) -> None:
        self.folder, self.broker = folder, broker
        self._started: list[subprocess.Popen] = []

    def start_worker(self, name: str = "one") -> subprocess.Popen:
        """A worker that takes tasks by now."""
        log = self.folder / f"{name}-{len(self._started)}.log"
        worker = self._start(log, "worker", "--concurrency", "1", "--hostname", f"{name}@%h", "--loglevel", "INFO")
        wait_until(lambda: "ready." in log.read_text(), 30, "the worker to be ready")
        return worker

    def start_beat(self) -> subprocess.Popen:
        """What sweeps by the clock."""
        return self._start(self.folder / "beat.log", "beat", "--schedule", str(self.folder / "schedule"))

    def kill(self, process: subprocess.Popen) -> None:
        """As the kernel does it: the process and all that it started, at once."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        for process in self._started:
            if process.poll() is None:
                self.kill(process)

    def _start(self, log: Path, *arguments: str) -> subprocess.Popen:
        environment = os.environ | {
            "DATABASE_URL": database_url(), "REDIS_URL": self.broker.url, "VAR_DIR": str(self.folder),
        }  # fmt: skip
        with log.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "config", *arguments],
                cwd=settings.BASE_DIR, env=environment, stdout=file, stderr=file, start_new_session=True,
            )  # fmt: skip
        self._started.append(process)
        return process


@pytest.fixture
def processes(tmp_path, monkeypatch) -> Iterator[Processes]:
    with Broker(tmp_path / "broker.sock") as broker:
        queue = Connection(broker_url(broker.url), transport_options={"socket_timeout": tasks.PATIENCE})
        monkeypatch.setattr(tasks, "_connection", lambda: queue)
        monkeypatch.setattr(tasks, "_try_again_at", 0.0)
        processes = Processes(tmp_path, broker)
        try:
            yield processes
        finally:
            processes.end()
            queue.release()


@pytest.fixture
def county() -> dict:
    """Where engagements come from in these tests."""
    return {"guild": make_guild(), "school": make_school(), "employer": make_employer()}


def database_url() -> str:
    """The test's own database, as DATABASE_URL says it."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgres://{at['USER']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


def log(county: dict, day: date = FIRST, learners: int = 10):
    return engagement.log(
        by=None, kind="assembly", title="Assembly", guild=county["guild"], starts_at=moment(day), status="delivered",
        attendances=[{"provider": county["school"], "learners": learners}],
        participations=[{"employer": county["employer"], "hours": 2}],
    )  # fmt: skip


def encounters() -> int:
    return summary(period=YEAR, by="total", measures=["encounters"]).total.measures["encounters"].value


def wait_until(done: Callable[[], bool], seconds: float, what: str) -> float:
    """Seconds until something was so. Fails after `seconds`."""
    start = time.monotonic()
    while not done():
        assert time.monotonic() - start < seconds, f"waited {seconds} seconds for {what}"
        time.sleep(0.002)
    return time.monotonic() - start


def somebody_counts() -> bool:
    """Whether a turn is under way in another process: it has the lock (on SQLite, the only one there is to write)."""
    if connection.vendor == "sqlite":
        return _is_locked(str(connection.settings_dict["NAME"]))
    try:
        with transaction.atomic():
            Freshness.objects.select_for_update(nowait=True).filter(pk=1).first()
    except DatabaseError:
        return True
    return False


def _is_locked(file: str) -> bool:
    other = sqlite3.connect(file, timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    finally:
        other.close()
    return False


@contextmanager
def quick(seconds: float) -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


def test_a_change_is_seen_within_two_seconds(processes, county):
    processes.start_worker()
    for times in range(1, 6):
        log(county, FIRST + timedelta(days=times))
        wait_until(lambda times=times: encounters() == 10 * times, 2, "a change to be seen")


def test_a_worker_killed_while_it_counts_changes_no_figure(processes, county, monkeypatch):
    monkeypatch.setattr(tasks, "_try_again_at", float("inf"))
    cells.refresh()
    led = [county | {"guild": guild} for guild in (county["guild"], make_guild("sciences"), None)]
    for number in range(150):
        log(led[number % 3], FIRST + timedelta(days=number * 2))
    killed_with_work_left = 0
    for _ in range(3):
        worker = processes.start_worker()
        wait_until(lambda: somebody_counts() or not cells.pending(), 30, "the worker to count")
        processes.kill(worker)
        killed_with_work_left += cells.pending()
        assert encounters() <= 1500, "what was not finished must not be seen"
    assert killed_with_work_left, "the worker was never killed half-way, so this shows nothing"

    processes.start_worker()
    wait_until(lambda: not cells.pending(), 30, "the next worker to finish")

    assert encounters() == 1500
    assert list(rebuild.differences()) == []


def test_a_broker_that_is_away_loses_nothing(processes, county):
    processes.start_worker()
    log(county)
    wait_until(lambda: encounters() == 10, 5, "a change to be seen")

    processes.broker.stop()
    with quick(2.5):
        log(county, FIRST + timedelta(days=1))
    with quick(0.5):
        log(county, FIRST + timedelta(days=2))
    assert cells.pending()
    assert encounters() == 10

    processes.broker.start()
    processes.start_beat()
    wait_until(lambda: encounters() == 30, 30, "the sweep to count what was written meanwhile")


def test_two_workers_at_once_count_each_change_once(processes, county):
    processes.start_worker("one")
    processes.start_worker("two")
    events = [log(county, FIRST + timedelta(days=number * 9)) for number in range(30)]
    for number, event in enumerate(events):
        rows = [{"provider": county["school"], "learners": number}]
        engagement.correct(by=None, engagement=event, attendances=rows)

    wait_until(lambda: not cells.pending(), 20, "the workers to finish")

    assert encounters() == sum(range(30))
    assert list(rebuild.differences()) == []
