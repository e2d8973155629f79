"""What somebody meets who types `make`."""

import subprocess

import pytest

from running.places import ROOT
from tests.running.conftest import plain_environment

pytestmark = pytest.mark.once


def make(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env=plain_environment(**variables),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_make_alone_tells_what_there_is():
    done = make()

    assert done.returncode == 0
    for target in ("demo", "test", "check", "clean"):
        assert f"make {target} " in done.stdout


@pytest.mark.parametrize("target", ["demo", "test", "check"])
def test_without_python_the_line_says_what_to_install(target):
    done = make(target, "PYTHON=")

    assert done.returncode != 0
    assert done.stderr.startswith("Python 3.11 or newer is needed: install python3.11")


def test_a_port_that_is_none_is_told_before_anything_is_made():
    done = make("demo", "PORT=here")

    assert done.returncode != 0
    assert "PORT: “here” is no port" in done.stderr and "Traceback" not in done.stderr
    assert done.stdout == ""


def test_ci_runs_what_people_run():
    script = (ROOT / ".ci" / "run").read_text()

    assert "make check" in script and "make test" in script
    assert subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, capture_output=True).returncode == 0
