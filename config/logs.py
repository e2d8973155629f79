"""What is logged: one line per event, as JSON where a machine reads it, and nobody's data.

No addresses of callers, no users, no query strings, no values that a database quotes in its errors.
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: PostgreSQL quotes the row that it refused.
_QUOTED_ROW = re.compile(r"^(DETAIL|CONTEXT): .*$", re.MULTILINE)

#: Addresses that open something to whoever has them: an invitation, a calendar, a statement, a choice about mail.
_SECRET = re.compile(r"(?<!people)/(invitations|feeds|shared|mail/stop)/[^/\s?\"']+")


def without_people(text: str) -> str:
    """The text without e-mail addresses, secret addresses, and rows quoted by the database."""
    return without_secrets(_EMAIL.sub("[e-mail]", _QUOTED_ROW.sub(r"\1: [left out]", text)))


def without_secrets(text: str) -> str:
    """The text without what in an address lets in whoever reads it."""
    return _SECRET.sub(r"/\1/[secret]", text)


def without_query(event: dict, hint: dict) -> dict:
    """An error report without what stood behind the question mark: somebody may have searched for a person.

    Nor do its address, its messages and what led to it say more than a line of the log.
    """
    event.get("request", {}).pop("query_string", None)
    return _cleaned(event)


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _cleaned(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    return without_people(value) if isinstance(value, str) else value


class NoSecrets(logging.Filter):
    """For the web server, which writes its own lines: what it says of an address lets nobody in."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_secrets(record.getMessage()), ()
        return True


class RequestId(logging.Filter):
    """Gives each line the id of the request that it belongs to, as its answer and its changes in history have it."""

    def filter(self, record: logging.LogRecord) -> bool:
        from guilds.audit.context import current_request_id

        record.request_id = current_request_id.get()
        return True


class Plain(logging.Formatter):
    """For people: time, level, logger, message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return without_people(super().format(record))


class Json(logging.Formatter):
    """For machines: one JSON object per line, times in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_people(record.getMessage()),
        }
        if getattr(record, "request_id", ""):
            line["request_id"] = record.request_id  # type: ignore[attr-defined]
        if record.exc_info:
            line["exception"] = without_people(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def configuration(*, style: str, level: str) -> dict:
    """LOGGING for Django, the worker and the web server alike; `style` is "plain" or "json"."""
    formatter = {"plain": "config.logs.Plain", "json": "config.logs.Json"}[style]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "config.logs.RequestId"}},
        "formatters": {"line": {"()": formatter}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
        "root": {"handlers": ["console"], "level": level},
        # Django's own handlers would mail whole requests to administrators, and print to another console.
        # Making a PDF tells each of its steps, and each font that it cuts.
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "weasyprint.progress": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
        },
    }
