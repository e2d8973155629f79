"""Mail: sent once, after the change is in; never to those who asked for none; each says why it came and how to stop it."""

import json
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from crm.emails import sending, stopping
from crm.emails.examples import EXAMPLES
from crm.emails.rendering import render
from guilds.access.actions import correct_user
from guilds.audit.models import Event
from guilds.mailing import actions
from guilds.mailing.kinds import KINDS
from guilds.mailing.models import MailStatus, SentMail
from guilds.organisations.actions import correct_contact
from tests.factories import (
    make_administrator,
    make_commission_member,
    make_contact,
    make_coordinator,
    make_employer_member,
    make_engagement,
    make_school_member,
)

pytestmark = pytest.mark.django_db
NEWS = {"headline": "Bed & breakfast", "what": "Something <new>"}


def post(kind="news", **more):
    """What a transaction that sends a mail leads to, once it is in and the worker has had its turn."""
    noted = sending.send(kind, context=NEWS, **more)
    return noted and sending.deliver(noted.pk)


def test_every_kind_renders_with_why_and_how_to_stop():
    for kind in KINDS.values():
        stop = "" if kind.required else "https://guilds.example/mail/stop/x/"
        words = render(kind.slug, {"name": "Sam", "stop_address": stop} | EXAMPLES[kind.slug])

        assert words.subject
        assert "\n" not in words.subject
        for whole in (words.text, words.html):
            assert "Kent County Council" in whole
            assert kind.why in whole
            assert (stop or "switched off") in whole
        assert "<style" not in words.html
        assert 'style="' in words.html


def test_a_mail_has_text_html_and_one_press_headers_and_keeps_no_words():
    user = make_coordinator()
    assert post(to=user)

    (message,) = mail.outbox
    kept = SentMail.objects.get()
    assert message.to == [user.email]
    assert message.subject == "Bed & breakfast"
    assert "Something <new>" in message.body
    assert "Something &lt;new&gt;" in message.alternatives[0].content
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stopping.address_for(user, "news") in message.extra_headers["List-Unsubscribe"]
    assert (kept.status, kept.context, kept.user) == (MailStatus.SENT, {}, user)
    assert not sending.deliver(kept.pk)
    assert len(mail.outbox) == 1


def test_who_asked_for_none_gets_none():
    contact = make_contact(email="a@harbour.example")
    twin = make_contact(email="A@harbour.example", do_not_contact=True)
    closed = make_coordinator()
    closed.is_active = False

    assert not post(to=contact), "the address asked, whoever has it here"
    assert not post(to=twin)
    assert not post(to=closed)
    assert not post(to=make_contact(email=""))


def test_somebody_who_objects_while_the_mail_waits_gets_none():
    contact = make_contact()
    noted = sending.send("news", to=contact, context=NEWS)
    correct_contact(by=None, contact=contact, do_not_contact=True)

    assert not sending.deliver(noted.pk)
    assert not mail.outbox
    assert SentMail.objects.get().context == {}


def test_mail_that_came_back_marks_everybody_with_the_address_until_it_changes(client, settings):
    settings.MAIL_WEBHOOK_SECRET = "s3cret"
    user, contact = make_coordinator(), make_contact()
    said = {"addresses": [user.email.upper(), contact.email, "nobody@example.org"]}

    def tell(secret: str, body=said):
        return client.post(
            "/mail/bounced/", json.dumps(body), "application/json", headers={"Authorization": f"Bearer {secret}"}
        )

    assert tell("wrong").status_code == 404
    assert tell("s3cret", ["a"]).status_code == 400
    assert tell("s3cret").json() == {"marked": 2}
    assert tell("s3cret").json() == {"marked": 0}
    assert not post(to=user)
    assert not post(to=contact)
    for person in (user, contact):
        person.refresh_from_db()
        assert Event.objects.about(person).first().verb == "mail came back"
    correct_user(by=None, user=user, email="new@guildhall.example")
    actions.clear_bounce(by=make_administrator(), person=contact)
    assert post(to=user)
    assert post(to=contact)


def test_webhook_without_a_secret_is_nowhere(client):
    assert (
        client.post("/mail/bounced/", "{}", "application/json", headers={"Authorization": "Bearer "}).status_code == 404
    )


