"""Whatever goes wrong is told in one shape, and nothing that a stranger sends breaks anything."""

import pytest
from django.db import IntegrityError, transaction

from crm.api.reference import Guilds
from crm.api.urls import router
from tests.crm.api.bodies import BODIES, body_for
from tests.crm.api.caller import Caller, faults
from tests.factories import make_administrator, make_engagement, make_guild

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def caller() -> Caller:
    return Caller(make_administrator())


@pytest.mark.parametrize(
    "path",
    [
        "engagements/not-a-uuid/",
        "engagements/00000000-0000-0000-0000-000000000000/",
        "engagements/%00/",
        "engagements/%ff%fe/",
        "guilds/no-guild/",
        "guilds/%00/",
        "districts/%F0%9F%92%A9/",
        "nowhere/",
        "engagements",
        "engagements/x/y/z/",
        "",
    ],
)
def test_404_for_what_is_not_there(caller, path):
    make_guild()
    assert (caller.get(path).status_code, faults(caller.get(path))) == (404, {})


def test_405_says_what_is_allowed(caller):
    answer = caller.send("DELETE", "engagements/", {})
    assert (answer.status_code, answer["Allow"], faults(answer)) == (405, "GET, HEAD, POST", {})
    assert caller.send("OPTIONS", "guilds/", {}).status_code == 405
    assert caller.send("PUT", f"engagements/{make_engagement().pk}/", {}).status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[" * 100_000,
        b'{"title": NaN}',
        b"\xff\xfe",
        b'"words"',
        b"[]",
        b"3",
        b"null",
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_that_is_no_json_object_is_400(caller, body):
    answer = caller.send("POST", "engagements/", body)
    assert answer.status_code == 400
    faults(answer)


def test_415_for_what_is_no_json(caller):
    answer = caller.http.post("/api/v1/engagements/", {"title": "T"}, headers=caller.headers)
    assert (answer.status_code, faults(answer)) == (415, {})


def test_406_for_who_takes_no_json(caller):
    assert caller.get("guilds/", accept="text/csv").status_code == 406


def test_a_body_that_is_too_long_is_413(caller, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = caller.send("POST", "engagements/", b'{"title": "' + b"x" * 200 + b'"}')
    assert (answer.status_code, faults(answer)) == (413, {})


STRANGE = ["\0", "\ud800", "9" * 5000, "9999-12-31T23:59:59Z", "😀" * 300, 10**400, 1e308, True, [], {}, [[]], None]


@pytest.mark.parametrize("prefix", sorted(BODIES.keys() - {"targets"}))
def test_nothing_in_any_field_breaks_anything(caller, prefix):
    """Bodies that are all well but for one field, which holds what no form would send. What came of one is undone before
    the next, so that all are tried on the same."""
    resource = next(view for name, view, _ in router.registry if name == prefix)
    body = body_for(prefix)
    for name in resource.input._declared_fields:
        for value in STRANGE:
            with transaction.atomic():
                answer = caller.post(f"{prefix}/", body | {name: value})
                transaction.set_rollback(True)
            assert answer.status_code in (201, 400, 409), (name, str(value)[:20], answer.content)


@pytest.mark.parametrize(
    "value", ["\0", "\ud800", "9" * 5000, "-1", "1e9", "%", "0001-01-01", "9999-12-31", "true", "a" * 300]
)
def test_nothing_in_any_parameter_breaks_anything(caller, value):
    make_engagement()
    for prefix, view, _ in router.registry:
        for name in [*view.filterset_class.base_filters, "cursor", "page_size", "ordering", "count"]:
            answer = caller.get(f"{prefix}/", {name: value.encode("utf-8", "surrogatepass")})
            assert answer.status_code < 500, (prefix, name)


def test_a_fault_of_ours_is_a_problem_without_details(caller, monkeypatch, caplog):
    def break_down(self, record):
        raise RuntimeError("the secret of the house")

    make_guild()
    monkeypatch.setattr(Guilds, "represent", break_down)
    caller.http.raise_request_exception = False
    answer = caller.get("guilds/")
    assert (answer.status_code, faults(answer)) == (500, {})
    assert "secret" not in answer.content.decode()
    assert "the secret of the house" in caplog.text


def test_what_two_did_at_the_same_moment_is_a_conflict(caller, monkeypatch):
    def collide(self, record):
        raise IntegrityError

    make_guild()
    monkeypatch.setattr(Guilds, "represent", collide)
    assert caller.get("guilds/").status_code == 409
