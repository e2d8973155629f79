"""A document is tagged, says its language and title, and fetches nothing."""

import io

import pytest
from django.template import engines
from pypdf import PdfReader

from crm.documents import pdf as documents
from tests.crm.documents.reading import faults


@pytest.fixture
def template(monkeypatch):
    def of(content: str):
        text = '{% extends "documents/layout.html" %}{% block title %}A statement{% endblock %}{% block content %}'
        made = engines["django"].from_string(text + content + "{% endblock %}")
        monkeypatch.setattr(documents, "get_template", lambda name: made)
        return "documents/any.html"

    return of


def test_a_document_says_what_its_template_says_and_what_it_is(template, settings):
    settings.ORGANISATION_NAME = "Borsetshire Council"
    name = template("<h1>What {{ who }} did</h1><table><tr><th scope='row'>Visits</th><td>12</td></tr></table>")

    reader = PdfReader(io.BytesIO(documents.pdf(name, {"who": "Ambridge & Daughters"})))

    text = reader.pages[0].extract_text()
    assert "What Ambridge & Daughters did" in text and "Visits" in text and "12" in text
    assert "Borsetshire Council" in text
    catalogue = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "en-GB" and catalogue["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == "A statement"


def test_what_a_screen_reader_would_miss_is_found(template):
    sound = "<h1>One</h1><h2>Two</h2><table><tr><th scope='col'>A</th></tr><tr><td>1</td></tr></table>"
    assert faults(documents.pdf(template(sound), {})) == []
    broken = (
        "<h1>One</h1><h3>Three</h3><h1>One more</h1><table><tr><td>1</td></tr></table><p style='break-before: page'>"
    )
    found = " ".join(faults(documents.pdf(template(broken), {})))
    for fault in ("2 of the first level", "heading 3 after 1", "a table with headings", "page 2"):
        assert fault in found


def test_a_document_fetches_nothing(template, caplog):
    asked = template("<p>x</p><img src='http://example.test/spy.png' alt='A picture'>")

    with caplog.at_level("WARNING", logger="weasyprint"):
        made = documents.pdf(asked, {})

    assert len(PdfReader(io.BytesIO(made)).pages) == 1
    assert "disallowed protocol" in caplog.text
