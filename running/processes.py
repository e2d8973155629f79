"""Processes that belong together: started together, watched, and stopped together."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from config.local_servers import end_with_parent
from running.places import ROOT
from running.problems import Problem

#: How long a process may take to finish what it is doing before it is ended outright.
PATIENCE_SECONDS = 15
_LAST_LINES = 5


class Process:
    """One program with a name for people and a log of its own."""

    def __init__(self, name: str, command: Sequence[str], log: Path, env: Mapping[str, str]) -> None:
        self.name, self.log = name, log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                cwd=ROOT,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches this program only, which then stops them in order
                preexec_fn=end_with_parent(),
            )

    def has_ended(self) -> bool:
        """Whether it is gone, for whatever reason."""
        return self._process.poll() is not None

    def why(self) -> str:
        """What to tell about its end: the status, the last lines and where to find the others."""
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()][-_LAST_LINES:]
        how = f"The {self.name} ended by itself (status {self._process.returncode}), so everything was stopped."
        return "\n  ".join([f"{how} The end of {self.log}:", *lines])

    def ask_to_stop(self) -> None:
        """Let it finish what it is doing. Its parent process only: it tells its own children."""
        if not self.has_ended():
            self._process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float) -> None:
        """Until it is gone; after `seconds`, it and all its children are killed."""
        try:
            self._process.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            pass
        finally:
            self._kill_group()
            self._process.wait()

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError, PermissionError):  # nobody is left
            os.killpg(self._process.pid, signal.SIGKILL)


class Family:
    """All of them."""

    def __init__(self, logs: Path, env: Mapping[str, str]) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self._logs, self._env = logs, env
        self._members: list[Process] = []

    def start(self, name: str, *command: str) -> None:
        """Start one more."""
        self._members.append(Process(name, command, self._logs / f"{name.replace(' ', '-')}.log", self._env))

    def check(self) -> None:
        """Raises Problem if one of them has ended."""
        for member in self._members:
            if member.has_ended():
                raise Problem(member.why())

    def stop(self) -> None:
        """Stop all, at the same time; a second Ctrl-C ends the patience with them."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        for member in self._members:
            member.ask_to_stop()
        for member in self._members:
            try:
                member.wait(give_up - time.monotonic())
            except KeyboardInterrupt:
                give_up = 0
                member.wait(0)
