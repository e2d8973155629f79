"""A browser for the tests: the system's, else from its package manager. Needs Python's own library only."""

import os
import shutil
from pathlib import Path

from running import steps
from running.problems import Problem, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)


def find() -> str | None:
    """The path of a Chromium or Chrome on this machine."""
    return next(filter(None, map(shutil.which, NAMES)), None) or next((str(p) for p in _MAC if p.exists()), None)


def prepare() -> None:
    """Have a browser. Raises Problem where there is none and none may be installed."""
    if find():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
    if not find():
        raise Problem("The tests need a browser: install chromium (or google-chrome), then run `make test` again")


def _install() -> None:
    say("Installing the browser chromium with apt-get, for the tests")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    steps.run(["apt-get", "update", "-qq"], doing="apt-get update", env=quiet)
    steps.run(
        ["apt-get", "install", "-qq", "--no-install-recommends", "chromium"],
        doing="Installing chromium",
        env=quiet,
    )
