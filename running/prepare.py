"""From a bare checkout to one in which everything can run: `python3 -m running.prepare demo|check|test`.

Runs before there is an environment, so it and what it imports need Python's own library only.
"""

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from running import browser, environment, frontend, pango
from running.places import ROOT
from running.ports import wanted_port
from running.problems import command, say

PURPOSES = ("demo", "check", "test")


def main() -> int:
    """Prepare for the purpose that the command line names."""
    purpose = sys.argv[1] if sys.argv[1:] else ""
    if purpose not in PURPOSES:
        say(f"Say what to prepare for: {', '.join(PURPOSES)}")
        return 2
    if purpose == "demo":
        wanted_port()
    with _alone():
        environment.prepare(development=purpose != "demo")
        if purpose != "check":
            frontend.prepare()
            pango.prepare(needed=purpose == "test")
    if purpose == "test":
        browser.prepare()
    return 0


@contextmanager
def _alone() -> Iterator[None]:
    """Two commands started at once must not make the same folders."""
    with (ROOT / "Makefile").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another `make` that is preparing this folder")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    command(main)
