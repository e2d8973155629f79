"""All tests, on SQLite and again on PostgreSQL; closes with one line that adds both up. `python -m running.suite`."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from config.local_servers import MissingServer, postgres_binaries
from running.places import ROOT
from running.problems import Problem, command, say

#: What each is called, and which tests it is spared: those marked `once` would say the same a second time.
DATABASES = {"sqlite": ("SQLite", ""), "postgresql": ("PostgreSQL", "not once")}


@dataclass(frozen=True)
class Outcome:
    """How many tests ended how; an error while a test was set up is a failure."""

    passed: int
    failed: int
    skipped: int

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def main() -> int:
    """Run them; 0 only if there were tests and none failed."""
    try:
        postgres_binaries()
    except MissingServer as missing:
        raise Problem(str(missing)) from None
    with tempfile.TemporaryDirectory(prefix="guildhall-results-") as folder:
        outcomes = [_run(database, Path(folder) / f"{database}.xml") for database in DATABASES]
    whole = sum(outcomes, Outcome(0, 0, 0))
    say(f"\n{whole}")
    return 1 if whole.failed or not all(outcome.passed for outcome in outcomes) else 0


def _run(database: str, results: Path) -> Outcome:
    title, chosen = DATABASES[database]
    say(f"\nTests on {title}")
    options = ["-q", "-n", str(os.cpu_count() or 2), "--dist", "worksteal", "-m", chosen, f"--junitxml={results}"]
    began = time.monotonic()
    status = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *sys.argv[1:]],
        cwd=ROOT,
        env=os.environ | {"TEST_DATABASE": database},
        check=False,
    ).returncode
    outcome = read(results, status)
    say(f"{title}: {outcome} in {time.monotonic() - began:.0f} s")
    return outcome


def read(results: Path, status: int) -> Outcome:
    """What pytest's JUnit file says. A run that failed without a failed test (or without a file) is one failure."""
    if not results.is_file():
        return Outcome(0, 1, 0)
    suites = ElementTree.parse(results).getroot().iter("testsuite")  # noqa: S314
    counts = [
        {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")} for suite in suites
    ]
    failed = sum(count["failures"] + count["errors"] for count in counts)
    skipped = sum(count["skipped"] for count in counts)
    passed = max(sum(count["tests"] for count in counts) - failed - skipped, 0)
    return Outcome(passed, failed or int(status not in (0,)), skipped)


if __name__ == "__main__":
    command(main)
