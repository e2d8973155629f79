"""A browser for the tests: the system's, else from its package manager. Needs Python's own library only."""

import shutil
from pathlib import Path

from running import system_packages
from running.problems import Problem

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
    system_packages.install(["chromium"], what="the browser chromium, for the tests")
    if not find():
        raise Problem("The tests need a browser: install chromium (or google-chrome), then run `make test` again")
