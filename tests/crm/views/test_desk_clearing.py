"""The pledge desk as its coordinator sees it."""

import pytest
from django.test import Client

from guilds.desk.actions import receive
from guilds.desk.models import Desk, DeskEntry
from guilds.organisations.models import Organisation
from guilds.pledges.models import Pledge
from tests import factories as make
from tests.guilds.desk.test_actions import open_desk, wrote

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotel():
    return make.make_employer("Harbour Hotel")


@pytest.fixture
def desk(hotel):
    return open_desk(participations=[{"employer": hotel}])


@pytest.fixture
def door(desk):
    client = Client()
    client.force_login(desk.opened_by)
    return client


def typed(desk, name: str = "Harbour Hotel", **fields) -> DeskEntry:
    return receive(desk=desk, organisation_name=name, **wrote(**fields))[0]


def decide(door, entry, decision: str, **fields):
    return door.post(f"/desks/{entry.desk_id}/entries/{entry.pk}/", {"decision": decision} | fields)


def test_a_desk_is_opened_from_its_engagement(door):
    event = make.make_engagement()
    page = f"/engagements/{event.pk}/"
    assert "Open a pledge desk" in door.get(page).content.decode()

    answers = [door.post(page + "desk/") for _ in range(2)]

    opened = Desk.objects.get(engagement=event)
    assert {answer["Location"] for answer in answers} == {f"/desks/{opened.pk}/"}
    assert f"Pledge desk {opened.code}" in door.get(page).content.decode()
    shown = door.get(f"/desks/{opened.pk}/").content.decode()
    assert f"http://testserver/desk/{opened.code}/" in shown and "Nobody has written anything yet" in shown


def test_an_entry_is_accepted_for_the_likeliest_and_undone(door, desk, hotel):
    entry = typed(desk)
    shown = door.get(f"/desks/{desk.pk}/").content.decode()
    assert "The same name" in shown and f'value="{hotel.pk}"' in shown and "autofocus" in shown

    answer = decide(door, entry, "accept", employer=str(hotel.pk))

    after = door.get(answer["Location"]).content.decode()
    assert "Undo" in after and "Everything that came in is decided" in after
    assert Pledge.objects.get().status == "open"
    back = decide(door, entry, "undo")
    assert back["Location"] == f"/desks/{desk.pk}/?entry={entry.pk}"
    assert "Accept and verify" in door.get(back["Location"]).content.decode()


def test_another_employer_is_written_and_a_new_one_added_by_its_own_button(door, desk):
    other = make.make_employer("Quay Catering")
    first, second = typed(desk), typed(desk, "Quarry Works")

    decide(door, first, "accept", other_text="quay catering")
    decide(door, second, "new")

    new = Organisation.objects.get(name="Quarry Works")
    assert set(Pledge.objects.values_list("employer", flat=True)) == {other.pk, new.pk}


def test_a_decision_without_an_answer_is_asked_for(door, desk):
    entry = typed(desk)
    for decision, words in (("accept", "Choose an employer"), ("reject", "Say why")):
        answer = decide(door, entry, decision)
        assert answer.status_code == 422 and words in answer.content.decode()
    assert decide(door, entry, "accept", other_text="Nobody knows").status_code == 422
    assert decide(door, entry, "praise").status_code == 404
    assert DeskEntry.objects.get().status == "waiting"

    decide(door, entry, "reject", reason="A joke")
    assert DeskEntry.objects.get().status == "rejected"
    assert decide(door, entry, "reject", reason="A joke").status_code == 409


def test_what_is_certain_goes_in_one_press_and_the_desk_closes(door, desk, hotel):
    receive(desk=desk, organisation=hotel, **wrote())
    typed(desk, "Nobody knows")
    assert "Accept the 1 whose employer is certain" in door.get(f"/desks/{desk.pk}/").content.decode()

    for verb, words in (("clear", "1 is accepted"), ("close", "The desk is closed"), ("extend", "a day longer")):
        answer = door.post(f"/desks/{desk.pk}/{verb}/", follow=True)
        assert words in answer.content.decode()
    assert door.post(f"/desks/{desk.pk}/praise/").status_code == 404
    assert door.get(f"/desks/{desk.pk}/?entry=nonsense").status_code == 404


def test_the_page_asks_the_same_however_many_wait(door, desk, hotel, django_assert_max_num_queries):
    for number in range(30):
        typed(desk, f"Works {number}")
        receive(desk=desk, organisation=hotel, **wrote())

    with django_assert_max_num_queries(30):
        shown = door.get(f"/desks/{desk.pk}/").content.decode()

    assert "The first 25 of 60" in shown


def test_whoever_does_not_lead_the_event_finds_nothing(desk):
    entry = typed(desk)
    for user in (make.make_coordinator("sciences"), make.make_employer_member(), make.make_commission_member()):
        stranger = Client()
        stranger.force_login(user)
        assert stranger.get(f"/desks/{desk.pk}/").status_code == 404
        assert stranger.get(f"/desks/{desk.pk}/poster.pdf").status_code == 404
        assert decide(stranger, entry, "new").status_code == 404
    assert not Pledge.objects.exists()
