"""What an installation starts with, and what it refuses to start with: always by the name of the variable."""

import pytest
from django.core.exceptions import ImproperlyConfigured

pytestmark = pytest.mark.once

UNSAFE = {
    "SECRET_KEY": ["", "short", "x" * 60, "django-insecure-" + "Qm7rT2yX9pLw4vZc8NbK1sJd6HfGa3EuRo5iYtVhWx"],
    "BASE_URL": [
        "",
        "http://guildhall.example.gov.uk",
        "guildhall.example.gov.uk",
        "https://",
        "https://a.example/crm",
    ],
    "DATABASE_URL": ["", "sqlite:////tmp/some.sqlite3", "mysql://a:b@c/d", "nonsense"],
    "REDIS_URL": ["", "http://queue", "memory://"],
    "EMAIL_URL": ["", "memorymail://", "dummymail://", "pigeon://coop"],
    "ALLOWED_HOSTS": ["*", "guildhall.example.gov.uk,*.example.gov.uk"],
    "DEMO": ["1", "true", "perhaps"],
    "SENTRY_DSN": ["sentry", "https://sentry.example/1"],
    "METRICS_TOKEN": ["1234"],
    "LOG_LEVEL": ["LOUD"],
    "LOG_FORMAT": ["xml"],
    "BRAND_COLOUR": ["teal", "#12", "red;}body{display:none"],
    "PUBLICATION_SIGN_OFF": ["perhaps"],
    "RETENTION_APPLY": ["perhaps"],
    "SMALL_NUMBERS_BELOW": ["-1", "ten"],
    "PLEDGE_QUIET_DAYS": ["-1", "ten"],
    "MEDIA_ROOT": ["media", "/proc/nothing/can/be/made/here"],
    "VAR_DIR": ["var"],
    "REPLICA_URL": ["sqlite:////tmp/some.sqlite3", "nonsense"],
    "OIDC_CLIENT_ID": ["something"],
    "OIDC_TENANT": ["something"],
    "REQUIRE_SECOND_FACTOR": ["perhaps"],
}


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in UNSAFE.items() for value in values],
    ids=lambda text: text[:40],
)
def test_production_refuses(production_with, name, value):
    with pytest.raises(ImproperlyConfigured) as refused:
        production_with(**{name: value})

    assert str(refused.value).startswith(f"{name}: ")
    assert "\n" not in str(refused.value)
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("name", ["DATABASE_URL", "EMAIL_URL", "REDIS_URL"])
def test_a_refusal_does_not_repeat_a_password(production_with, name):
    with pytest.raises(ImproperlyConfigured) as refused:
        production_with(**{name: "what://user:hunter2@host/"})

    assert "hunter2" not in str(refused.value)


def test_production_starts_with_what_a_council_would_set(production_with):
    settings = production_with()

    assert settings["PUBLIC"] and not settings["DEMO"] and not settings["DEBUG"]
    assert settings["DATABASES"]["default"]["CONN_MAX_AGE"] is None
    assert settings["SESSION_COOKIE_SECURE"] and settings["CSRF_COOKIE_SECURE"]
    assert settings["SECURE_HSTS_SECONDS"] > 0
    assert settings["CSRF_TRUSTED_ORIGINS"] == ["https://guildhall.example.gov.uk"]
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert settings["DEFAULT_FROM_EMAIL"].endswith("@guildhall.example.gov.uk>")
    assert settings["LOGGING"]["formatters"]["line"]["()"] == "config.logs.Json"


def test_a_secret_that_begins_with_a_dollar_is_taken_as_it_is(production_with):
    key = "$" + "Qm7rT2yX9pLw4vZc8NbK1sJd6HfGa3EuRo5iYtVhWxCzBnMqPl"

    assert production_with(SECRET_KEY=key)["SECRET_KEY"] == key


OIDC = {
    "OIDC_SERVER_URL": "https://login.example/tenant/v2.0/",
    "OIDC_CLIENT_ID": "guildhall",
    "OIDC_CLIENT_SECRET": "hidden",
}


