"""The second step: set up, asked for, replaced by a recovery code, and required of administrators."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client, TestCase
from django.urls import NoReverseMatch, reverse

from guilds.access.actions import create_api_client
from guilds.access.models import User
from guilds.mailing.models import SentMail
from tests import factories as make
from tests.crm.views.sent import words

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PASSWORD = "correct horse battery"


@pytest.fixture
def person() -> User:
    return make.make_user("administrator", password=PASSWORD)


def enter(user: User) -> tuple[Client, str]:
    """The password is right; where that leads."""
    client = Client()
    return client, client.post("/sign-in/", {"login": user.email, "password": PASSWORD}).url


def shown_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def told(user: User) -> str:
    """What the latest mail says that waits for somebody."""
    return SentMail.objects.filter(user=user, kind="account_notice").latest("queued_at").context["what"]


def set_up(client: Client) -> str:
    """An app is set up in the browser; gives its secret."""
    page = client.get("/account/security/app/").content.decode()
    secret = re.search(r"enter this key: <strong[^>]*>(\w+)<", page)[1]
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = client.post("/account/security/app/", {"code": shown_now(secret)})
    assert answer.url == "/account/security/codes/"
    return secret


def test_an_app_is_set_up_and_then_asked_for(person):
    client, _ = enter(person)
    assert client.post("/account/security/app/", {"code": "123"}).status_code == 422
    secret = set_up(client)
    assert secret not in str(Authenticator.objects.get(type="totp").data)
    assert "authenticator app was added" in told(person)
    codes = re.findall(r"<code>(\w+)</code>", client.get("/account/security/codes/").content.decode())
    assert len(codes) == 10
    assert not set(codes) & set(str(list(Authenticator.objects.values("data"))).split("'"))

    guest, led_to = enter(person)
    assert led_to == "/sign-in/second-step/"
    assert guest.get("/account/").status_code == 302
    wrong = guest.post(led_to, {"code": "000000"})
    assert (wrong.status_code, "That code is not right" in words(wrong)) == (422, True)
    assert guest.post(led_to, {"code": codes[0]}).url == "/"
    assert guest.get("/account/").status_code == 200
    again, led_to = enter(person)
    assert again.post(led_to, {"code": codes[0]}).status_code == 422
    assert again.post(led_to, {"code": codes[1]}).url == "/"


def test_a_code_by_mail_asks_for_the_second_step_too(person):
    client, _ = enter(person)
    set_up(client)
    guest = Client()
    guest.post("/sign-in/code/", {"email": person.email})
    code = re.search(r"\b\d{6}\b", mail.outbox[-1].body)[0]
    assert guest.post("/sign-in/code/confirm/", {"code": code}).url == "/sign-in/second-step/"
    assert guest.get("/").status_code == 302


def test_guessing_second_steps_ends(person):
    client, _ = enter(person)
    secret = set_up(client)
    guest, led_to = enter(person)
    for guess in range(11):
        guest.post(led_to, {"code": f"{guess:06}"})
    assert "Too many attempts" in words(guest.post(led_to, {"code": shown_now(secret)}))
    assert guest.get("/").status_code == 302


def test_administrators_set_one_up_before_anything_else_where_it_is_required(person, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    client, _ = enter(person)
    assert client.get("/").url == "/account/security/"
    assert client.get("/organisations/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/account/security/"
    assert client.get("/api/v1/guilds/").status_code == 403
    assert "Administrators need a second step" in words(client.get("/account/security/"))
    assert client.post("/sign-in/out/").status_code == 302
    client, _ = enter(person)
    set_up(client)
    assert client.get("/").status_code == 200
    assert client.get("/api/v1/guilds/").status_code == 200
    refused = client.post("/account/security/app/remove/")
    assert "Administrators need one" in words(refused)
    assert Authenticator.objects.filter(type="totp").exists()


def test_nobody_else_is_held_up_nor_a_program_nor_the_demonstration(person, settings):
    _, key = create_api_client(by=None, name="Reader", user=person, scopes=["records:read"])
    settings.REQUIRE_SECOND_FACTOR = True
    assert Client().get("/api/v1/guilds/", headers={"Authorization": f"Api-Key {key}"}).status_code == 200
    coordinator = Client()
    coordinator.force_login(make.make_coordinator())
    assert coordinator.get("/").status_code == 200
    settings.REQUIRE_SECOND_FACTOR = False
    client, _ = enter(person)
    assert client.get("/").status_code == 200


def test_removing_the_app_takes_the_codes_with_it_and_is_told_by_mail(person):
    client, _ = enter(person)
    set_up(client)
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post("/account/security/codes/new/")
    assert "New recovery codes" in told(person)
    text = client.get("/account/security/codes/file/")
    assert (text["Content-Type"], len(text.content.split())) == ("text/plain", 10)
    client.post("/account/security/app/remove/")
    assert not Authenticator.objects.exists()
    assert "was removed" in told(person)


def test_nonsense_for_a_passkey_is_refused_in_words(person):
    client, _ = enter(person)
    for credential in ("", "{}", "[]", '{"id": "x"}', "null"):
        assert client.post("/account/security/passkeys/new/", {"credential": credential}).status_code == 422
        guest = Client()
        guest.get("/sign-in/passkey/", headers={"X-Requested-With": "XMLHttpRequest"})
        turned = guest.post("/sign-in/passkey/", {"credential": credential}, follow=True)
        assert "That passkey did not work here" in words(turned)
    other = Authenticator.objects.create(user=make.make_coordinator(), type="webauthn", data={"name": "Theirs"})
    assert client.get(f"/account/security/passkeys/{other.pk}/").status_code == 404
    assert client.post(f"/account/security/passkeys/{other.pk}/remove/").status_code == 404


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email", "account_set_password",
                                  "mfa_signup_webauthn", "mfa_trust",
                                  "socialaccount_connections", "socialaccount_signup"])  # fmt: skip
def test_what_allauth_has_beside_has_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)
