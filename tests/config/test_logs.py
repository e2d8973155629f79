"""Lines that a machine can read and that say nothing about anybody."""

import json
import logging
import runpy
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import IntegrityError
from gunicorn.config import Config

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


SECRETS = (
    "/invitations/kX3-_secret/",
    "/feeds/secretsecret.ics",
    "/shared/a.b:secret/statement.pdf",
    "/mail/stop/x:secret/",
)


@pytest.mark.parametrize("path", SECRETS)
def test_no_address_that_lets_somebody_in_is_in_a_line_or_goes_to_another_site(path, client, caplog, db):
    for said in (f"GET {path} 200 512 bytes", f"Not Found: {path}", f"https://guildhall.example{path}?a=b"):
        for formatter in (Plain(), Json()):
            assert "secret]" in formatter.format(record(said)) and "secret/" not in formatter.format(record(said))
    answer = client.get(path)
    assert answer.status_code == 404 and answer["Referrer-Policy"] in ("same-origin", "no-referrer")
    lines = [Plain().format(line) for line in caplog.records]
    assert lines and not any("secret/" in line or "secretsecret" in line or ":secret" in line for line in lines)
    assert "secret/" not in logs.without_query({"request": {"url": f"https://x.example{path}"}}, {})["request"]["url"]


def test_the_web_servers_own_lines_let_nobody_in(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    settings, cfg = runpy.run_path(str(Path(__file__).parents[2] / "config/gunicorn.conf.py")), Config()
    for name in ("accesslog", "access_log_format"):
        cfg.set(name, settings[name])
    log, answer = settings["logger_class"](cfg), SimpleNamespace(status="404 Not Found", sent=9, headers=[])
    for path in SECRETS:
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "RAW_URI": path, "SERVER_PROTOCOL": "HTTP/1.1"}
        log.access(answer, SimpleNamespace(headers=[]), environ, timedelta(milliseconds=3))
        log.error("Error handling request %s", path)
    told = "".join(capsys.readouterr())
    assert told.count("[secret]") == 2 * len(SECRETS) and "kX3" not in told and ":secret" not in told


def test_the_web_server_logs_no_caller_and_no_question():
    text = (Path(__file__).parents[2] / "config/gunicorn.conf.py").read_text()
    line = next(line for line in text.splitlines() if line.startswith("access_log_format"))

    for personal in ("%(h)s", "%(u)s", "%(q)s", "%(r)s", "%(a)s", "%(f)s", "{x-forwarded-for}", "{cookie}"):
        assert personal not in line


def test_an_error_report_leaves_out_what_was_searched_for():
    event = {"request": {"url": "https://guildhall.example/search/", "query_string": "q=robin"}}

    assert logs.without_query(event, {}) == {"request": {"url": "https://guildhall.example/search/"}}
    assert logs.without_query({}, {}) == {}
    told = {
        "breadcrumbs": {
            "values": [{"message": "Not Found: /invitations/abc/"}, {"message": "jo@school.example", "level": 3}]
        }
    }
    assert logs.without_query(told, {})["breadcrumbs"]["values"] == [
        {"message": "Not Found: /invitations/[secret]/"}, {"message": "[e-mail]", "level": 3},
    ]  # fmt: skip
