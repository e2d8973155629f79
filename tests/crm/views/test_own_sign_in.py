"""One's own sign-in: name, address (proved by a code), password, and the browsers that one is signed in with."""

import re
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from guilds.access.models import User
from guilds.access.sign_ins import SignIn
from guilds.mailing.models import SentMail
from tests import factories as make
from tests.crm.views.sent import words

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"
_tokens = iter(f"{number:032}" for number in range(1000))


def send(client, address: str, **fields):
    return client.post(address, {"form_token": next(_tokens)} | fields)


def door(user, agent: str = FIREFOX) -> Client:
    """Signed in by password, as a browser does it."""
    client = Client(headers={"User-Agent": agent})
    client.post("/sign-in/", {"login": user.email, "password": PASSWORD})
    assert client.get("/account/").status_code == 200
    return client


@pytest.fixture
def person() -> User:
    return make.make_user("coordinator", guilds=["sciences"], password=PASSWORD)


def later(seconds: int) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def code() -> str:
    return re.search(r"\b\d{6}\b", mail.outbox[-1].body)[0]


def test_browsers_are_listed_in_words_and_signed_out(person):
    desk, phone = door(person), door(person, SAFARI)
    page = words(desk.get("/account/sessions/"))
    assert "Firefox on Windows This one" in page
    assert "Safari on an iPhone" in page
    assert not {"ip", "address"} & {field.name for field in SignIn._meta.fields}
    other = SignIn.objects.get(device="Safari on an iPhone")
    stranger = Client()
    stranger.force_login(make.make_coordinator())
    assert stranger.post(f"/account/sessions/{other.pk}/end/").status_code == 404
    desk.post(f"/account/sessions/{other.pk}/end/")
    assert phone.get("/account/").status_code == 302
    again = door(person, SAFARI)
    again.post("/account/sessions/end/")
    assert (desk.get("/account/").status_code, again.get("/account/").status_code) == (302, 200)
    mine = SignIn.objects.get(user=person)
    assert again.post(f"/account/sessions/{mine.pk}/end/").url == "/sign-in/"
    assert again.get("/account/").status_code == 302


def test_an_address_changes_by_a_code_sent_to_it_and_the_old_one_is_told(person):
    client, old = door(person), person.email
    asked = send(client, "/account/email/", email="New@Place.example")
    assert asked.url == "/account/email/code/"
    assert mail.outbox[-1].to == ["new@place.example"]
    wrong = "000000" if code() != "000000" else "111111"
    right = code()
    assert send(client, asked.url, code=wrong).status_code == 422
    send(client, asked.url, code=right)
    person.refresh_from_db()
    assert person.email == "new@place.example"
    assert mail.outbox[-1].to == [old]
    assert client.get(asked.url).status_code == 302
    before = len(mail.outbox)
    Client().post("/sign-in/code/", {"email": old})
    assert len(mail.outbox) == before
    assert not EmailAddress.objects.exists()


def test_a_code_for_an_address_is_tried_three_times_and_for_ten_minutes(person, time_machine):
    client = door(person)
    for _ in range(2):
        send(client, "/account/email/", email="new@place.example")
    right = code()
    for guess in range(3):
        send(client, "/account/email/code/", code=f"x{guess}")
    assert send(client, "/account/email/code/", code=right).url == "/account/email/"
    send(client, "/account/email/", email="new@place.example")
    right = code()
    time_machine.move_to(later(601))
    assert send(client, "/account/email/code/", code=right).url == "/account/email/"
    assert User.objects.get(pk=person.pk).email == person.email


def test_an_address_of_somebody_else_gets_the_same_answer_and_no_mail(person):
    other = make.make_coordinator()
    client = door(person)
    taken, free = (send(client, "/account/email/", email=email) for email in (other.email, "free@place.example"))
    assert (taken.status_code, taken.url) == (free.status_code, free.url)
    assert [message.to for message in mail.outbox] == [["free@place.example"]]
    statuses = [send(client, "/account/email/", email="free@place.example").status_code for _ in range(4)]
    assert statuses[-1] == 422


def test_a_password_is_long_and_signs_other_browsers_out(person):
    here, there = door(person), door(person)
    assert "at least 12 characters" in words(send(here, "/account/password/", password="password1234"[:11]))
    send(here, "/account/password/", password="four words nobody guesses")
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert SentMail.objects.filter(user=person, kind="account_notice").exists()
    assert len(words(here.get("/account/sessions/")).split("This one")) == 2
    person.refresh_from_db()
    assert person.check_password("four words nobody guesses")


def test_a_sign_in_of_long_ago_proves_again_that_it_is_oneself(person, time_machine):
    client = door(person)
    time_machine.move_to(later(901))
    led_on = client.get("/account/password/")
    assert led_on.url.startswith("/account/security/again/?next=")
    assert send(client, led_on.url, password="guess").status_code == 422
    assert send(client, led_on.url, password=PASSWORD, next="/account/password/").url == "/account/password/"
    assert client.get("/account/password/").status_code == 200


def test_a_name_is_ones_own_to_change(person):
    client = door(person)
    assert send(client, "/account/name/", name=" ").status_code == 422
    send(client, "/account/name/", name="Robin Renamed")
    assert "Robin Renamed" in words(client.get("/account/"))


def test_members_have_no_password_page():
    client = Client()
    client.force_login(make.make_employer_member())
    assert client.get("/account/password/").status_code == 403
    assert "Colleagues" in words(client.get("/account/"))
