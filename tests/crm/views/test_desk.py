"""The pledge desk as the hall sees it."""

import gzip
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from django.utils import timezone

from crm.views import desk_limits
from guilds.desk import actions
from guilds.desk.models import Desk, DeskEntry
from guilds.pledges.models import Pledge
from tests import factories as make
from tests.guilds.desk.test_actions import open_desk

pytestmark = pytest.mark.django_db
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def hotel():
    return make.make_employer("Harbour Hotel", district=make.make_district())


@pytest.fixture
def desk(hotel):
    return open_desk(participations=[{"employer": hotel}])


@pytest.fixture
def phone():
    """A stranger's browser, which holds no token."""
    return Client(enforce_csrf_checks=True)


def address(desk: Desk) -> str:
    return f"/desk/{desk.code}/"


def filled(**fields) -> dict[str, str]:
    told = {"name": "Robin Example", "email": "robin@harbour.example", "kind": "placement", "quantity": "5"}
    return told | {"key": str(uuid4()), "consent": "on", "consent_version": "1"} | fields


def test_the_form_is_for_whoever_has_the_code(phone, desk):
    make.make_employer("Far Away Works")
    answer = phone.get(address(desk))

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Harbour Hotel, Thanet" in shown and "Far Away Works" not in shown
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert phone.get(f"/desk/{desk.code.lower()}/").status_code == 200
    assert phone.get("/desk/ZZZZZZ/").status_code == 404


def test_sent_by_the_browser_it_is_received_and_nothing_stays_in_the_way_back(phone, desk, hotel):
    sent = filled(organisation=str(hotel.pk))
    answer = phone.post(address(desk) + "?staffed=1", sent)

    assert (answer.status_code, answer["Location"]) == (302, f"{address(desk)}?received=1&staffed=1")
    shown = phone.get(answer["Location"]).content.decode()
    assert "Received. Thank you" in shown and "Robin" not in shown
    assert not re.findall(r'autocomplete="(?!off)', shown)
    assert Pledge.objects.get().employer == hotel
    phone.post(address(desk), sent)
    assert DeskEntry.objects.count() == 1


def test_the_same_form_with_other_answers_is_asked_about(phone, desk):
    sent = filled(organisation_name="Quarry Works")
    phone.post(address(desk), sent)

    answer = phone.post(address(desk), sent | {"name": "Sam Example"})

    shown = answer.content.decode()
    assert (answer.status_code, DeskEntry.objects.count()) == (422, 1)
    assert "sent before, with other answers" in shown and "Sam Example" in shown and sent["key"] not in shown
    again = sent | {"name": "Sam Example", "key": re.findall(r'name="key" value="([^"]+)"', shown)[0]}
    assert phone.post(address(desk), again).status_code == 302
    assert DeskEntry.objects.count() == 2


def test_what_is_wrong_is_said_beside_its_box_and_nothing_is_lost(phone, desk):
    wrong = filled(quantity="many", consent="", email="robin")
    answer = phone.post(address(desk), wrong)

    shown = answer.content.decode()
    assert answer.status_code == 422 and not DeskEntry.objects.exists()
    for words in ("write its name", "Give a number from 1 to 500", "Tick the box if you agree", "correct format"):
        assert words in shown
    assert 'value="many"' in shown and "Robin Example" in shown
    said = phone.post(address(desk), wrong, headers=SCRIPT)
    assert said.status_code == 422 and set(said.json()["errors"]) == {
        "organisation_name", "quantity", "consent", "email",
    }  # fmt: skip


def test_a_script_is_answered_in_one_word_each_time(phone, desk):
    sent = filled(organisation_name="Quarry Works", written_at="2017-03-14T10:00:00.000Z")

    for _ in range(2):
        answer = phone.post(address(desk), sent, headers=SCRIPT)
        assert (answer.status_code, answer.json()) == (201, {"received": True})
    assert DeskEntry.objects.count() == 1


