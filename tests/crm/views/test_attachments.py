"""Files beside an engagement, on its page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from guilds.engagement.models import Attachment
from tests.factories import (
    make_coordinator,
    make_employer,
    make_employer_member,
    make_engagement,
    make_guild,
    make_school,
    make_school_member,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def engagement():
    guild = make_guild("hospitality-tourism")
    attendances, participations = [{"provider": make_school()}], [{"employer": make_employer()}]
    return make_engagement(guild=guild, attendances=attendances, participations=participations)


def send(client, engagement, content=PDF, name="programme.pdf", token="a" * 32):
    sent = {"file": SimpleUploadedFile(name, content, content_type="text/html"), "form_token": token}
    return client.post(reverse("attachment_new", args=[engagement.pk]), sent)


def test_a_file_is_attached_read_and_removed(client, engagement):
    client.force_login(make_coordinator("hospitality-tourism"))
    assert send(client, engagement).status_code == 302
    assert send(client, engagement).status_code == 302
    kept = Attachment.objects.get()
    page = client.get(reverse("engagement_detail", args=[engagement.pk]))
    assert "programme.pdf" in page.content.decode() and "attached a file" in page.content.decode()
    read = client.get(reverse("attachment", args=[engagement.pk, kept.pk]))
    assert b"".join(read.streaming_content) == PDF
    assert read.headers["Content-Type"] == "application/pdf"
    assert read.headers["Content-Disposition"] == 'attachment; filename="programme.pdf"'
    assert read.headers["X-Content-Type-Options"] == "nosniff"
    assert read.headers["Cache-Control"] == "private, no-store"
    remove = reverse("attachment_remove", args=[engagement.pk, kept.pk])
    assert b"Remove the file" in client.get(remove).content
    assert client.post(remove).status_code == 302
    assert not Attachment.objects.exists()


def test_what_is_not_what_it_says_is_refused_beside_the_box(client, engagement):
    client.force_login(make_coordinator("hospitality-tourism"))
    page = send(client, engagement, b"MZ a program")
    assert "This is not what its name says" in page.content.decode()
    assert not Attachment.objects.exists()


def test_files_are_for_the_team_that_works_on_it(client, engagement):
    client.force_login(make_coordinator("hospitality-tourism"))
    send(client, engagement)
    kept = Attachment.objects.get()
    addresses = [reverse(name, args=[engagement.pk, kept.pk]) for name in ("attachment", "attachment_remove")]
    others = {
        make_school_member(engagement.attendances.get().provider): 403,
        make_employer_member(engagement.participations.get().employer): 403,
        make_school_member(): 404,
    }
    for user, status in others.items():
        client.force_login(user)
        assert [client.get(address).status_code for address in addresses] == [status, status]
        page = client.get(reverse("engagement_detail", args=[engagement.pk]))
        assert b"programme.pdf" not in page.content
    client.force_login(make_coordinator("engineering-manufacturing"))
    assert [client.get(address).status_code for address in addresses] == [404, 403]
    assert send(client, engagement).status_code == 403
