"""Lines that a machine can read and that say nothing about anybody."""

import json
import logging

import pytest
from django.db import IntegrityError

from config import logs
from config.logs import Json, Plain, RequestId, without_people
from guilds.audit.context import current_request_id

pytestmark = pytest.mark.once


def record(message: str, *arguments: object, error: BaseException | None = None) -> logging.LogRecord:
    """A line on its way to a formatter, as the handler gives it."""
    info = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("guilds.tests", logging.WARNING, __file__, 1, message, arguments, info)
    RequestId().filter(made)
    return made


def test_a_line_is_one_json_object_with_the_request_it_belongs_to():
    token = current_request_id.set("0190-request")
    try:
        line = Json().format(record("Counted %d\nslices", 3))
    finally:
        current_request_id.reset(token)

    assert "\n" not in line
    said = json.loads(line)
    assert said["message"] == "Counted 3\nslices"
    assert said["level"] == "WARNING" and said["logger"] == "guilds.tests"
    assert said["request_id"] == "0190-request"
    assert said["at"].endswith("+00:00")


@pytest.mark.parametrize("formatter", [Plain(), Json()])
def test_no_person_is_in_a_line(formatter):
    try:
        raise IntegrityError("duplicate key\nDETAIL:  Key (email)=(jo.smith@school.example) already exists.")
    except IntegrityError as error:
        line = formatter.format(record("Mail to %s failed", "jo.smith+x@school.example", error=error))

    assert "jo.smith" not in line and "school.example" not in line
    assert "duplicate key" in line and "IntegrityError" in line


def test_what_is_nobodys_stays():
    text = "GET /engagements/0190a1b2/ 200 512 bytes 12 ms"

    assert without_people(text) == text


def test_the_web_server_logs_no_caller_and_no_question():
    from pathlib import Path

    text = (Path(__file__).parents[2] / "config/gunicorn.conf.py").read_text()
    line = next(line for line in text.splitlines() if line.startswith("access_log_format"))

    for personal in ("%(h)s", "%(u)s", "%(q)s", "%(r)s", "%(a)s", "%(f)s", "{x-forwarded-for}", "{cookie}"):
        assert personal not in line


def test_an_error_report_leaves_out_what_was_searched_for():
    event = {"request": {"url": "https://guildhall.example/search/", "query_string": "q=robin"}}

    assert logs.without_query(event, {}) == {"request": {"url": "https://guildhall.example/search/"}}
    assert logs.without_query({}, {}) == {}
