"""Styles and scripts, built and collected; only when they have changed. Needs Python's own library only."""

import os
import shutil
import tempfile
from pathlib import Path

from running import node, steps
from running.places import FRONTEND, PYTHON, REQUIREMENTS, ROOT
from running.problems import say

MODULES = FRONTEND / "node_modules"
BUILD = FRONTEND / "build"
STATIC = ROOT / "static"


def prepare() -> None:
    """Have static/ as the sources say. Raises Problem."""
    sources = steps.digest(_sources())
    if not steps.is_made(BUILD, sources):
        _build(sources)
    collected = steps.digest([*(path for path in BUILD.rglob("*") if path.is_file()), REQUIREMENTS])
    if not steps.is_made(STATIC, collected) or not (STATIC / "staticfiles.json").is_file():
        _collect(collected)


def _sources() -> list[Path]:
    """What is ours in frontend/."""
    made = {MODULES, BUILD}
    return [path for top in FRONTEND.iterdir() if top not in made for path in _files(top)]


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [below for below in path.rglob("*") if below.is_file()]


def _build(sources: str) -> None:
    npm, variables = node.npm()
    lock = steps.digest([FRONTEND / "package-lock.json", FRONTEND / "package.json"])
    if not steps.is_made(MODULES, lock):
        say("Installing what frontend/package-lock.json lists")
        steps.unmake(MODULES)
        steps.run([*npm, "ci", "--silent"], doing="npm ci", cwd=FRONTEND, env=variables)
        steps.mark_made(MODULES, lock)
    say("Building styles and scripts")
    steps.run([*npm, "run", "build", "--silent"], doing="Building styles and scripts", cwd=FRONTEND, env=variables)
    steps.mark_made(BUILD, sources)


def _collect(collected: str) -> None:
    """With settings of its own: what the files are does not depend on how this installation is configured."""
    say("Collecting static files")
    shutil.rmtree(STATIC, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="guildhall-static-") as folder:
        plain = {name: "" for name in os.environ if name in _CONFIGURATION} | {"VAR_DIR": folder}
        steps.run(
            [PYTHON, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
            doing="Collecting static files",
            env=plain,
        )
    steps.mark_made(STATIC, collected)


_CONFIGURATION = ("ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "REPLICA_URL", "SENTRY_DSN", "DEMO", "MEDIA_ROOT")
