"""The poster says where to point the phone, in a picture and in letters."""

import io

import pytest
from django.test import Client
from pypdf import PdfReader

from crm.documents import pdf
from tests.crm.documents.reading import faults
from tests.guilds.desk.test_actions import open_desk

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_the_poster_is_one_page_with_the_code(monkeypatch):
    desk = open_desk(title="Careers conversation")
    door = Client()
    door.force_login(desk.opened_by)

    answer = door.get(f"/desks/{desk.pk}/poster.pdf")

    reader = PdfReader(io.BytesIO(answer.content))
    text = reader.pages[0].extract_text()
    assert (answer["Content-Type"], len(reader.pages)) == ("application/pdf", 1)
    assert f"testserver/desk/{desk.code}" in text and "Careers conversation" in text
    assert not faults(answer.content)

    def missing(*_):
        raise pdf.NoPango

    monkeypatch.setattr("crm.documents.desk_poster.pdf", missing)
    told = door.get(f"/desks/{desk.pk}/poster.pdf")
    assert told.status_code == 409 and "Pango" in told.content.decode()
