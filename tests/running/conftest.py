"""A demonstration of its own for tests: real processes in a folder and on a port of its own."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest

from config.local_servers import free_port
from running.places import ROOT
from running.processes import PATIENCE_SECONDS

#: What the tests' own servers are called must not reach the programs that are tested.
OURS = ("VAR_DIR", "DATABASE_URL", "REDIS_URL", "TEST_DATABASE", "GUILDHALL_TEST_SERVICES", "MAKELEVEL", "MAKEFLAGS")
FROM_PYTEST = ("DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "PYTEST_XDIST_WORKER", "PYTEST_ADDOPTS")
READY_SECONDS = 240


def plain_environment(**variables: str) -> dict[str, str]:
    """The environment of somebody who sets nothing but `variables`."""
    left_out = (*OURS, "DEMO", "ALLOWED_HOSTS", "SECRET_KEY", *FROM_PYTEST)
    return {name: value for name, value in os.environ.items() if name not in left_out} | variables


def _heeding_ctrl_c() -> None:
    """As a terminal starts programs: what a shell starts in the background ignores Ctrl-C, and so does all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Demonstration:
    """`python -m running.demo`, or make's way to it, and every process that it started."""

    def __init__(self, folder: Path, command: list[str] | None = None) -> None:
        self.folder, self.port = folder, free_port()
        self.output = folder / "output"
        folder.mkdir(parents=True, exist_ok=True)
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                command or [sys.executable, "-m", "running.demo"],
                cwd=ROOT,
                env=plain_environment(VAR_DIR=str(folder), PORT=str(self.port)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_heeding_ctrl_c,
            )
        self.family: list[psutil.Process] = []

    @property
    def said(self) -> str:
        """What it printed so far."""
        return self.output.read_text()

    def wait_until_ready(self) -> "Demonstration":
        """Until it has printed its address; fails the test if it ends or takes too long."""
        give_up = time.monotonic() + READY_SECONDS
        while "Stop: Ctrl-C" not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < give_up, self.said
            time.sleep(0.1)
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        return self

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except URLError as error:
            return getattr(error, "code", 0), str(error)

    def started(self, words: str) -> psutil.Process:
        """The first process whose command line has these words in it."""
        return next(process for process in self.family if re.search(words, " ".join(process.cmdline())))

    def left_behind(self, seconds: float = 25) -> list[str]:
        """What still runs after a while of all that it had started."""
        _, alive = psutil.wait_procs(self.family, timeout=seconds)
        return [" ".join(process.cmdline()) for process in alive if process.status() != psutil.STATUS_ZOMBIE]

    def end(self) -> None:
        """After a test, however it went."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(2 * (PATIENCE_SECONDS + 10))
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        for process in self.family:
            if process.is_running():
                process.kill()


@pytest.fixture(scope="session")
def kept(tmp_path_factory) -> Path:
    """Where the first that has loaded the demonstration's data leaves them for every worker."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demonstration-kept"


@pytest.fixture(scope="session")
def filled(tmp_path_factory, kept) -> Path:
    """A folder of its own in which the demonstration's data are loaded already, or will be by the first start."""
    folder = tmp_path_factory.mktemp("demonstration")
    if kept.exists():
        shutil.copytree(kept, folder, dirs_exist_ok=True)
    return folder


def _keep(filled: Path, kept: Path) -> None:
    """Leave what was loaded to the others, unless somebody has; under another name until it is whole."""
    if kept.exists() or not (filled / "guildhall.sqlite3").exists():
        return
    copy = filled.with_name(f"{filled.name}-copy")
    shutil.copytree(filled, copy, ignore=shutil.ignore_patterns("*.sock", "*.pid", "output"))
    with contextlib.suppress(OSError):
        copy.rename(kept)


@pytest.fixture
def demonstration(filled, kept) -> Iterator[Callable[..., Demonstration]]:
    """Call to start one (in a folder that keeps its data from test to test); all are ended after the test."""
    started: list[Demonstration] = []

    def start(folder: Path = filled, command: list[str] | None = None) -> Demonstration:
        started.append(Demonstration(folder, command))
        return started[-1]

    yield start
    for one in started:
        one.end()
    if any("Stop: Ctrl-C" in one.said for one in started if one.folder == filled):
        _keep(filled, kept)
