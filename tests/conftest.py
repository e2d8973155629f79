"""What all tests share."""

import pytest
from django.conf import settings
from django.core.cache import cache


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
