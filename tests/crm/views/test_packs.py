"""Packs in the browser: read as a page, asked for, waited for with or without scripts, fetched, and made again."""

import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError
from pypdf import PdfReader

from crm import tasks
from crm.documents import packs as documents
from crm.documents.pdf import NoPango
from guilds.access.models import User
from guilds.impact import cells
from guilds.publishing import actions, pack_actions
from guilds.publishing.packs import Pack
from tests.factories import make_commission_member, make_coordinator, make_employer_member
from tests.guilds.publishing.world import Year

pytestmark = pytest.mark.django_db
QUICK = b"%PDF-1.7"


@pytest.fixture
def year() -> Year:
    return Year()


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """What the queue was asked to make, instead of a queue."""
    found: list[str] = []
    monkeypatch.setattr(tasks.make_pack, "delay", found.append)
    return found


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def quickly(monkeypatch):
    """Where it does not matter what is in a pack: laying one out takes a second or two."""
    monkeypatch.setattr(documents, "laid_out", lambda *_: (QUICK, 1))


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return " ".join(response.content.decode().split())


def pdf_text(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_a_board_pack_is_asked_for_waited_for_and_fetched(year, asked, files, django_capture_on_commit_callbacks):
    version, client = year.published(), as_(make_coordinator())
    page = read(client, f"/publications/{version.pk}/board-pack/")
    assert "Placements were arranged for 85 learners." in page and "PDFs that were made" not in page
    assert f"/publications/{version.pk}/board-pack/" in read(client, f"/publications/{version.pk}/")
    form = {"form_token": "one"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/publications/{version.pk}/board-pack/new/", form)
        again = client.post(f"/publications/{version.pk}/board-pack/new/", form)
    pack = Pack.objects.get()
    assert answer.url == again.url == f"/packs/{pack.pk}/" and asked == [str(pack.pk)]
    waiting = read(client, answer.url)
    assert "Waiting for its turn" in waiting and 'hx-trigger="every 1s"' in waiting
    assert "See how far it is now" in waiting, "without scripts, too"
    assert client.get(f"{answer.url}pack.pdf").status_code == 404
    cache.set(tasks.pack_progress_key(str(pack.pk)), (40, "Laying out the pages"), 60)
    assert 'value="40"' in read(client, answer.url) and "Laying out the pages" in read(client, answer.url)

    tasks.make_pack(str(pack.pk))
    ready = read(client, answer.url)
    assert "The pack is ready" in ready and "every 1s" not in ready
    file = client.get(f"{answer.url}pack.pdf")
    assert file["Content-Disposition"] == ('attachment; filename="board-pack-whole-county-2016-17-version-1.pdf"')
    assert "85 learners" in pdf_text(file)
    [kept] = [path for path in files.rglob("*") if path.is_file()]
    assert "2016" not in str(kept.relative_to(files)), "the path of the file says nothing"
    tasks.make_pack(str(pack.pk))
    assert Pack.objects.get().version == pack.version + 2, "one that is done stays as it is"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/publications/{version.pk}/board-pack/new/", {"form_token": "two"})
    assert Pack.objects.count() == 2 and Pack.objects.ready().get() == pack
    assert "PDFs that were made" in read(client, f"/publications/{version.pk}/board-pack/")
    commission = as_(make_commission_member())
    assert b"".join(commission.get(f"{answer.url}pack.pdf").streaming_content).startswith(b"%PDF")
    assert "Make the PDF" not in read(commission, f"/publications/{version.pk}/board-pack/")
    member = as_(make_employer_member(year.employer))
    assert member.get(answer.url).status_code == 404
    assert member.get(f"{answer.url}pack.pdf").status_code == 404
    assert member.get(f"/publications/{version.pk}/board-pack/").status_code == 403


def test_what_is_public_has_its_newest_pack_with_it(year, quickly):
    version = actions.show_in_public(by=year.by, publication=year.published(), on=True)
    address = f"/published/{version.token}/"
    assert Client().get(f"{address}board-pack.pdf").status_code == 404
    assert "Board pack (PDF" not in read(Client(), address)
    tasks.make_pack(str(pack_actions.ask_for_board_pack(by=year.by, publication=version).pk))
    assert Client().get(f"{address}board-pack.pdf").content == QUICK
    assert "Board pack (PDF" in read(Client(), address)
    actions.show_in_public(by=year.by, publication=version, on=False)
    assert Client().get(f"{address}board-pack.pdf").status_code == 404


def test_nobody_waits_in_vain(year, monkeypatch, caplog):
    version, client = year.published(), as_(year.by)

    def pack() -> Pack:
        return pack_actions.ask_for_board_pack(by=year.by, publication=version)

    def without_pango(*_):
        raise NoPango

    def broken(*_):
        raise RuntimeError("Something nobody foresaw")

    with monkeypatch.context() as patch:
        patch.setattr(documents, "laid_out", without_pango)
        told = pack()
        tasks.make_pack(str(told.pk))
        assert "until Pango is installed" in read(client, f"/packs/{told.pk}/")
        patch.setattr(documents, "laid_out", broken)
        failed = pack()
        with pytest.raises(RuntimeError):
            tasks.make_pack(str(failed.pk))
        page = read(client, f"/packs/{failed.pk}/")
        assert "Make it again" in page and "nobody foresaw" not in page

    def away(_):
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.make_pack, "delay", away)
    monkeypatch.setattr(documents, "laid_out", lambda *_: (QUICK, 1))
    lost, stopped = pack(), pack_actions.start(pack=pack())
    tasks.sweep_packs()
    assert Pack.objects.ready().count() == 0, "they may be under way: each has its time"
    Pack.objects.under_way().update(updated_at=timezone.now() - timedelta(minutes=5))
    tasks.sweep_packs()
    assert set(Pack.objects.ready()) == {lost, stopped}
    cache.add(f"pack-run:{pack().pk}", 1, 60)
    tasks.make_pack(str(Pack.objects.under_way().get().pk))
    assert Pack.objects.under_way().exists(), "never twice at once"


def test_a_districts_pack(year, asked, django_capture_on_commit_callbacks):
    cells.refresh()
    client = as_(year.by)
    page = read(client, "/impact/districts/E07000114/pack/?period=2016-17")
    assert "There were 100 encounters" in page and "Cold spots" in page
    assert "/impact/districts/E07000114/pack/new/?period=2016-17" in page
    for nowhere in ("E07000999", "outside", "unknown"):
        assert client.get(f"/impact/districts/{nowhere}/pack/").status_code == 404
    form = "/impact/districts/E07000114/pack/new/"
    assert 'value="2016-17" selected' in read(client, f"{form}?period=2016-17")
    refused = client.post(form, {"period": "2016"})
    assert refused.status_code == 422 and not Pack.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        where = client.post(form, {"period": "2016-17"}).url
    tasks.make_pack(asked[0])
    assert "There were 100 encounters" in pdf_text(client.get(f"{where}pack.pdf"))
    assert "PDFs that were made" in read(client, "/impact/districts/E07000114/pack/?period=2016-17")


def test_the_database_lets_no_pack_be_half_of_anything(year):
    pack = pack_actions.ask_for_district_pack(by=year.by, district=year.thanet, period="2016-17")
    for change in ("status = 'ready'", "status = 'failed'", "kind = 'board'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE guilds_pack SET {change}")
    assert str(pack) == "District data pack: Thanet"
