"""What all tests share."""

import pytest
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