def test_a_desk_that_is_closed_says_so(phone, desk):
    actions.close_desk(by=None, desk=desk)

    shown = phone.get(address(desk))
    assert shown.status_code == 410 and "This pledge desk is closed" in shown.content.decode()
    late = filled(
        organisation_name="Quarry Works", written_at=f"{timezone.now() + timedelta(1):%Y-%m-%dT%H:%M:%S.000Z}"
    )
    assert phone.post(address(desk), late).status_code == 410
    said = phone.post(address(desk), late, headers=SCRIPT)
    assert said.status_code == 409 and "closed" in said.json()["refused"]
    assert "The desk is closed" in phone.get(address(desk) + "wall/").content.decode()


def test_a_machine_that_fills_every_box_is_thanked_and_forgotten(phone, desk):
    answer = phone.post(address(desk), filled(organisation_name="Quarry Works", leave_empty="x"), headers=SCRIPT)

    assert answer.status_code == 201 and not DeskEntry.objects.exists()


def test_what_is_too_much_is_refused_unread(phone, desk, monkeypatch):
    answer = phone.post(address(desk), filled(note="x" * desk_limits.LARGEST), headers=SCRIPT)
    assert answer.status_code == 413
    assert phone.post(address(desk), filled(note="x" * desk_limits.LARGEST)).status_code == 413

    Desk.objects.filter(pk=desk.pk).update(per_minute=2)
    monkeypatch.setattr(desk_limits.time, "time", lambda: 1_000_000_030)
    got = [phone.post(address(desk), filled(organisation_name="Q"), headers=SCRIPT) for _ in range(3)]
    assert [one.status_code for one in got] == [201, 201, 429]
    assert got[2]["Retry-After"] == "50" and got[2].json()["refused"]
    page = phone.post(address(desk), filled(organisation_name="Quarry Works"))
    assert page.status_code == 429 and "Quarry Works" in page.content.decode()
    monkeypatch.setattr(desk_limits.time, "time", lambda: 1_000_000_090)
    assert phone.post(address(desk), filled(organisation_name="Q"), headers=SCRIPT).status_code == 201


def test_a_cache_that_is_away_stops_nobody(phone, desk, settings):
    away = settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/at/all.sock"}
    settings.CACHES = {"default": away}

    assert phone.post(address(desk), filled(organisation_name="Q"), headers=SCRIPT).status_code == 201


def test_the_wall_shows_sums_and_nobody(phone, desk, hotel):
    assert "Yours can be the first" in phone.get(address(desk) + "wall/").content.decode()
    for fields in ({"organisation": str(hotel.pk)}, {"organisation_name": "Quarry Works"}):
        phone.post(address(desk), filled(**fields), headers=SCRIPT)

    shown, part = (phone.get(address(desk) + "wall/" + query).content.decode() for query in ("", "?part=1"))

    for text in (shown, part):
        assert "<strong>2</strong> pledges" in text and "<dd>10</dd>" in text
        assert not re.search("Robin|Quarry|Harbour Hotel|robin@", text)
    assert "every 5s" in shown and "<html" not in part
    assert "every 5s" not in phone.get(address(desk) + "wall/?still=1").content.decode()


def test_the_page_asks_the_same_few_things_however_many_take_part(phone, desk, django_assert_num_queries):
    with django_assert_num_queries(3):
        phone.get(address(desk))


@pytest.mark.once
def test_the_whole_page_is_light(phone, desk):
    """Compressed, as it is sent in production."""
    shown = phone.get(address(desk)).content
    names = re.findall(r'(?:href|src)="/static/([^"]+)"', shown.decode())
    assert len(names) >= 3
    parts = [shown, phone.get("/brand.css").content, phone.get("/desk/worker.js").content]
    parts += [(settings.STATIC_ROOT / name).read_bytes() for name in names]
    assert sum(len(gzip.compress(part)) for part in parts) < 100_000
    assert staticfiles_storage.exists("desk-worker.js")
    assert phone.get("/desk/worker.js")["Content-Type"].startswith("text/javascript")
