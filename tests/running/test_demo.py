"""The demonstration in the foreground: it says where and how, and leaves nothing behind however it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.request import Request, urlopen

import psutil
import pytest

from config.local_servers import free_port
from running import demo
from running.places import ROOT
from running.processes import PATIENCE_SECONDS
from tests.running.conftest import plain_environment

pytestmark = pytest.mark.once

#: Seconds: what a part may take to finish, what the broker may, and as much again for a busy machine.
TO_STOP = 2 * (PATIENCE_SECONDS + 10)
PEOPLE = ("administrator", "hospitality", "engineering", "employer", "school", "commission")


@pytest.fixture
def through_make(tmp_path) -> list[str]:
    """The Makefile's own line for the demonstration, without preparing this checkout again."""
    line = next(line for line in (ROOT / "Makefile").read_text().splitlines() if line.endswith("running.demo"))
    makefile = tmp_path / "Makefile"
    makefile.write_text(f"VENV_PYTHON := {sys.executable}\ndemo:\n{line}\n")
    return ["make", "--no-print-directory", "-f", str(makefile), "demo"]


def run(*command: str, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        command, cwd=ROOT, env=plain_environment(**variables), capture_output=True, text=True, timeout=60
    )


def test_it_says_where_it_is_and_does_what_it_promises(demonstration, filled):
    demo = demonstration().wait_until_ready()

    assert f"http://localhost:{demo.port}/" in demo.said
    assert all(f"{person}@guildhall.example" in demo.said for person in PEOPLE)
    assert (filled / "demo_password").read_text().strip() in demo.said
    status, page = demo.get("/sign-in/")
    assert status == 200 and "commission@guildhall.example" in page
    assert demo.get("/health/ready")[0] == 200
    for part in ("valkey", "gunicorn", "celery.* worker", "celery.* beat"):
        assert demo.started(part).is_running()
    a_second_one_in_its_folder_is_refused(demonstration)
    a_command_beside_it_uses_its_broker(filled)
    a_change_is_in_the_figures_within_two_seconds(demo, filled)
    one_signal_stops_all(demo, signal.SIGTERM)


def a_second_one_in_its_folder_is_refused(demonstration):
    second = demonstration()

    assert second.process.wait(30) == 1
    assert "already running" in second.said and "Traceback" not in second.said


def test_a_closed_terminal_stops_all(demonstration):
    one_signal_stops_all(demonstration().wait_until_ready(), signal.SIGHUP)


def one_signal_stops_all(demo, number):
    demo.process.send_signal(number)

    assert demo.process.wait(TO_STOP) == 0
    assert demo.left_behind() == []
    assert "Stopped." in demo.said and "Traceback" not in demo.said


def test_ctrl_c_in_a_terminal_reaches_everybody_and_stops_all(demonstration, through_make):
    demo = demonstration(command=through_make).wait_until_ready()

    os.killpg(demo.process.pid, signal.SIGINT)

    demo.process.wait(TO_STOP)
    assert demo.left_behind() == []


@pytest.mark.parametrize("number", [signal.SIGTERM], ids=lambda n: n.name)
def test_a_signal_to_make_alone_stops_all(demonstration, through_make, number):
    demo = demonstration(command=through_make).wait_until_ready()

    demo.process.send_signal(number)

    demo.process.wait(TO_STOP)
    assert demo.left_behind() == []


@pytest.mark.parametrize("part", ["valkey", "celery.* worker"])
def test_when_one_part_ends_the_others_are_stopped_with_a_line(demonstration, part):
    demo = demonstration().wait_until_ready()

    demo.started(part).kill()

    assert demo.process.wait(TO_STOP) == 1
    assert demo.left_behind() == []
    assert "ended by itself" in demo.said and "Traceback" not in demo.said


def test_a_second_start_is_quick_and_keeps_the_data(demonstration, filled):
    if not (filled / "guildhall.sqlite3").exists():
        demonstration().wait_until_ready().end()
    count = "from guilds.engagement.models import Engagement as e; print(e.objects.count())"
    before = run(sys.executable, "manage.py", "shell", "-v", "0", "-c", count, VAR_DIR=str(filled)).stdout

    began = time.monotonic()
    demo = demonstration().wait_until_ready()
    took = time.monotonic() - began

    assert took < 60
    assert "Loading" not in demo.said
    after = run(sys.executable, "manage.py", "shell", "-v", "0", "-c", count, VAR_DIR=str(filled)).stdout
    assert int(before) == int(after) > 0
    if sys.platform.startswith("linux"):  # Only Linux tells children that a parent was killed.
        killed_outright_it_leaves_nothing_behind(demo)


