"""The real servers that the benchmark drives: gunicorn with two workers, one Celery worker, a broker, PostgreSQL."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from config.local_servers import Broker, Postgres, free_port

DATABASE = "guildhall_bench"
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Site:
    """Where a running system is: its web address, the environment that its processes have, their process ids."""

    address: str
    environment: dict[str, str]
    folder: Path

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run a management command against the benchmark's own database. Raises CalledProcessError."""
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )


@contextmanager
def database() -> Iterator[str]:
    """An empty database of its own on DATABASE_URL's server, else on one that is started for it. Yields its address."""
    import psycopg

    given = os.environ.get("DATABASE_URL", "")
    with ExitStack() as stack:
        if not given.startswith("postgres"):
            given = stack.enter_context(Postgres()).url
        admin = urlsplit(given)._replace(query="")
        own = admin._replace(path=f"/{DATABASE}").geturl()
        with psycopg.connect(admin.geturl(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {DATABASE}")
        try:
            yield own
        finally:
            with psycopg.connect(admin.geturl(), autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


@contextmanager
def broker() -> Iterator[tuple[str, Path]]:
    """A broker of its own, and a folder for what the processes keep."""
    with (
        tempfile.TemporaryDirectory(prefix="guildhall-bench-") as folder,
        Broker(Path(folder) / "broker.sock") as server,
    ):
        yield server.url, Path(folder)


@contextmanager
def running(environment: dict[str, str], folder: Path) -> Iterator[Site]:
    """The web server and the worker, stopped at the end."""
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}", environment, folder)
    web = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--config",
        "config/gunicorn.conf.py",
        "--workers",
        "2",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    worker = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1", "--loglevel", "WARNING"]
    with ExitStack() as stack:
        log = stack.enter_context((folder / "servers.log").open("w"))
        for command in (web, worker):
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
            stack.callback(_stop, process)
        _wait(f"{site.address}/floor/view/", folder / "servers.log")
        yield site


def _wait(address: str, log: Path) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        try:
            with urlopen(address, timeout=2):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The web server did not start: {log.read_text()[-1000:]}")


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
