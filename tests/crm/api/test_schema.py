"""The schema is complete and true. Its pages are looked at in journeys/test_api_pages.py."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework import serializers

from crm.api.documentation import schema
from crm.api.urls import router
from guilds.impact import cells
from guilds.impact.targets import set_target
from guilds.importing.models import Import, ImportRow
from tests.crm.api.bodies import BODIES, body_for
from tests.crm.api.caller import Caller
from tests.factories import make_administrator


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_schema_is_valid_and_nothing_in_it_was_guessed(settings):
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


@pytest.mark.django_db
def test_it_is_served_as_json_and_as_yaml(client):
    answer = client.get("/api/v1/schema/")
    assert answer.json()["openapi"].startswith("3.")
    assert b"openapi: 3." in client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi"}).content


def test_every_operation_says_who_may_and_how_it_refuses():
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(ids) == len(set(ids)) > 60
    for path, method, operation in operations():
        assert {"apiKey": []} in operation["security"], path
        refusals = {code: answer for code, answer in operation["responses"].items() if code >= "400"}
        assert {"400", "401", "403"} <= refusals.keys()
        for answer in refusals.values():
            [media_type] = answer["content"]
            assert media_type == "application/problem+json"
        names = {(parameter["in"], parameter["name"]) for parameter in operation["parameters"]}
        assert (("header", "Idempotency-Key") in names) == (method == "post"), path
        if method == "patch":
            assert ("header", "If-Match") in names
            assert {"412", "428"} <= refusals.keys()
        if "{" in path:
            assert "404" in refusals


def test_filters_of_lists_are_in_it():
    [listing] = [
        operation for path, method, operation in operations() if (path, method) == ("/api/v1/engagements/", "get")
    ]
    names = {parameter["name"] for parameter in listing["parameters"]}
    assert names == {
        "q", "guild", "kind", "status", "district", "from", "to", "provider", "employer", "missing_numbers",
        "reference", "cursor", "page_size", "ordering", "count",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", [prefix for prefix, _, _ in router.registry])
def test_answers_have_the_fields_that_the_schema_says(prefix):
    """Answers are made by hand, for speed; this is what holds them to their shapes."""
    caller = Caller(make_administrator())
    _make_one(caller, prefix)
    shape = next(view.shape for name, view, _ in router.registry if name == prefix)
    [*rows] = caller.get(f"{prefix}/").json()["results"]
    assert rows
    for row in rows:
        assert_like(shape(), row)


def _make_one(caller: Caller, prefix: str) -> None:
    if prefix in BODIES:
        assert caller.post(f"{prefix}/", body_for(prefix)).status_code == 201
    elif prefix == "allocations":
        pledge = caller.post("pledges/", body_for("pledges") | {"status": "open"}).json()
        school = caller.post("organisations/", {"name": "A school", "provider": {"kind": "secondary"}}).json()
        assert caller.post(f"{pledge['url']}allocate/", {"provider": school["id"], "quantity": 1}).status_code == 201
    elif prefix == "imports":
        batch = Import.objects.create(kind="pledges", filename="pledges.csv")
        ImportRow.objects.create(batch=batch, row=2, outcome="refused", field="kind", message="No")
    else:
        body_for("engagements")


def assert_like(shape: Any, shown: dict[str, Any]) -> None:
    """The same names all the way down."""
    required = {name for name, field in shape.fields.items() if field.required}
    assert required <= shown.keys() <= shape.fields.keys()
    for name, field in shape.fields.items():
        inner = getattr(field, "child", field)
        if hasattr(inner, "fields") and shown.get(name):
            for one in _each(field, shown[name]):
                assert_like(inner, one)


def _each(field: Any, value: Any) -> list:
    if isinstance(field, serializers.DictField):
        return list(value.values())
    return value if isinstance(value, list) else [value]


@pytest.mark.django_db
def test_figures_have_the_fields_that_the_schema_says():
    from crm.api.impact_shapes import EvidencePageShape, SummaryShape

    caller = Caller(make_administrator())
    caller.post("engagements/", body_for("engagements") | {"status": "delivered"})
    set_target(by=None, measure="encounters", period="2016-17", value=10)
    cells.refresh()
    assert_like(SummaryShape(), caller.get("impact/summary/", {"period": "2016-17", "by": "guild"}).json())
    assert_like(
        EvidencePageShape(), caller.get("impact/evidence/", {"period": "2016-17", "measure": "encounters"}).json()
    )
