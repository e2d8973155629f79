"""Pango, which lays out the text of PDF documents: the system's, else from its package manager.

Needs Python's own library only; the environment's Python is asked whether it finds what it needs.
"""

import subprocess
from collections.abc import Callable

from running import system_packages
from running.places import PYTHON
from running.problems import Problem, say

#: Debian's names: the layout, the part that embeds only the letters used, and a font that is always there.
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-liberation")
MISSING = f"PDF documents need Pango: install {' '.join(PACKAGES)} (Debian's names)"


def found() -> bool:
    """Whether a PDF can be made on this machine."""
    command = [str(PYTHON), "-W", "error", "-c", "import weasyprint"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def prepare(*, needed: bool, found: Callable[[], bool] = found) -> None:
    """Have Pango. Where it can't be had: raises Problem if it is needed, else says what will not work."""
    if found():
        return
    system_packages.install(PACKAGES, what="Pango, for PDF documents")
    if found():
        return
    if needed:
        raise Problem(f"{MISSING}, then run `make test` again")
    say(f"{MISSING}. Everything else works without.")
