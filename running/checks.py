"""Everything that is checked without running it: format, lint, types, imports, migrations, templates, locks.

`python -m running.checks`. Two at a time, each told in a line; what one of them found is shown in full.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from running.places import FRONTEND, ROOT
from running.problems import command, say

CHECKS: dict[str, tuple[str, ...]] = {
    "types": ("-m", "mypy"),
    "templates": ("-m", "djlint", "templates", "--lint", "--quiet"),
    "format": ("-m", "ruff", "format", "--check", "."),
    "lint": ("-m", "ruff", "check", "."),
    "imports": ("-c", "from importlinter.cli import lint_imports_command as check; check()"),
    "settings": ("manage.py", "check", "--fail-level", "WARNING"),
    "migrations": ("manage.py", "makemigrations", "--check", "--dry-run"),
    "packages": ("-m", "pip", "check"),
}


@dataclass(frozen=True)
class Finding:
    """How one check went."""

    name: str
    passed: bool
    output: str
    seconds: float


def main() -> int:
    """Run them all; 0 only if all passed."""
    # Nothing is built for checks, but settings name the folder.
    (FRONTEND / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="guildhall-checks-") as folder, ThreadPoolExecutor(2) as pool:
        env = os.environ | {"VAR_DIR": folder, "DATABASE_URL": "", "ALLOWED_HOSTS": "", "DEMO": ""}
        findings = list(pool.map(lambda name: _tell(check(name, CHECKS[name], env)), CHECKS))
    failed = [finding.name for finding in findings if not finding.passed]
    say(f"Checks failed: {', '.join(failed)}" if failed else "All checks passed")
    return 1 if failed else 0


def check(name: str, program: tuple[str, ...], env: dict[str, str]) -> Finding:
    """Run one of them with the environment’s own Python."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, *program],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Finding(name, done.returncode == 0, done.stdout.strip(), time.monotonic() - began)


def _tell(finding: Finding) -> Finding:
    say(f"{finding.name:<11} {'ok' if finding.passed else 'FAILED'} ({finding.seconds:.1f} s)")
    if not finding.passed:
        say(finding.output)
    return finding


if __name__ == "__main__":
    command(main)
