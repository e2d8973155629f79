"""The demonstration in the foreground: database, broker, web server, worker, clock. `python -m running.demo`.

Ctrl-C, or any other way of ending this program, ends all of them.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn
from urllib.error import URLError
from urllib.request import urlopen

from config.local_servers import Broker, socket_path
from running import interrupts
from running.places import ROOT, var
from running.ports import USUAL, wanted_port
from running.problems import Problem, command, say
from running.processes import Family

_START_SECONDS = 60
_LOOK_EVERY_SECONDS = 0.2


def main() -> int:
    """Run until somebody stops it."""
    signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGTERM))
    began = time.monotonic()
    port = wanted_port()
    with ExitStack() as stack:
        stack.enter_context(_only_one())
        broker = None if os.environ.get("REDIS_URL") else stack.enter_context(Broker(_socket()))
        sign_ins = _database()
        family = Family(var() / "log", _environment())
        stack.callback(_stop, family)
        _start(family, port)
        _wait_until_ready(family, port)
        say(_welcome(port, sign_ins, time.monotonic() - began))
        with suppress(KeyboardInterrupt):
            _watch(family, broker)
    say("Stopped.")
    return 0


def _socket() -> Path:
    """Where config/settings.py looks for the broker too."""
    return socket_path(var(), "broker.sock")


@contextmanager
def _only_one() -> Iterator[None]:
    """Two demonstrations in one folder would take each other's broker and database."""
    with (var() / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(f"A demonstration is already running with {var()}: stop it first") from None
        yield


def _environment() -> dict[str, str]:
    """What each part reads. Links in mail lead to where the pages are, unless somebody says otherwise."""
    here = {"BASE_URL": f"http://localhost:{os.environ.get('PORT') or USUAL}"}
    return here | dict(os.environ) | {"DEMO": "1", "PYTHONUNBUFFERED": "1"}


def _database() -> dict[str, Any]:
    """Have running/database.py do it, and show its lines as they come."""
    program = [sys.executable, "-m", "running.database"]
    with subprocess.Popen(program, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        *_, last = _shown(process.stdout)
    if process.returncode:
        raise SystemExit(process.returncode)
    return json.loads(last)


def _shown(lines: Iterator[str]) -> Iterator[str]:
    yield "null"
    for line in lines:
        if not line.startswith("{"):
            say(line.rstrip())
        yield line


def _start(family: Family, port: int) -> None:
    python, celery = sys.executable, ("-m", "celery", "-A", "config")
    web = ("-m", "gunicorn", "config.wsgi", "--config", "config/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}")
    family.start("web server", python, *web)
    family.start("worker", python, *celery, "worker", "--concurrency", "1", "--loglevel", "INFO")
    family.start("clock", python, *celery, "beat", "--loglevel", "INFO", "--pidfile=")


def _wait_until_ready(family: Family, port: int) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while not _answers(f"http://127.0.0.1:{port}/health/ready"):
        family.check()
        interrupts.check()
        if time.monotonic() > give_up:
            raise Problem(f"It did not get ready within {_START_SECONDS} seconds: see {var() / 'log'}")
        time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5):  # noqa: S310
            return True
    except (URLError, OSError):
        return False


def _watch(family: Family, broker: Broker | None) -> NoReturn:
    while True:
        family.check()
        if broker and broker.has_ended():
            raise Problem("The broker ended by itself, so everything was stopped. `make demo` starts it again.")
        interrupts.check()
        time.sleep(_LOOK_EVERY_SECONDS)


def _stop(family: Family) -> None:
    say("\nStopping…")
    family.stop()


def _welcome(port: int, sign_ins: dict[str, Any], seconds: float) -> str:
    people, password = sign_ins["people"], sign_ins["password"]
    width = max(map(len, people), default=0)
    lines = [f"\nGuildhall is running at http://localhost:{port}/ (ready in {seconds:.0f} s)", ""]
    if people:
        lines += ["Sign in there with one button per person, or with an e-mail address and the password:", ""]
        lines += [f"  {email:<{width}}  {who}" for email, who in people.items()]
        lines += ["", f"  Password of each: {password}" if password else "  Their passwords were not kept.", ""]
    return "\n".join([*lines, f"Logs: {var() / 'log'}   Stop: Ctrl-C"])


if __name__ == "__main__":
    command(main)
