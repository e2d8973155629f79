"""One way down: config → crm → guilds, topic by topic; and the domain knows no doors."""

import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT, files, imports, is_in, name

DOORS = (
    "celery",
    "kombu",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "allauth",
    "django_htmx",
    "django.http",
    "django.forms",
    "django.shortcuts",
    "django.urls",
    "django.views",
    "django.template",
    "django.core.mail",
    "django.core.cache",
    "django.contrib.admin",
    "django.db.models.signals",
    "crm",
    "config",
    "running",
)


def test_import_contracts_hold():
    check = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as check; check()", "--no-cache"]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize("path", files("guilds"), ids=name)
def test_domain_knows_no_doors(path):
    wrong = [(line, module) for line, module in imports(path) for door in DOORS if is_in(module, door)]

    assert not wrong, f"{name(path)} imports a door: {wrong}"


@pytest.mark.parametrize("path", files("guilds", "crm"), ids=name)
def test_nothing_reads_settings_files_itself(path):
    allowed = {"crm/management/commands/bench.py"}  # measures a whole installation, so it starts one

    wrong = [(line, module) for line, module in imports(path) if is_in(module, "config")]

    assert name(path) in allowed or not wrong, f"{name(path)}: take it from django.conf.settings, not {wrong}"


def test_pages_and_api_never_import_each_other():
    pages = [(name(p), m) for p in files("crm/views") for _, m in imports(p) if is_in(m, "crm.api")]
    api = [(name(p), m) for p in files("crm/api") for _, m in imports(p) if is_in(m, "crm.views")]

    assert not pages + api


def test_what_runs_before_the_environment_needs_only_python():
    """`make` on a bare checkout: everything that running.prepare loads."""
    listing = (
        "import sys, running.prepare;print(*(m for m in sys.modules if m.split('.')[0] not in sys.stdlib_module_names))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {listing}"],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "running.frontend" in loaded
    assert {module for module in loaded if not is_in(module, "running")} <= {"__main__"}
