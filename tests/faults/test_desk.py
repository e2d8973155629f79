"""A hall with a bad network and a server that is restarted under it: every promise is received, and none twice."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from guilds.desk import actions
from guilds.desk.models import DeskEntry
from guilds.pledges.models import Pledge
from tests import factories as make
from tests.faults.test_refresh import database_url, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
#: On PostgreSQL as many as in a full hall; the demonstration's database has one writer at a time, and is told of fewer.
PHONES, EACH, WORKERS = (40, 10, "2") if "postgres" in settings.DATABASES["default"]["ENGINE"] else (8, 5, "1")
IN_TIME = 120


class Server:
    """The web server as it runs in production, in the test's own database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def start(self) -> None:
        told = {
            "DATABASE_URL": database_url(),
            "WEB_BIND": f"127.0.0.1:{self.port}",
            "ACCESS_LOG": "0",
            "WEB_CONCURRENCY": WORKERS,
        }
        with (self.folder / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "config.wsgi", "--config", "config/gunicorn.conf.py"],
                cwd=settings.BASE_DIR, env=os.environ | told, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def stop(self, number: int) -> None:
        assert self.process
        os.killpg(self.process.pid, number)
        self.process.wait(30)


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    server = Server(tmp_path)
    server.start()
    yield server
    server.stop(signal.SIGKILL)


class BadNetwork:
    """Drops every third request: before it is sent, or after it was handled, so that only the answer is lost."""

    def __init__(self, port: int, path: str) -> None:
        self.port, self.path, self.requests, self.received = port, path, count(1), count(1)
        self.last = 0

    def send(self, fields: dict) -> bool:
        """Whether the phone was told that it is received."""
        number = next(self.requests)
        if number % 6 == 0:
            return False
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            told = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
            line.request("POST", self.path, urlencode(fields), told)
            if number % 3 == 0:
                time.sleep(0.05)
                return False
            answer = line.getresponse()
            return answer.status == 201 and json.loads(answer.read()) == {"received": True}
        except (OSError, http.client.HTTPException, ValueError):
            return False
        finally:
            line.close()

    def has_received(self, many: float) -> bool:
        """Whether so many were received by now."""
        return self.last >= many

    def phone(self, entries: list[dict]) -> None:
        """As the page's own queue does it: the same entry, with the same key, until it is received."""
        until = time.monotonic() + IN_TIME
        for fields in entries:
            while not self.send(fields):
                assert time.monotonic() < until, "the network is bad, not gone"
                time.sleep(0.1)
            self.last = next(self.received)


def test_a_full_hall_over_a_bad_network_and_two_restarts(server):
    employers = [make.make_employer() for _ in range(PHONES)]
    event = make.make_engagement(participations=[{"employer": employer} for employer in employers])
    desk = actions.open_desk(by=None, engagement=event, per_minute=1_000_000)
    written = [[entry(employer) for _ in range(EACH)] for employer in employers]
    network = BadNetwork(server.port, f"/desk/{desk.code}/")

    with ThreadPoolExecutor(PHONES) as hall:
        phones = [hall.submit(network.phone, entries) for entries in written]
        for share, number in ((0.25, signal.SIGKILL), (0.6, signal.SIGTERM)):
            wait_until(partial(network.has_received, share * PHONES * EACH), IN_TIME, "some to be received")
            server.stop(number)
            server.start()
        for phone in phones:
            phone.result(IN_TIME)

    keys = {fields["key"] for entries in written for fields in entries}
    assert {str(key) for key in DeskEntry.objects.values_list("key", flat=True)} == keys
    assert DeskEntry.objects.count() == Pledge.objects.filter(made_through="desk").count() == PHONES * EACH
    per_employer = {employer.pk: 0 for employer in employers}
    for employer in Pledge.objects.values_list("employer", flat=True):
        per_employer[employer] += 1
    assert set(per_employer.values()) == {EACH}
    connection.close()


def entry(employer) -> dict[str, str]:
    return {
        "organisation": str(employer.pk), "key": str(uuid4()), "name": "Robin Example", "email": "robin@harbour.example",
        "kind": "placement", "quantity": "3", "consent": "on", "consent_version": "1",
    }  # fmt: skip
