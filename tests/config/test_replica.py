"""A replica answers for figures only, and only to who just reads them."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.replica import FIGURES, FiguresFromReplica, Router
from guilds.access.models import User
from guilds.engagement.models import Engagement
from guilds.impact import models as impact

pytestmark = pytest.mark.once


def asked_during(method: str, path: str, model) -> str | None:
    """Which database the router picks for a model within such a request."""
    picked: list[str | None] = []

    def view(request):
        picked.append(Router().db_for_read(model))
        return HttpResponse()

    FiguresFromReplica(view)(RequestFactory().generic(method, path))
    assert Router().db_for_read(model) is None, "the mark outlasts its request"
    return picked[0]


@pytest.mark.parametrize(
    ("method", "path", "model", "database"),
    [
        ("GET", "/impact/", impact.Cell, "replica"),
        ("GET", "/api/v1/impact/summary/", impact.Freshness, "replica"),
        ("GET", "/impact/", User, None),
        ("GET", "/impact/evidence/", Engagement, None),
        ("GET", "/engagements/", impact.Cell, None),
        ("POST", "/impact/", impact.Cell, None),
    ],
)
def test_who_is_answered_by_the_replica(method, path, model, database):
    assert asked_during(method, path, model) == database


def test_the_replica_is_never_migrated():
    assert Router().allow_migrate("replica", "guilds") is False
    assert Router().allow_migrate("default", "guilds") is None


def test_the_tables_of_figures_exist():
    assert {getattr(impact, label.removeprefix("guilds."))._meta.label for label in FIGURES} == FIGURES


def test_settings_with_a_replica_route_to_it(production_with):
    settings = production_with(REPLICA_URL="postgres://guildhall:hidden@replica/guildhall")

    assert settings["DATABASE_ROUTERS"] == ["config.replica.Router"]
    assert "config.replica.FiguresFromReplica" in settings["MIDDLEWARE"]


def test_settings_without_a_replica_route_nowhere(production_with):
    settings = production_with()

    assert "DATABASE_ROUTERS" not in settings
    assert "config.replica.FiguresFromReplica" not in settings["MIDDLEWARE"]
