"""Signing in by OpenID Connect, with a small provider that answers on this computer: only for people who are known here."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from guilds.access import actions
from guilds.access.models import User
from tests import factories as make
from tests.crm.views.sent import words

pytestmark = pytest.mark.django_db
LEAVE, BACK = "/sign-in/with/oidc/", "/sign-in/with/oidc/back/"


class Provider(HTTPServer):
    """`claims`: what it says of whoever signs in there; `asked`: the forms that were sent for a token."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.claims: dict = {}
        self.asked: list[dict] = []
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def token(self) -> dict:
        now = int(time.time())
        claims = {"iss": self.address, "aud": "guildhall", "iat": now, "exp": now + 300} | self.claims
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})
        return {"access_token": "open", "token_type": "Bearer", "expires_in": 300, "id_token": signed}


class Answers(BaseHTTPRequestHandler):
    """Discovery, the token and who it is."""

    server: Provider

    def do_GET(self) -> None:
        at = self.server.address
        self._say({
            "/.well-known/openid-configuration": {
                "issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
                "userinfo_endpoint": f"{at}/me", "jwks_uri": f"{at}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
            "/me": self.server.claims,
        }[self.path])  # fmt: skip

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append({name: values[0] for name, values in parse_qs(sent).items()})
        self._say(self.server.token())

    def _say(self, answer: dict) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def provider(settings):
    server = Provider()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    app = {"provider_id": "oidc", "name": "Entra", "client_id": "guildhall", "secret": "hidden",
           "settings": {"server_url": server.address}}  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def person() -> User:
    return make.make_user("coordinator", guilds=["sciences"], password="correct horse battery")


def come(provider, client=None, **claims):
    """There, and back with a code."""
    client = client or Client()
    provider.claims = {"sub": "1234", "name": "Pat"} | claims
    there = client.post(f"{LEAVE}?next=/organisations/")
    state = parse_qs(urlsplit(there.url).query)["state"][0]
    assert there.url.startswith(f"{provider.address}/authorize?")
    return client, client.get(BACK, {"state": state, "code": "once"})


def test_somebody_known_by_a_verified_address_comes_in(provider, person):
    assert "Sign in with Entra" in words(Client().get("/sign-in/"))
    client, answer = come(provider, email=person.email.upper(), email_verified=True)

    assert answer.url == "/organisations/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert provider.asked[0]["client_secret"] == "hidden"
    assert provider.asked[0]["code_verifier"]
    person.refresh_from_db()
    assert person.check_password("correct horse battery")
    _, again = come(provider, email="renamed@place.example", email_verified=False)
    assert again.url == "/organisations/"


@pytest.mark.parametrize("claims", [
    {"email_verified": True}, {"email_verified": True, "email": "stranger@place.example"},
    {"email_verified": False, "email": "own"}, {"email": "own"}, {"email_verified": "false", "email": "own"},
])  # fmt: skip
def test_anybody_else_is_turned_away_and_nothing_is_kept(provider, person, claims):
    claims = {name: person.email if value == "own" else value for name, value in claims.items()}
    client, answer = come(provider, **claims)

    assert answer.url == "/sign-in/"
    assert "_auth_user_id" not in client.session
    assert "Nobody here has the e-mail address" in words(client.get("/sign-in/"))
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 1


def test_entras_own_word_for_a_verified_address_counts(provider, person):
    client, _ = come(provider, email=person.email, xms_edov=True)
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_closed_account_stays_closed(provider, person):
    come(provider, email=person.email, email_verified=True)
    actions.close_account(by=None, user=person)
    client, _ = come(provider, email=person.email, email_verified=True)
    assert "_auth_user_id" not in client.session


def test_a_link_does_not_lead_there_and_a_made_up_answer_not_in(provider, person):
    assert Client().get(LEAVE).status_code == 405
    assert Client().post("/sign-in/with/another/").status_code == 404
    provider.claims = {"sub": "1", "email": person.email, "email_verified": True}
    client = Client()
    for sent in ({"state": "guessed", "code": "once"}, {"error": "access_denied"}, {}):
        assert client.get(BACK, sent, follow=True).redirect_chain[-1][0] == "/sign-in/"
    assert "_auth_user_id" not in client.session
