"""Signing in: by code, by password, in the demonstration by a button; never by guessing, never to another site."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler

from crm.views.sign_in import DEMONSTRATION_PEOPLE
from guilds.access.models import Role, User

PASSWORD = "correct horse battery"
PEOPLE_HEADING = "Look around as somebody"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits():
    """Rate limits live in the cache, which outlasts a test."""
    cache.clear()


@pytest.fixture
def coordinator() -> User:
    user = User(email="hospitality@guildhall.example", name="Hal Pike", role=Role.COORDINATOR)
    user.set_password(PASSWORD)
    user.save()
    return user


def sent_code() -> str:
    return re.search(r"\b\d{6}\b", mail.outbox[-1].body)[0]


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def ask_for_code(client, email: str, **more):
    return client.post("/sign-in/code/", {"email": email, **more})


def test_code_by_mail_signs_in(client, coordinator):
    asked = ask_for_code(client, coordinator.email)
    answer = client.post("/sign-in/code/confirm/", {"code": sent_code()})

    assert asked.url == "/sign-in/code/confirm/"
    assert answer.url == "/"
    assert signed_in(client)
    assert mail.outbox[-1].to == [coordinator.email]


def test_code_goes_on_to_the_page_that_was_wanted(client, coordinator):
    asked = ask_for_code(client, coordinator.email, next="/impact/")

    assert client.post(asked.url, {"code": sent_code()}).url == "/impact/"


def test_unknown_address_gets_the_same_answer_and_no_mail(client, coordinator):
    known = ask_for_code(client, coordinator.email)
    page_for_known = client.get(known.url).content.decode().replace(coordinator.email, "")
    client.cookies.clear()
    mail.outbox.clear()
    unknown = ask_for_code(client, "stranger@example.org")
    page_for_unknown = client.get(unknown.url).content.decode().replace("stranger@example.org", "")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert without_tokens(page_for_known) == without_tokens(page_for_unknown)
    assert mail.outbox == []


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_wrong_code_is_refused_and_after_three_even_the_right_one(client, coordinator):
    ask_for_code(client, coordinator.email)
    right = sent_code()
    wrong = "000000" if right != "000000" else "111111"
    answers = [client.post("/sign-in/code/confirm/", {"code": wrong}) for _ in range(3)]
    client.post("/sign-in/code/confirm/", {"code": right})

    assert "That code is not right" in answers[0].content.decode()
    assert answers[2].status_code == 302
    assert not signed_in(client)


def test_code_is_of_no_use_after_ten_minutes(client, coordinator, time_machine):
    time_machine.move_to("2026-11-24 10:00:00+00:00", tick=False)
    ask_for_code(client, coordinator.email)
    code = sent_code()
    time_machine.move_to("2026-11-24 10:10:01+00:00", tick=False)
    client.post("/sign-in/code/confirm/", {"code": code})

    assert not signed_in(client)


def test_codes_asked_for_too_often_are_refused(client, coordinator):
    for _ in range(4):
        last = ask_for_code(client, coordinator.email)

    assert len(mail.outbox) == 3
    assert "Too many attempts" in last.content.decode()


def test_password_signs_in(client, coordinator):
    answer = client.post("/sign-in/", {"login": "Hospitality@Guildhall.example", "password": PASSWORD})

    assert answer.url == "/"
    assert signed_in(client)


@pytest.mark.parametrize("email", ["hospitality@guildhall.example", "stranger@example.org"])
def test_wrong_password_says_the_same_for_everybody(client, coordinator, email):
    answer = client.post("/sign-in/", {"login": email, "password": "guess"})

    assert "The e-mail address or password is not right" in answer.content.decode()
    assert not signed_in(client)


def test_passwords_tried_too_often_are_refused_even_if_right(client, coordinator):
    for _ in range(5):
        client.post("/sign-in/", {"login": coordinator.email, "password": "guess"})
    client.post("/sign-in/", {"login": coordinator.email, "password": PASSWORD})

    assert not signed_in(client)


def test_closed_account_does_not_get_in(client, coordinator):
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    client.post("/sign-in/", {"login": coordinator.email, "password": PASSWORD})
    ask_for_code(client, coordinator.email)

    assert not signed_in(client)
    assert mail.outbox == []


def test_empty_forms_say_what_to_enter(client):
    assert "Enter your e-mail address" in ask_for_code(client, "").content.decode()
    assert "Enter your password" in client.post("/sign-in/", {"login": "a@example.org"}).content.decode()


def test_nobody_is_sent_to_another_site(client, coordinator):
    details = {"login": coordinator.email, "password": PASSWORD, "next": "https://elsewhere.example/"}

    assert client.post("/sign-in/", details).url == "/"


def test_signing_out_ends_the_session(client, coordinator):
    client.force_login(coordinator)
    client.post("/sign-in/out/")

    assert not signed_in(client)


def test_a_mere_link_signs_nobody_out(client, coordinator):
    client.force_login(coordinator)

    assert client.get("/sign-in/out/").status_code == 405
    assert signed_in(client)


def test_nobody_can_sign_up(client):
    assert client.get("/sign-in/signup/").status_code == 404


def test_demonstration_signs_in_by_button(client, coordinator, settings):
    settings.DEMO = True
    page = client.get("/sign-in/?next=/impact/").content.decode()
    answer = client.post("/sign-in/demonstration/", {"email": coordinator.email, "next": "/impact/"})

    assert PEOPLE_HEADING in page
    assert f'value="{coordinator.email}"' in page
    assert DEMONSTRATION_PEOPLE[coordinator.email] in page
    assert answer.url == "/impact/"
    assert signed_in(client)


def test_demonstration_offers_only_people_who_are_there(client, coordinator, settings):
    settings.DEMO = True

    assert client.get("/sign-in/").content.decode().count('name="email" value=') == 1


def test_without_demonstration_there_are_no_buttons_and_no_way_round(client, coordinator, settings):
    settings.DEMO = False

    assert PEOPLE_HEADING not in client.get("/sign-in/").content.decode()
    assert client.post("/sign-in/demonstration/", {"email": coordinator.email}).status_code == 404
    assert not signed_in(client)


def test_demonstration_does_not_sign_in_anybody_else(client, settings):
    settings.DEMO = True
    User.objects.create(email="real@example.org", name="Real", role=Role.ADMINISTRATOR)

    assert client.post("/sign-in/demonstration/", {"email": "real@example.org"}).status_code == 404


def test_a_code_never_entered_does_not_bar_the_page(client, coordinator):
    ask_for_code(client, coordinator.email)

    assert client.get("/sign-in/").status_code == 200


def test_a_code_is_sent_once_the_answer_is_out_so_that_time_tells_nothing(rf, coordinator):
    """What a stranger waits for is what somebody known waits for: the mail server comes after."""
    request = rf.post("/sign-in/code/", {"email": coordinator.email})
    request._dont_enforce_csrf_checks = True
    response = WSGIHandler().get_response(request)
    assert response.url == "/sign-in/code/confirm/"
    assert mail.outbox == []
    response.close()
    assert mail.outbox[-1].to == [coordinator.email]


def test_a_code_is_used_once(client, coordinator):
    ask_for_code(client, coordinator.email)
    code = sent_code()
    client.post("/sign-in/code/confirm/", {"code": code})
    client.post("/sign-in/out/")
    client.post("/sign-in/code/confirm/", {"code": code})
    assert not signed_in(client)


def test_a_mail_server_that_is_away_looks_the_same_to_everybody(client, coordinator, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("crm.adapters.send_at_once", away)
    known, unknown = (ask_for_code(client, email) for email in (coordinator.email, "stranger@example.org"))
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
