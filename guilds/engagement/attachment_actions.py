"""Files beside an engagement: checked by what they are, kept where no web server looks, and removed for good."""

import logging
import re
from pathlib import PurePath
from typing import BinaryIO

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.module_loading import import_string

from guilds.audit import recording
from guilds.audit.refusals import Conflict, Refusals, refuse
from guilds.engagement.content import CONTENT_TYPES, content_type_of
from guilds.engagement.models import Attachment, Engagement

logger = logging.getLogger(__name__)


@transaction.atomic
def attach(*, by, engagement: Engagement, file: BinaryIO, name: str) -> Attachment:
    """Keep a file with an engagement, under a path that says nothing.

    Raises ValidationError keyed by `file` for what is empty, too large, not what it says it is, or not clean; Conflict
    where the engagement has as many files as it may.
    """
    _check_room(engagement)
    size = _size(file)
    content_type = _checked_type(file, name, size)
    _scan(file)
    attachment = Attachment(
        engagement=engagement, name=tidy_name(name), content_type=content_type, size=size, file=File(file, name="file")
    )
    try:
        recording.create(attachment, by=by, verb="attached")
        recording.note(engagement, by=by, verb="attached", reason=attachment.name)
    except BaseException:
        if attachment.file._committed:  # type: ignore[attr-defined]
            attachment.file.delete(save=False)
        raise
    return attachment


@transaction.atomic
def detach(*, by, attachment: Attachment, reason: str = "") -> None:
    """Remove a file from an engagement. The file itself goes once the change is safely in."""
    stored, storage = str(attachment.file.name), attachment.file.storage
    recording.note(attachment.engagement, by=by, verb="detached", reason=attachment.name)
    recording.remove(attachment, by=by, verb="detached", reason=reason)
    transaction.on_commit(lambda: storage.delete(stored))


def tidy_name(name: str) -> str:
    """What a file was called, without folders and characters that a file's name should not have."""
    bare = re.sub(r"[\x00-\x1f\x7f\"*/:<>?\\|]+", " ", PurePath(name.replace("\\", "/")).name)
    words = " ".join(bare.split())
    stem, ending = PurePath(words).stem, PurePath(words).suffix
    return f"{stem[: 150 - len(ending)]}{ending}"


def _check_room(engagement: Engagement) -> None:
    """The engagement is locked, so that two files at once can't both be the last."""
    Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    most = settings.ATTACHMENTS_AT_MOST
    if Attachment.objects.filter(engagement=engagement).count() >= most:
        raise Conflict({"file": Conflict(f"There are {most} files already: remove one first", code="too_many")})


def _size(file: BinaryIO) -> int:
    size = file.seek(0, 2)
    file.seek(0)
    return size


def _checked_type(file: BinaryIO, name: str, size: int) -> str:
    largest, refusals = settings.ATTACHMENT_LARGEST, Refusals()
    refusals.add_when(size == 0, "file", "The file is empty: choose another", "empty")
    words = f"The file has {size / 1e6:.1f} MB: {largest / 1e6:.0f} MB is the most"
    refusals.add_when(size > largest, "file", words, "too_large")
    refusals.raise_if_any()
    content_type = content_type_of(file, name)
    if content_type is None:
        kinds = ", ".join(kind.upper() for kind in CONTENT_TYPES)
        raise refuse("file", f"This is not what its name says, or no kind that can be kept: {kinds}", "content")
    return content_type


def _scan(file: BinaryIO) -> None:
    """Let the configured scanner look; what can't be looked at is not kept."""
    if not settings.ATTACHMENT_SCANNER:
        return
    try:
        finding = import_string(settings.ATTACHMENT_SCANNER)(file)
    except Exception as error:
        logger.exception("The virus scanner does not work")
        raise refuse("file", "The file can't be checked for viruses now: try again later", "unchecked") from error
    finally:
        file.seek(0)
    if finding:
        raise refuse("file", "The virus scanner found something in this file: it is not kept", "infected")
