"""Files beside an engagement: what is kept, what is refused, and that nothing is left behind."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage

from guilds.audit.models import Event
from guilds.audit.refusals import Conflict
from guilds.engagement import attachment_actions as actions
from guilds.engagement.content import content_type_of
from guilds.engagement.models import Attachment
from tests.factories import (
    make_administrator,
    make_commission_member,
    make_coordinator,
    make_employer_member,
    make_engagement,
    make_guild,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def archive(*names: str, mimetype: str = "") -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, "<x/>")
    return kept.getvalue()


def attach(content: bytes = PDF, name: str = "programme.pdf", **fields):
    return actions.attach(
        by=None, file=io.BytesIO(content), name=name, engagement=fields.get("to") or make_engagement()
    )


def refused(*args, **kwargs) -> str:
    with pytest.raises(ValidationError) as refusal:
        attach(*args, **kwargs)
    return refusal.value.error_dict["file"][0].code


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


ODS = "application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("a.pdf", PDF, True),
        ("a.PDF", PDF, True),
        ("a.png", b"\x89PNG\r\n\x1a\n123", True),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml"), True),
        ("a.ods", archive("content.xml", mimetype=ODS), True),
        ("a.csv", "Name,Café\r\n".encode("cp1252"), True),
        ("a.txt", "Stände".encode("utf-16"), True),
        ("a.xlsx", archive("[Content_Types].xml", "word/document.xml"), False),
        ("a.docx", archive("evil.exe"), False),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), False),
        ("a.docx", b"PK\x03\x04 broken", False),
        ("a.pdf", b"MZ\x90 a program", False),
        ("a.pdf", b"<html>", False),
        ("a.txt", b"\x7fELF\x00\x01", False),
        ("a.svg", b"<svg/>", False),
        ("a.exe", PDF, False),
        ("pdf", PDF, False),
    ],
)
def test_content_decides(name, content, kept):
    file = io.BytesIO(content)
    assert bool(content_type_of(file, name)) is kept
    assert file.tell() == 0


def test_a_file_is_kept_under_a_name_that_says_nothing(media):
    attachment = attach(name="../Stand list: Year 9.pdf")
    assert (attachment.name, attachment.size, attachment.content_type) == (
        "Stand list Year 9.pdf",
        len(PDF),
        "application/pdf",
    )
    (path,) = files_in(media)
    assert "Stand" not in str(path) and path.read_bytes() == PDF
    told = Event.objects.filter(subject_id=attachment.engagement_id, verb="attached").get()
    assert told.reason == attachment.name


def test_what_is_refused_leaves_nothing(media, settings):
    settings.ATTACHMENT_LARGEST = 20
    assert refused(b"") == "empty"
    assert refused(PDF + b" " * 20) == "too_large"
    assert refused(b"MZ") == "content"
    assert (files_in(media), Attachment.objects.count()) == ([], 0)


def test_an_engagement_has_room_for_so_many(settings):
    settings.ATTACHMENTS_AT_MOST = 1
    engagement = make_engagement()
    attach(to=engagement)
    with pytest.raises(Conflict):
        attach(to=engagement)


def finds(file):
    return "EICAR" if b"EICAR" in file.read() else None


def fails(file):
    raise OSError("the scanner is away")


def test_the_scanner_has_the_last_word(settings, media):
    settings.ATTACHMENT_SCANNER = f"{__name__}.finds"
    attach()
    assert refused(PDF + b"EICAR") == "infected"
    settings.ATTACHMENT_SCANNER = f"{__name__}.fails"
    assert refused() == "unchecked"
    assert len(files_in(media)) == 1


def test_a_removed_file_is_gone_once_the_change_is_in(media, django_capture_on_commit_callbacks):
    attachment = attach()
    engagement = attachment.engagement
    with django_capture_on_commit_callbacks(execute=True):
        actions.detach(by=None, attachment=attachment)
        assert len(files_in(media)) == 1
    assert files_in(media) == []
    assert Event.objects.filter(subject_id=engagement.pk, verb="detached").exists()


def test_a_file_that_was_not_told_to_history_is_not_kept(media, monkeypatch):
    monkeypatch.setattr("guilds.audit.recording.note", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        attach()
    assert files_in(media) == []


def test_who_sees_files():
    hospitality, engineering = make_guild("hospitality-tourism"), make_guild("engineering-manufacturing")
    engagement = make_engagement(guild=hospitality)
    attachment = attach(to=engagement)
    sees = lambda user: Attachment.objects.visible_to(user).filter(pk=attachment.pk).exists()  # noqa: E731
    other = make_coordinator(engineering.slug)
    assert sees(make_administrator()) and sees(make_coordinator(hospitality.slug))
    assert not sees(other) and not sees(make_commission_member()) and not sees(make_employer_member())
    engagement.supporting_guilds.add(engineering)
    assert sees(other)
    assert default_storage.exists(attachment.file.name)