def killed_outright_it_leaves_nothing_behind(demo):
    demo.process.kill()
    demo.process.wait()

    assert demo.left_behind() == []


def a_command_beside_it_uses_its_broker(filled):
    # The pages are ready before the worker is, so it is asked again until it answers.
    asked = "next(filter(None, (app.control.ping(timeout=2) for _ in range(20))), [])"
    ask = f"from config.celery import app; print({asked})"

    answer = run(sys.executable, "manage.py", "shell", "-v", "0", "-c", ask, VAR_DIR=str(filled))

    assert "pong" in answer.stdout, answer.stderr


def a_change_is_in_the_figures_within_two_seconds(demo, filled):
    client = ("create_api_client", "probe", "--user", "administrator@guildhall.example", "--scope")
    made = run(sys.executable, "manage.py", *client, "records:write", "impact:read", VAR_DIR=str(filled))
    program = Program(demo.port, made.stdout.split()[-1])

    waited = []
    for number in range(3):
        before = program.engagements()
        began = time.monotonic()
        program.log(f"Probe {number}")
        while program.engagements() == before:
            assert time.monotonic() - began < 30, "never counted"
            time.sleep(0.02)
        waited.append(time.monotonic() - began)

    assert min(waited) < 2, waited


class Program:
    """Somebody's program that has a key."""

    def __init__(self, port: int, key: str) -> None:
        self.address, self.key = f"http://127.0.0.1:{port}/api/v1/", key

    def ask(self, path: str, body: dict | None = None) -> dict:
        headers = {"Authorization": f"Api-Key {self.key}", "Content-Type": "application/json"}
        request = Request(self.address + path, json.dumps(body).encode() if body else None, headers)
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def engagements(self) -> int:
        summary = self.ask("impact/summary/?period=2016-17&by=total&measures=engagements")
        return summary["total"]["measures"]["engagements"]["value"]

    def log(self, title: str) -> dict:
        about = {"title": title, "kind": "careers_event", "status": "delivered", "guild": "hospitality-tourism"}
        return self.ask("engagements/", about | {"starts_at": "2017-03-14T10:00:00Z", "district": "E07000114"})


def test_a_taken_port_is_one_clear_line(filled):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run(sys.executable, "-m", "running.demo", VAR_DIR=str(filled), PORT=port)

    assert done.returncode == 1
    assert (
        done.stdout + done.stderr
        == f"\nPort {port} is taken: stop what uses it, or choose another with `make demo PORT=8000`\n"
    )


@pytest.mark.parametrize("port", ["web", "0", "70000", "-1", "8000 "])
def test_a_port_that_is_none_is_one_clear_line(filled, port):
    done = run(sys.executable, "-m", "running.demo", VAR_DIR=str(filled), PORT=port)

    assert done.returncode == 1
    assert done.stderr.strip().startswith("PORT: ") and done.stderr.strip().count("\n") == 0


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"ALLOWED_HOSTS": "guildhall.example.gov.uk"}, "DEMO: "),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL: "),
        ({"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}, "The database can't be used: "),
    ],
)
def test_a_wrong_variable_is_one_clear_line(tmp_path, variables, line):
    done = run(sys.executable, "-m", "running.demo", VAR_DIR=str(tmp_path), PORT=str(free_port()), **variables)

    assert done.returncode == 1
    assert line in done.stderr and "Traceback" not in done.stderr


def test_a_database_that_is_none_is_one_clear_line(tmp_path):
    (tmp_path / "guildhall.sqlite3").write_text("This is no database, but a letter." * 100)

    done = run(sys.executable, "-m", "running.demo", VAR_DIR=str(tmp_path), PORT=str(free_port()))

    assert done.returncode == 1
    assert "The database can't be used" in done.stderr and "Traceback" not in done.stderr
    assert not [p for p in psutil.process_iter(["cmdline"]) if str(tmp_path) in " ".join(p.info["cmdline"] or [])]


def test_links_in_its_mail_lead_to_where_its_pages_are(monkeypatch):
    monkeypatch.delenv("BASE_URL", raising=False)
    monkeypatch.setenv("PORT", "8123")
    assert demo._environment()["BASE_URL"] == "http://localhost:8123"
    monkeypatch.delenv("PORT")
    assert demo._environment()["BASE_URL"] == "http://localhost:8000"
    monkeypatch.setenv("BASE_URL", "https://guilds.example")
    assert demo._environment()["BASE_URL"] == "https://guilds.example"
