"""Who may call: with a key, with the browser's session, or not at all."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from guilds.access.actions import revoke_api_client
from guilds.access.models import ApiClient
from tests.crm.api.caller import Caller, faults
from tests.factories import make_administrator, make_commission_member, make_coordinator, make_engagement, make_guild

pytestmark = pytest.mark.django_db


def made_key(*args: str) -> str:
    out = StringIO()
    call_command("create_api_client", *args, stdout=out)
    return out.getvalue().splitlines()[-1]


def test_the_command_prints_a_key_that_opens_the_door():
    user = make_coordinator()
    key = made_key("Reporting", "--user", user.email.upper(), "--scope", "records:read", "impact:read")

    answer = Client().get("/api/v1/engagements/", headers={"Authorization": f"Api-Key {key}"})
    assert answer.status_code == 200
    client = ApiClient.objects.get()
    assert (client.name, client.user, client.scopes) == ("Reporting", user, ["impact:read", "records:read"])
    assert key not in str(ApiClient.objects.values().get())


@pytest.mark.parametrize(("user", "scope"), [("nobody@guildhall.example", "records:read"), (None, "everything")])
def test_the_command_refuses_strangers_and_unknown_scopes(user, scope):
    with pytest.raises(CommandError):
        made_key("X", "--user", user or make_coordinator().email, "--scope", scope)
    assert not ApiClient.objects.exists()


@pytest.mark.parametrize("given", [None, "Api-Key", "Api-Key wrong", "Api-Key k\xe9y", "Bearer abc", "Basic YTpi", ""])
def test_without_a_key_that_is_known_401_says_what_is_wanted(given):
    answer = Client().get("/api/v1/engagements/", headers={"Authorization": given} if given is not None else {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Api-Key")
    assert faults(answer) == {}


def test_a_revoked_key_opens_nothing(coordinator):
    revoke_api_client(by=coordinator.user, client=coordinator.client)
    assert coordinator.get("engagements/").status_code == 401


def test_a_key_of_somebody_inactive_opens_nothing(coordinator):
    coordinator.user.is_active = False
    coordinator.user.save()
    assert coordinator.get("engagements/").status_code == 401


def test_the_browsers_session_will_do_with_its_token():
    make_guild()
    user, body = make_coordinator(), '{"title": "T", "kind": "assembly", "starts_at": "2017-03-14T10:00:00Z"}'
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    def post(**headers):
        return browser.post("/api/v1/engagements/", body, content_type="application/json", headers=headers)

    assert browser.get("/api/v1/engagements/").status_code == 200
    refused = post()
    assert (refused.status_code, faults(refused)) == (403, {})
    token = "a" * 32
    browser.cookies["csrftoken"] = token
    assert post(**{"X-CSRFToken": token}).status_code == 201


SCOPED = [
    # scopes, method, path, status
    (("records:read",), "GET", "engagements/", 200),
    (("records:read",), "GET", "engagements/{id}/", 200),
    (("records:read",), "POST", "engagements/", 403),
    (("records:read",), "POST", "engagements/{id}/confirm/", 403),
    (("records:read",), "PATCH", "engagements/{id}/", 403),
    (("records:read",), "GET", "impact/summary/", 403),
    (("records:read",), "GET", "impact/evidence/", 403),
    (("records:read",), "GET", "targets/", 200),
    (("records:write",), "GET", "engagements/", 403),
    (("records:write",), "POST", "engagements/", 400),
    (("records:write",), "PATCH", "engagements/{id}/", 428),
    (("records:write",), "POST", "engagements/{id}/confirm/", 200),
    (("records:write",), "GET", "impact/summary/", 403),
    (("impact:read",), "GET", "engagements/", 403),
    (("impact:read",), "GET", "contacts/", 403),
    (("impact:read",), "GET", "impact/summary/", 400),
    (("impact:read",), "GET", "impact/evidence/", 400),
    (("impact:read",), "GET", "targets/", 200),
    (("impact:read",), "POST", "targets/", 403),
    (("impact:read",), "GET", "guilds/", 200),
]


@pytest.mark.parametrize(("scopes", "method", "path", "status"), SCOPED)
def test_scopes_narrow_what_the_owner_may_do(scopes, method, path, status):
    engagement = make_engagement()
    caller = Caller(make_administrator(), scopes)
    path = path.format(id=engagement.pk)
    answer = caller.get(path) if method == "GET" else caller.send(method, path, {})
    assert answer.status_code == status, answer.content


def test_scopes_never_widen_it():
    caller = Caller(make_commission_member())
    assert caller.post("engagements/", {}).status_code == 403
