"""docker-compose.yml and Dockerfile: right by the schema, nothing secret, nobody root, everything there that they name."""

import re
import subprocess
import sys

import pytest
import yaml

from running.places import ROOT

pytestmark = pytest.mark.once

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = ("migrate", "web", "worker", "beat")


def test_the_file_is_right_by_the_compose_schema():
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


def test_all_services_are_there():
    assert set(COMPOSE["services"]) == {"database", "queue", *OURS}


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_that_stays_is_watched(name):
    assert COMPOSE["services"][name]["healthcheck"]


@pytest.mark.parametrize("name", OURS)
def test_ours_can_write_nothing_but_what_they_keep(name):
    service = COMPOSE["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["volumes"] == ["kept:/var/lib/guildhall"]


def test_nothing_of_ours_starts_before_what_it_needs():
    for name in ("web", "worker", "beat"):
        needed = COMPOSE["services"][name]["depends_on"]
        assert needed["migrate"] == {"condition": "service_completed_successfully"}
        assert needed["database"] == needed["queue"] == {"condition": "service_healthy"}


def test_only_the_web_server_is_reached_and_only_through_a_proxy():
    ports = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}

    assert ports == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_every_variable_of_the_configuration_can_be_set():
    variables = COMPOSE["services"]["web"]["environment"]

    assert variables.keys() >= {
        "SECRET_KEY",
        "DATABASE_URL",
        "REDIS_URL",
        "REPLICA_URL",
        "ALLOWED_HOSTS",
        "BASE_URL",
        "EMAIL_URL",
        "MEDIA_ROOT",
        "SENTRY_DSN",
    }
    assert "DEMO" not in variables


@pytest.mark.parametrize("name", ["SECRET_KEY", "POSTGRES_PASSWORD", "ALLOWED_HOSTS", "BASE_URL", "EMAIL_URL"])
def test_what_must_be_given_has_no_value_in_the_file(name):
    text = (ROOT / "docker-compose.yml").read_text()

    assert re.findall(rf"\$\{{{name}:\?[^}}]+\}}", text)
    assert not re.findall(rf"\$\{{{name}(:-[^}}]*)?\}}", text)


def test_the_image_is_not_run_by_root_and_installs_by_hash():
    last = DOCKERFILE.rpartition("FROM ")[2]

    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert last.index("USER ") > last.rindex("RUN ")
    assert "--require-hashes" in DOCKERFILE
    assert not re.search(r"(SECRET_KEY|PASSWORD|TOKEN)\s*=", DOCKERFILE)


def test_everything_that_the_image_copies_is_there():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()

    for path in " ".join(copied).split():
        assert (ROOT / path).exists(), path
        assert f"!{path.strip('/').split('/')[0]}" in ignored, path


def test_the_image_runs_what_the_services_run():
    assert COMPOSE["services"]["web"]["command"] == ["gunicorn", "config.wsgi", "--config", "config/gunicorn.conf.py"]
    assert 'CMD ["gunicorn", "config.wsgi", "--config", "config/gunicorn.conf.py"]' in DOCKERFILE
