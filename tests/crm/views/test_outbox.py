"""The demonstration's outbox: keeps what would have been sent, and exists nowhere else."""

import pytest
from django.core.mail import EmailMessage

from crm.emails.backend import KEPT, Outbox, sent


@pytest.fixture
def outbox(settings, tmp_path):
    settings.DEMO = True
    settings.OUTBOX_DIR = tmp_path / "outbox"
    return Outbox()


def message(number: int) -> EmailMessage:
    return EmailMessage(f"Subject {number}", "Words", "from@example.org", ["to@example.org"])


def test_mail_is_kept_newest_first(outbox):
    assert outbox.send_messages([message(1), message(2)]) == 2
    assert [mail["subject"] for mail in sent()] == ["Subject 2", "Subject 1"]


def test_old_mail_goes(outbox):
    outbox.send_messages([message(number) for number in range(KEPT + 5)])

    assert len(list(sent())) == KEPT


@pytest.mark.django_db
def test_page_shows_the_mail(client, outbox):
    outbox.send_messages([message(1)])

    assert "Subject 1" in client.get("/outbox/").content.decode()


@pytest.mark.django_db
def test_outside_the_demonstration_there_is_no_such_page(client, outbox, settings):
    settings.DEMO = False

    assert client.get("/outbox/").status_code == 404
