"""The demonstration's post: mail is kept in a folder and shown in a page instead of being sent."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from uuid_utils import uuid7

KEPT = 100


class Outbox(BaseEmailBackend):
    """Writes each message to ``settings.OUTBOX_DIR``; several processes may do so at once."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.OUTBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            _keep(folder, message)
        for old in sorted(folder.glob("*.json"), reverse=True)[KEPT:]:
            old.unlink(missing_ok=True)
        return len(email_messages)


def _keep(folder: Path, message: EmailMessage) -> None:
    """Named by a time-ordered id and moved into place whole, so that a reader never sees half a message."""
    content = {
        "at": timezone.now().isoformat(),
        "to": list(message.to),
        "subject": message.subject,
        "body": message.body,
        "html": next(
            (part.content for part in getattr(message, "alternatives", []) if part.mimetype == "text/html"), ""
        ),
    }
    name = str(uuid7())
    draft = folder / f"{name}.draft"
    draft.write_text(json.dumps(content))
    draft.rename(folder / f"{name}.json")


def sent() -> Iterator[dict[str, Any]]:
    """The messages kept, newest first."""
    for path in sorted(Path(settings.OUTBOX_DIR).glob("*.json"), reverse=True):
        message = json.loads(path.read_text())
        yield message | {"id": path.stem, "at": datetime.fromisoformat(message["at"])}
