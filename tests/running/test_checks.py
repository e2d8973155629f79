"""`make check` says which check failed, why, and fails itself."""

import os
import subprocess
import sys

import pytest

from running import checks
from running.places import ROOT
from tests.running.conftest import plain_environment

pytestmark = pytest.mark.once


@pytest.mark.parametrize(("program", "passed"), [("print('fine')", True), ("import sys; sys.exit('bad')", False)])
def test_a_check_is_what_its_program_says(program, passed):
    finding = checks.check("sample", ("-c", program), dict(os.environ))

    assert finding.passed is passed
    assert finding.output == ("fine" if passed else "bad")


def test_one_that_fails_fails_all_and_is_shown(tmp_path):
    program = (
        "from running import checks;"
        "checks.CHECKS = {'good': ('-c', ''), 'bad': ('-c', 'raise SystemExit(\"what is wrong\")')};"
        "raise SystemExit(checks.main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=plain_environment(), capture_output=True, text=True
    )

    assert done.returncode == 1
    assert "what is wrong" in done.stdout
    assert done.stdout.splitlines()[-1] == "Checks failed: bad"


def test_everything_that_is_promised_is_checked():
    assert set(checks.CHECKS) >= {"format", "lint", "types", "imports", "migrations", "templates"}
