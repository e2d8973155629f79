"""Requests that nobody thought of, made up from the schema: no fault of ours, and no answer that the schema does not know."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from crm.api.documentation import schema
from tests.crm.api.world import World

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
API = schemathesis.openapi.from_dict(schema())
API.app = get_wsgi_application()
OPERATIONS = {
    operation["operationId"]: (path, method.upper())
    for path, methods in schema()["paths"].items()
    for method, operation in methods.items()
}
#: Requests made up for each operation and caller.
EXAMPLES = 8

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Made once and rolled back; what a test makes beside it is undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def one_connection():
    """Requests in this process must not close the connection that the test's transaction is in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("role", ["administrator", "coordinator"])
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_made_up_requests(world, operation_id, role):
    with transaction.atomic():
        _probe(world, operation_id, role)
        transaction.set_rollback(True)


def _probe(world: World, operation_id: str, role: str) -> None:
    path, method = OPERATIONS[operation_id]
    caller, (resource, action) = world.caller(role), resource_of(operation_id, path)
    key = str(world.record_for(resource, action)) if "{" in path else ""
    body = world.body(resource, action) if method in ("POST", "PATCH") else {}
    operation = API[path][method]
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, turn=st.integers(0, 3))
    def probe(case: Any, turn: int) -> None:
        make_likelier(case, turn, key, body)
        with transaction.atomic():
            case.validate_response(case.call(headers=caller.headers), checks=CHECKS)
            transaction.set_rollback(True)

    probe()


def make_likelier(case: Any, turn: int, key: str, body: dict[str, Any]) -> None:
    """Wholly made-up requests seldom get past the first check: three in four are about a record that is there.

    One of these has a body that is right, one a body that is right but for what was made up.
    """
    if turn and key:
        case.path_parameters = dict.fromkeys(case.path_parameters or {}, key)
    if turn and case.method == "PATCH":
        case.headers = dict(case.headers or {}) | {"If-Match": "*"}
    if turn == 2 and isinstance(case.body, dict):
        case.body = body | dict(list(case.body.items())[:1])
    if turn == 3 and body:
        case.body = body


def resource_of(operation_id: str, path: str) -> tuple[str, str]:
    """`engagements_deliver` is (engagement, deliver)."""
    prefix = path.split("/")[3]
    return prefix.removesuffix("s"), operation_id.removeprefix(f"{prefix}_")
