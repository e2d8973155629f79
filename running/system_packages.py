"""What pip and npm can't bring, from the system's package manager. Needs Python's own library only."""

import os
import shutil
from collections.abc import Sequence

from running import steps
from running.problems import say


def install(packages: Sequence[str], *, what: str) -> None:
    """Install Debian packages if this user may; else nothing happens. Raises Problem when installing fails."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say(f"Installing {what}, with apt-get")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    steps.run(["apt-get", "update", "-qq"], doing="apt-get update", env=quiet)
    steps.run(
        ["apt-get", "install", "-qq", "--no-install-recommends", *packages],
        doing=f"Installing {what}",
        env=quiet,
    )
