"""The virtual environment in .venv, with exactly what the lock files say. Needs Python's own library only."""

import subprocess
import sys
from pathlib import Path

from running.places import PYTHON, REQUIREMENTS, REQUIREMENTS_DEV, VENV
from running.problems import Problem, say
from running.steps import run

OLDEST = (3, 11)

#: Run by the environment's own Python with a lock file: prints what it lacks. A package whose list of files (RECORD,
#: which pip writes last) is not there was being installed when somebody stopped it.
_LACKING = """
import re, sys
from importlib.metadata import PackageNotFoundError, distribution
import pip
for line in open(sys.argv[1]):
    pinned = re.match(r"([A-Za-z0-9._-]+)==([^ ;]+)", line)
    if not pinned:
        continue
    try:
        found = distribution(pinned[1])
        if found.version != pinned[2] or not found.read_text("RECORD"):
            print(pinned[1])
    except PackageNotFoundError:
        print(pinned[1])
"""


def prepare(*, development: bool) -> None:
    """Have .venv with the locked packages, repairing what is half-made. Raises Problem."""
    requirements = REQUIREMENTS_DEV if development else REQUIREMENTS
    lacking = _lacking(requirements)
    if lacking == []:
        return
    if lacking is None:
        _make()
    _install(requirements)
    if not _lacking(requirements):
        return
    say("Making the environment again from the start")
    _make()
    _install(requirements)
    still = _lacking(requirements)
    if still is None or still:
        raise Problem(f"The environment in .venv is not usable: remove the folder and try again. Lacking: {still}")


def install_one(requirement: Path) -> None:
    """Install the one package that a file names, with its hashes. Raises Problem."""
    run([*_pip(), "--no-deps", "--requirement", requirement], doing="Installing a package")


def _lacking(requirements: Path) -> list[str] | None:
    """The packages that the environment lacks; None where it is no usable environment, or is another folder's."""
    pip = VENV / "bin" / "pip"
    try:
        if not pip.read_bytes().startswith(f"#!{VENV}/bin/python".encode()) and len(str(VENV)) < 100:
            return None
        asked = subprocess.run(
            [PYTHON, "-I", "-c", _LACKING, requirements], capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return asked.stdout.split() if asked.returncode == 0 else None


def _make() -> None:
    """An empty environment, whatever was there."""
    if sys.version_info < OLDEST:
        raise Problem(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: install python3.11")
    say("Making the environment (.venv)")
    try:
        import ensurepip
        import venv
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Problem(f"This Python can't make environments: install python{version}-venv") from None
    del ensurepip
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    try:
        venv.EnvBuilder(with_pip=True, clear=True, symlinks=True).create(VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Problem(f"The environment in .venv can't be made: {error}") from None


def _install(requirements: Path) -> None:
    say(f"Installing what {requirements.name} lists (a minute at most on a usual line)")
    run([*_pip(), "--requirement", requirements], doing="Installing packages")


def _pip() -> list[str | Path]:
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--root-user-action=ignore"]
    return [PYTHON, "-m", "pip", "install", *quiet, "--require-hashes"]
