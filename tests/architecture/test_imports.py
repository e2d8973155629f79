"""One way down: config → crm → guilds, topic by topic; and the domain knows no doors."""

import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT, files, imports, is_in, name

pytestmark = pytest.mark.once

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


def importing(packages: tuple[str, ...], forbidden: tuple[str, ...]) -> list[str]:
    """Where files of some packages import what they must not."""
    found = ((path, line, module) for path in files(*packages) for line, module in imports(path))
    return [f"{name(path)}:{line} {module}" for path, line, module in found if any(is_in(module, f) for f in forbidden)]


def test_domain_knows_no_doors():
    assert not importing(("guilds",), DOORS)


def test_settings_are_read_through_django():
    """Only the benchmark starts a whole installation; everybody else takes django.conf.settings."""
    wrong = importing(("guilds", "crm"), ("config", "running"))

    assert not [line for line in wrong if not line.startswith("crm/management/commands/bench.py:")]


def test_wrong_imports_are_recognised():
    assert importing(("crm",), ("rest_framework",))


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
