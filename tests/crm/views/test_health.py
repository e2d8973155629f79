"""What those who watch over it are told."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from crm.views import health
from guilds.audit.models import Event, new_id


@pytest.fixture(autouse=True)
def forget():
    health._missing_migrations.cache_clear()
    yield
    health._missing_migrations.cache_clear()


def test_live_needs_nothing(client):
    """No database either: this test is not allowed one."""
    response = client.get("/health/live")

    assert response.status_code == 200
    assert response.json() == {"status": "live"}


@pytest.mark.django_db
def test_ready_when_everything_answers(client):
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "checks": {"database": "ok", "migrations": "ok", "cache": "ok", "figures": "ok"},
    }
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_before_the_migrations(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'guilds'")

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] == "failed"


@pytest.mark.django_db
def test_ready_again_once_they_have_run(client):
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name, applied FROM django_migrations WHERE app = 'guilds'")
        rows = cursor.fetchall()
        cursor.execute("DELETE FROM django_migrations WHERE app = 'guilds'")
        assert client.get("/health/ready").status_code == 503
        cursor.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", rows)

    assert client.get("/health/ready").status_code == 200


@pytest.mark.django_db
def test_not_ready_without_the_cache(client, settings, tmp_path):
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": f"unix://{tmp_path / 'nobody.sock'}"},
    }
    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json() == {
        "status": "not ready",
        "checks": {"database": "ok", "migrations": "ok", "cache": "failed"},
    }
    assert "nobody.sock" not in response.text


@pytest.mark.django_db
def test_figures_that_are_late_are_told_but_stop_nobody(client):
    event = Event.objects.create(verb="logged", subject_type="engagement", subject_id=new_id())
    Event.objects.filter(pk=event.pk).update(at=timezone.now() - timedelta(minutes=5))

    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json()["checks"]["figures"] == "late"


@pytest.mark.parametrize("address", ["/health/live", "/health/ready", "/metrics"])
def test_only_asking_is_possible(client, address):
    assert client.post(address).status_code == 405


def test_the_cache_is_the_real_one():
    """Otherwise the tests above would say nothing about the queue's server."""
    assert type(cache).__name__ != "LocMemCache"
