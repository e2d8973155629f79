"""What all tests share."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

#: Pages, forms and documents show what the domain and the API have been asked on both; the demonstration runs on SQLite.
SHOWN = ("tests/crm/views/", "tests/crm/forms/", "tests/crm/documents/", "tests/crm/histories/", "tests/journeys/",
         "tests/crm/demonstration/")  # fmt: skip
#: Except the job that everything is for, in a browser and on either database.
MAIN_JOB = "tests/journeys/test_main_job.py"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What only shows runs once (docs/decisions/which-tests-run-twice.md)."""
    for item in items:
        if item.nodeid.startswith(SHOWN) and not item.nodeid.startswith(MAIN_JOB):
            item.add_marker(pytest.mark.once)


@pytest.fixture(autouse=True)
def fresh_cache():
    """Rate limits and the like must not outlast a test."""
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def static_files_as_in_production():
    """Live servers serve static files as the real one does, by WhiteNoise; not Django's own way, which knows no digests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.contrib.staticfiles.handlers.StaticFilesHandler", lambda application: application)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request):
    """SQLite in a file, as the demonstration has it: in memory, threads lock each other out."""
    default = settings.DATABASES["default"]
    if default["ENGINE"].endswith("sqlite3"):
        default.setdefault("TEST", {})["NAME"] = str(settings.VAR_DIR / "test.sqlite3")
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """PostgreSQL notices late that a server which a test has killed is gone, and drops no database that is in use."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
