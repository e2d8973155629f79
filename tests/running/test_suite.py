"""The last line of `make test` is true, and so is its exit code."""

import subprocess
import sys

import pytest

from running.places import ROOT
from running.suite import Outcome, read
from tests.running.conftest import plain_environment

pytestmark = pytest.mark.once

GOOD = "def test_good(): pass\n"
SAMPLES = {
    "all pass": (GOOD, 0, "2 passed, 0 failed"),
    "once": (GOOD + "import pytest\n@pytest.mark.once\ndef test_once(): pass\n", 0, "3 passed, 0 failed"),
    "a failure": (GOOD + "def test_bad(): assert False\n", 1, "2 passed, 2 failed"),
    "a failure on one database": (
        GOOD + "import os\ndef test_bad(): assert os.environ['TEST_DATABASE'] == 'sqlite'\n",
        1,
        "3 passed, 1 failed",
    ),
    "skipped": (GOOD + "import pytest\ndef test_no(): pytest.skip('no')\n", 0, "2 passed, 0 failed, 2 skipped"),
    "an error while setting up": (
        GOOD + "import pytest\n@pytest.fixture\ndef broken(): 1 / 0\ndef test_bad(broken): pass\n",
        1,
        "2 passed, 2 failed",
    ),
    "a file that can't be read": ("import nothing_like_this\n", 1, "0 passed, 2 failed"),
    "no tests": ("", 1, "0 passed, 2 failed"),
}


@pytest.mark.parametrize(("source", "status", "line"), SAMPLES.values(), ids=list(SAMPLES))
def test_closing_line_and_status(tmp_path, source, status, line):
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = once: says nothing about the database\n")
    (tmp_path / "test_sample.py").write_text(source)

    done = subprocess.run(
        [sys.executable, "-m", "running.suite", str(tmp_path), "-n", "0", "-p", "no:cacheprovider"],
        cwd=ROOT,
        env=plain_environment(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTEST_ADDOPTS="-p xdist"),
        capture_output=True,
        text=True,
    )

    assert done.stdout.rstrip().splitlines()[-1] == line, done.stdout + done.stderr
    assert done.returncode == status


def test_a_run_that_wrote_nothing_is_a_failure(tmp_path):
    assert read(tmp_path / "nothing.xml", 3) == Outcome(0, 1, 0)
