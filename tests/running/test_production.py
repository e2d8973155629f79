"""As it runs for real: the very commands of docker-compose.yml, as processes, on PostgreSQL and a Redis-protocol server.

Somebody signs in by the code that comes by mail, a program logs an engagement, and the figure is there to be read.
"""

import http.client
import json
import os
import re
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
import pytest
import yaml

from config.local_servers import Broker, Postgres, free_port
from running.places import ROOT
from tests.running.conftest import plain_environment

pytestmark = pytest.mark.once

HOST = "guildhall.example.gov.uk"
COMMISSION, COORDINATOR = "commission@council.example", "coordinator@council.example"
ADMINISTRATOR = "administrator@council.example"
PASSWORD = "a-long-pass-phrase-of-ours"
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


class Post(socketserver.StreamRequestHandler):
    """Takes mail by SMTP and keeps it."""

    received: list[str] = []

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline():
            verb = line[:4].strip().upper()
            self.wfile.write({b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 ok\r\n"))
            if verb == b"QUIT":
                return
            if verb == b"DATA":
                self.received.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                self.wfile.write(b"250 kept\r\n")


class Visitor:
    """A browser behind the proxy that speaks HTTPS; keeps cookies, knows no scripts."""

    def __init__(self, port: int, key: str = "") -> None:
        self.port, self.cookies = port, {}
        self.headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.77"}
        if key:
            self.headers |= {"Authorization": f"Api-Key {key}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, dict, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        kept = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        connection.request(method, path, body, self.headers | kept | headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            assert "Secure" in cookie, "a cookie that would travel in the open"
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, dict(answer.headers), text

    def get(self, path: str) -> str:
        status, _, text = self.ask("GET", path)
        assert status == 200, (path, status, text[:500])
        return text

    def submit(self, page: str, to: str, **fields: str) -> tuple[int, dict, str]:
        """Fill in the form of a page that was fetched before."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"}
        return self.ask("POST", to, urlencode(fields | {"csrfmiddlewaretoken": token[1]}), **form)

    def api(self, method: str, path: str, body: Any = None) -> Any:
        status, _, text = self.ask(method, f"/api/v1/{path}", json.dumps(body) if body is not None else None)
        assert status in (200, 201), (path, status, text)
        return json.loads(text)


class Site:
    """The services of docker-compose.yml, without their containers."""

    def __init__(self, folder: Path, database: str, redis: str, mail: str) -> None:
        self.folder, self.port = folder, free_port()
        given = {
            "SECRET_KEY": "Qm7rT2yX9pLw4vZc8NbK1sJd6HfGa3EuRo5iYtVhWxCzBnMqPl",
            "ALLOWED_HOSTS": HOST,
            "BASE_URL": f"https://{HOST}",
            "EMAIL_URL": mail,
            "POSTGRES_PASSWORD": "only-for-the-interpolation",
            "MEDIA_ROOT": str(folder / "media"),
        }
        stands_in_for = {"DATABASE_URL": database, "REDIS_URL": redis, "WEB_BIND": f"127.0.0.1:{self.port}"}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._outside = plain_environment(PATH=path, VAR_DIR=str(folder), PYTHONUNBUFFERED="1")
        self._variables = {
            name: {key: interpolated(str(value), given) for key, value in service["environment"].items()}
            | stands_in_for
            for name, service in SERVICES.items()
            if name not in ("database", "queue")
        }
        self.processes: dict[str, psutil.Popen] = {}

    def run(self, *command: str, service: str = "web") -> str:
        """Run something that ends, in a service's environment."""
        done = subprocess.run(
            command, cwd=ROOT, env=self._outside | self._variables[service], capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run_until_it_succeeds(self, *command: str, seconds: int = 90) -> str:
        """The same for what needs a service that may still be starting, as a health check does in its first seconds."""
        give_up = time.monotonic() + seconds
        while True:
            try:
                return self.run(*command)
            except AssertionError:
                if time.monotonic() > give_up:
                    raise

    def start(self, service: str) -> None:
        """Start what a service names as its command."""
        with (self.folder / f"{service}.log").open("w") as log:
            self.processes[service] = psutil.Popen(
                SERVICES[service]["command"],
                cwd=ROOT,
                env=self._outside | self._variables[service],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text()

    def wait_until_ready(self) -> None:
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            assert self.processes["web"].poll() is None, self.log("web")
            try:
                self.run("python", "-m", "running.health")
            except AssertionError:
                time.sleep(0.3)
            else:
                return
        raise AssertionError(self.log("web"))

    def stop(self) -> list[str]:
        """As Docker does: ask the first process of each. Gives what is left of them afterwards."""
        whole = [child for p in self.processes.values() for child in (p, *p.children(recursive=True))]
        for process in self.processes.values():
            process.terminate()
        _, alive = psutil.wait_procs(whole, timeout=30)
        left = [" ".join(process.cmdline()) for process in alive]
        for process in alive:
            process.kill()
        return left


def interpolated(text: str, given: dict[str, str]) -> str:
    """${NAME:-default} and ${NAME:?message}, as compose does it."""

    def value(match: re.Match) -> str:
        name, kind, rest = match.groups()
        found = given.get(name, "")
        assert found or kind == ":-", f"{name}: {rest}"
        return found or rest

    return re.sub(r"\$\{(\w+)(:[-?])([^}]*)\}", value, text)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("production")
    with (
        Postgres() as database,
        Broker(folder / "queue.sock") as queue,
        socketserver.ThreadingTCPServer(("127.0.0.1", 0), Post) as post,
    ):
        threading.Thread(target=post.serve_forever, daemon=True).start()
        site = Site(folder, database.url, queue.url, f"smtp://127.0.0.1:{post.server_address[1]}")
        site.run(*SERVICES["migrate"]["command"], service="migrate")
        for service in ("web", "worker", "beat"):
            site.start(service)
        try:
            site.wait_until_ready()
            yield site
        finally:
            left = site.stop()
            post.shutdown()
        assert left == []


def letter_to(address: str) -> str:
    """The one letter to somebody. It is sent after the page has answered, so that waiting does not tell who is known."""
    give_up = time.monotonic() + 20
    while not (found := [mail for mail in Post.received if f"To: {address}" in mail]):
        assert time.monotonic() < give_up, "no letter came"
        time.sleep(0.1)
    assert len(found) == 1
    return found[0]


def test_somebody_signs_in_by_the_code_that_comes_by_mail(site):
    site.run("python", "manage.py", "create_user", COMMISSION, "--role", "commission")
    visitor = Visitor(site.port)
    page = visitor.get("/sign-in/")
    assert "guildhall.example" not in page.replace(HOST, "")

    status, headers, _ = visitor.submit(page, "/sign-in/code/", email=COMMISSION)
    assert (status, headers["Location"]) == (302, "/sign-in/code/confirm/")
    mail = letter_to(COMMISSION)
    assert f"@{HOST}>" in mail
    code = re.search(r"\b\d{6}\b", mail.partition("\n\n")[2] or mail.partition("\r\n\r\n")[2])
    assert code, mail
    status, headers, _ = visitor.submit(visitor.get("/sign-in/code/confirm/"), "/sign-in/code/confirm/", code=code[0])

    assert status == 302, headers
    assert "Impact" in visitor.get("/impact/")


def test_what_a_program_logs_is_counted_for_everybody_to_see(site):
    site.run("python", "manage.py", "create_user", ADMINISTRATOR, "--role", "administrator", "--password", PASSWORD)
    scopes = ["--scope", "records:read", "--scope", "records:write", "--scope", "impact:read"]
    output = site.run("python", "manage.py", "create_api_client", "MIS", "--user", ADMINISTRATOR, *scopes)
    program = Visitor(site.port, key=output.strip().splitlines()[-1])
    schools = [
        program.api(
            "POST",
            "organisations/",
            {"name": name, "provider": {"kind": "secondary"}, "identifiers": [{"scheme": "urn", "value": urn}]},
        )
        for name, urn in (("Harbour School", "900001"), ("Hill School", "900002"))
    ]
    body = {
        "title": "Hotel visit",
        "kind": "careers_event",
        "status": "delivered",
        "guild": "hospitality-tourism",
        "starts_at": "2017-03-14T10:00:00Z",
        "attendances": [
            {"provider": schools[0]["id"], "year_group": "10", "learners": 40},
            {"provider": {"scheme": "urn", "value": "900002"}, "year_group": "9", "learners": None},
        ],
    }
    began = time.monotonic()
    engagement = program.api("POST", "engagements/", body)

    figure = counted(program, began, at_least=40)

    assert (figure["value"], figure["missing"]) == (40, 1)
    evidence = program.api("GET", "impact/evidence/?measure=encounters&period=2016-17&guild=hospitality-tourism")
    assert engagement["id"] in json.dumps(evidence)
    site.run("python", "manage.py", "create_user", COORDINATOR, "--role", "coordinator", "--guild",
             "hospitality-tourism", "--password", PASSWORD)  # fmt: skip
    visitor = Visitor(site.port)
    status, _, _ = visitor.submit(visitor.get("/sign-in/"), "/sign-in/", login=COORDINATOR, password=PASSWORD)
    assert status == 302
    assert "Hotel visit" in visitor.get("/engagements/")
    assert "Hospitality" in visitor.get("/impact/?period=2016-17")


def counted(program: Visitor, began: float, at_least: int) -> dict:
    """The figure, once the worker has counted it; two seconds are promised, here others use the machine too."""
    while time.monotonic() - began < 20:
        summary = program.api("GET", "impact/summary/?period=2016-17&by=guild&measures=encounters")
        found = [row["measures"]["encounters"] for row in summary["rows"] if row["key"] == "hospitality-tourism"]
        if found and (found[0]["value"] or 0) >= at_least:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(summary)


def test_the_demonstration_is_not_in_there(site):
    visitor = Visitor(site.port)
    page = visitor.get("/sign-in/")

    assert visitor.ask("GET", "/outbox/")[0] == 404
    assert visitor.submit(page, "/sign-in/demonstration/", email="administrator@guildhall.example")[0] == 404
    assert visitor.ask("GET", "/metrics")[0] == 404


def test_answers_carry_what_keeps_browsers_safe(site):
    _, headers, _ = Visitor(site.port).ask("GET", "/sign-in/")

    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "default-src 'self'" in headers["Content-Security-Policy"]


def test_another_name_is_not_answered(site):
    visitor = Visitor(site.port)
    visitor.headers["Host"] = "evil.example"

    assert visitor.ask("GET", "/sign-in/")[0] == 400


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_logs_are_json_and_name_nobody(site, service):
    Visitor(site.port).ask("GET", f"/engagements/?q={COMMISSION}")

    log = site.log(service)

    for line in log.splitlines():
        if line.startswith("{"):
            assert {"at", "level", "logger", "message"} <= json.loads(line).keys()
    for personal in (COMMISSION, COORDINATOR, "192.0.2.77", "127.0.0.1 -"):
        assert personal not in log


def test_the_worker_answers_its_health_check(site):
    node = next(word for word in SERVICES["worker"]["command"] if word.startswith("worker@"))
    name = node.replace("%h", os.uname().nodename)

    check = ("celery", "-A", "config", "inspect", "ping", "--destination", name, "--timeout", "5")

    assert "pong" in site.run_until_it_succeeds(*check)


def test_the_settings_stand_up_to_djangos_own_check(site):
    site.run("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