def test_never_more_often_about_one_record_than_its_kind_allows():
    contact, engagement, other = make_contact(), make_engagement(), make_engagement()
    context = EXAMPLES["invitation"]

    sent = [sending.send("invitation", to=contact, about=engagement, context=context) for _ in range(4)]

    assert [bool(one) for one in sent] == [True, True, True, False]
    assert sending.send("invitation", to=contact, about=other, context=context)


def test_once_is_once():
    user = make_coordinator()

    assert sending.send("news", to=user, context=NEWS, once_key="k")
    assert not sending.send("news", to=user, context=NEWS, once_key="k")


def test_sweep_sends_what_waited_and_nothing_of_unknown_fate(monkeypatch):
    user = make_coordinator()
    late, dying = (sending.send("news", to=user, context=NEWS) for _ in range(2))
    actions.claim(dying.pk)
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: later)

    assert sending.sweep() == 1
    assert sending.sweep() == 0
    assert SentMail.objects.get(pk=late.pk).status == MailStatus.SENT
    assert SentMail.objects.get(pk=dying.pk).status == MailStatus.FAILED


def test_a_server_that_is_away_is_tried_again_but_not_for_ever(settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 9
    at = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: at)
    noted = sending.send("news", to=make_coordinator(), context=NEWS)

    waits = []
    for _ in range(actions.TRIES):
        assert SentMail.objects.get().status == MailStatus.QUEUED
        minutes = (minute for minute in range(1000) if actions.waiting(at + timedelta(minutes=minute, seconds=5)))
        waits.append(next(minutes))
        assert not sending.deliver(noted.pk)
    assert SentMail.objects.get().status == MailStatus.FAILED
    assert waits == [2, 2, 4, 8, 16, 32, 64, 128, 256], "each time it waits twice as long"


def test_stop_link_acts_on_a_press_only_and_can_be_taken_back(client):
    user = make_coordinator()
    post(to=user)
    address = re.search(r"http://[^/]+(/mail/stop/\S+)", mail.outbox[0].body)[1]

    assert "Stop this mail?" in client.get(address).content.decode()
    assert "news" not in actions.switched_off(user)
    assert "no more" in client.post(address, {"List-Unsubscribe": "One-Click"}).content.decode()
    assert not post(to=user)
    client.post(address, {"again": "1"})
    assert post(to=user)
    assert client.post(address[:-5] + "xxxx/").status_code == 404


def test_preferences_are_chosen_on_a_page(client):
    user = make_coordinator()
    client.force_login(user)

    assert "Daily reminder" in client.get("/account/mail/").content.decode()
    answer = client.post("/account/mail/", {"digest": "on", "numbers": "on", "form_token": "t"})

    assert answer.status_code == 302
    off = actions.switched_off(user)
    assert {"to_verify", "follow_ups"} <= off
    assert not {"digest", "numbers", "sign_in_code"} & off


def test_everybody_is_offered_only_what_they_may_get(client):
    def offered(person) -> set[str]:
        client.force_login(person)
        page = client.get("/account/mail/")
        assert page.status_code == 200
        return set(page.context["form"].fields)

    assert offered(make_school_member()) == {"news", "digest", "claims"}
    assert offered(make_employer_member()) == {"news", "digest", "asked", "lapsing"}
    assert offered(make_commission_member()) == set()


def test_account_page_says_who_one_is_and_that_mail_came_back(client):
    user = make_coordinator()
    client.force_login(user)
    for page in ("/account/", "/"):
        assert "came back" not in client.get(page).content.decode()
    actions.mark_bounced(address=user.email, at=timezone.now())

    words = client.get("/account/").content.decode()
    assert "came back" in words
    assert "/account/mail/" in words
    assert "/calendar/feeds/" in words
    assert "Hospitality Tourism" in words
    assert client.post("/account/")["Location"] == "/account/"
    user.refresh_from_db()
    assert user.email_bounced_at is None


def test_administrators_see_each_kind_beforehand(client):
    client.force_login(make_administrator())

    assert client.get("/emails/").status_code == 200
    for kind in KINDS:
        assert client.get(f"/emails/{kind}/").status_code == 200
        shown = client.get(f"/emails/{kind}/html/")
        assert "sandbox" in shown["Content-Security-Policy"]
        assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert client.get("/emails/nothing/").status_code == 404
    client.force_login(make_coordinator())
    assert client.get("/emails/").status_code == 403
