"""The settings, read anew with other variables."""

import os
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SETTINGS = Path(__file__).resolve().parents[2] / "config" / "settings.py"
#: What a council would set.
PRODUCTION = {
    "ALLOWED_HOSTS": "guildhall.example.gov.uk",
    "SECRET_KEY": "Qm7rT2yX9pLw4vZc8NbK1sJd6HfGa3EuRo5iYtVhWxCzBnMqPl",
    "BASE_URL": "https://guildhall.example.gov.uk",
    "DATABASE_URL": "postgres://guildhall:hidden@database:5432/guildhall",
    "REDIS_URL": "redis://queue:6379/0",
    "EMAIL_URL": "smtp+tls://guildhall:hidden@mail.example.gov.uk:587",
}
NAMES = (
    *PRODUCTION,
    "DEMO",
    "REPLICA_URL",
    "MEDIA_ROOT",
    "SENTRY_DSN",
    "METRICS_TOKEN",
    "LOG_LEVEL",
    "LOG_FORMAT",
    "BRAND_COLOUR",
    "ORGANISATION_NAME",
    "PUBLICATION_SIGN_OFF",
    "RETENTION_APPLY",
    "REQUIRE_SECOND_FACTOR",
    "SMALL_NUMBERS_BELOW",
    "PLEDGE_QUIET_DAYS",
    "DEFAULT_FROM_EMAIL",
)


@pytest.fixture
def settings_with(tmp_path, monkeypatch) -> Callable[..., dict[str, Any]]:
    """Call with variables: gives the settings that they make. None unsets one."""

    def read(**variables: str | None) -> dict[str, Any]:
        for name in [*NAMES, *(name for name in os.environ if name.startswith("OIDC_"))]:
            monkeypatch.delenv(name, raising=False)
        for name, value in ({"VAR_DIR": str(tmp_path / "var")} | variables).items():
            if value is not None:
                monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return read


@pytest.fixture
def production_with(settings_with) -> Callable[..., dict[str, Any]]:
    """The same, on top of what a council would set."""
    return lambda **variables: settings_with(**(PRODUCTION | variables))
