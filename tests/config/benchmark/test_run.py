"""The benchmark runs: its own database, real servers, the figures that it promises."""

import json
import os
import subprocess
import sys

import pytest

from running.places import ROOT

FIELDS = {"name", "rows", "p50_ms", "p95_ms", "rps", "queries", "per_second", "peak_mb"}


def bench(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", "bench", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | {"DEMO": ""}, capture_output=True, text=True, timeout=300)


@pytest.mark.once
def test_cases_are_measured_and_written(tmp_path):
    cases = ["api_engagement_detail"]
    done = bench("--rows", "300", "--only", *cases, "--json", str(tmp_path / "figures.json"))

    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert [figure["name"] for figure in figures] == cases
    assert all(set(figure) == FIELDS and figure["rows"] == 300 and figure["p50_ms"] > 0 for figure in figures)
    assert figures[0]["queries"]


def test_unknown_case_is_refused_with_those_that_there_are():
    done = bench("--only", "guess")

    assert done.returncode == 1
    assert "There is no case guess" in done.stderr
    assert "api_engagement_create" in done.stderr