def test_a_provider_is_whole_and_safe_or_stops_the_start(production_with):
    assert production_with()["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"] == []
    (app,) = production_with(**OIDC, OIDC_NAME="Entra")["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert (app["name"], app["settings"]["server_url"]) == ("Entra", "https://login.example/tenant/v2.0")
    with pytest.raises(ImproperlyConfigured, match=r"^OIDC_SERVER_URL: it must begin with https"):
        production_with(**OIDC | {"OIDC_SERVER_URL": "http://login.example"})


def test_administrators_need_a_second_step_in_public_unless_it_is_switched_off(production_with, settings_with):
    assert production_with()["REQUIRE_SECOND_FACTOR"]
    assert not production_with(REQUIRE_SECOND_FACTOR="0")["REQUIRE_SECOND_FACTOR"]
    assert not settings_with(DEMO="1")["REQUIRE_SECOND_FACTOR"]


def test_a_replica_is_read_like_the_database(production_with):
    settings = production_with(REPLICA_URL="postgres://guildhall:hidden@replica/guildhall")

    assert settings["DATABASES"]["replica"]["HOST"] == "replica"


def test_queries_are_not_compiled_unless_the_address_of_the_database_says_so(production_with):
    def options(url):
        return production_with(DATABASE_URL=url)["DATABASES"]["default"]["OPTIONS"]

    url = "postgres://guildhall:word@db/guildhall"
    assert options(url) == {"options": "-c jit=off"}
    assert options(f"{url}?sslmode=require") == {"options": "-c jit=off", "sslmode": "require"}
    assert options(f"{url}?options=-c%20jit%3Don")["options"] == "-c jit=on"


def test_the_demonstration_needs_nothing(settings_with, tmp_path):
    settings = settings_with(DEMO="1")

    assert settings["DEMO"] and not settings["PUBLIC"]
    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / "var" / "guildhall.sqlite3")
    assert settings["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert settings["REDIS_URL"] == f"unix://{tmp_path / 'var' / 'broker.sock'}"
    assert len(settings["SECRET_KEY"]) >= 50
    assert settings["EMAIL_BACKEND"] == "crm.emails.backend.Outbox"


def test_every_process_of_a_folder_has_the_same_key(settings_with, tmp_path):
    first = settings_with()["SECRET_KEY"]

    assert settings_with()["SECRET_KEY"] == first
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0
    assert settings_with(VAR_DIR=str(tmp_path / "elsewhere"))["SECRET_KEY"] != first


def test_a_variable_set_to_nothing_is_not_set(settings_with):
    settings = settings_with(
        DATABASE_URL="", REDIS_URL="", ALLOWED_HOSTS="", BASE_URL="", BRAND_COLOUR="", MEDIA_ROOT=""
    )

    assert not settings["PUBLIC"]
    assert settings["DATABASES"]["default"]["ENGINE"].endswith("sqlite3")


@pytest.mark.parametrize("hosts", ["guildhall.example.gov.uk", "localhost,10.0.0.7", "0.0.0.0", "192.168.1.4"])
def test_the_demonstration_is_refused_where_others_can_reach_it(settings_with, hosts):
    with pytest.raises(ImproperlyConfigured, match=r"^DEMO: "):
        settings_with(DEMO="1", ALLOWED_HOSTS=hosts)


@pytest.mark.parametrize("hosts", ["", "localhost", "127.0.0.1,[::1]", "127.0.0.2"])
def test_the_demonstration_runs_on_this_computer(settings_with, hosts):
    assert settings_with(DEMO="1", ALLOWED_HOSTS=hosts)["DEMO"]


def test_a_long_folder_still_has_a_socket(settings_with, tmp_path):
    long = tmp_path / ("a-folder-with-a-long-name" * 6)

    first, second = (settings_with(VAR_DIR=str(long))["REDIS_URL"] for _ in range(2))

    assert first == second
    assert len(first.removeprefix("unix://")) <= 100
