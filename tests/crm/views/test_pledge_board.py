"""The board: each column's number is the number of rows of the list that it leads to."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from guilds.pledges import actions
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    client = Client()
    client.force_login(make.make_coordinator("hospitality-tourism"))
    return client


def test_each_column_leads_to_exactly_its_pledges(client, django_assert_max_num_queries):
    event = make.make_engagement()
    for number in range(12):
        make.make_pledge(employer=make.make_employer(f"Works {number:02}"), engagement=event, quantity=2)
    given = make.make_open_pledge(engagement=event)
    actions.allocate(by=None, pledge=given, provider=make.make_school(), quantity=4)
    make.make_open_pledge(guild=make.make_guild("sciences"))
    with django_assert_max_num_queries(11):
        page = client.get(reverse("pledge_board"), {"engagement": str(event.pk)})
    html = page.content.decode()

    numbers = {lane["lane"].stage.value: lane["lane"].number for lane in page.context["lanes"]}
    assert numbers == {"verify": 12, "unmatched": 0, "matched": 1, "partly": 0, "fulfilled": 0, "ended": 0}
    assert ("Works 09" in html, "Works 10" in html, "Show all 12" in html) == (True, False, True)
    addresses = re.findall(r'href="(/pledges/\?[^"]*stage=(?:verify|matched))"', html)
    rows = [len(client.get(address.replace("&amp;", "&")).context["listing"].rows) for address in addresses]
    assert rows == [12, 1]
    assert reverse("pledge_credit", args=[given.pk]) in html


def test_a_card_moves_by_its_button_and_leads_back(client):
    pledge = make.make_pledge()
    html = client.get(reverse("pledge_board")).content.decode()
    address = f"{reverse('pledge_verb', args=[pledge.pk, 'verify'])}?back=board"
    assert f'action="{address}"' in html

    assert client.post(address, {"form_token": "a" * 32}).headers["Location"] == reverse("pledge_board")
    assert reverse("pledge_match", args=[pledge.pk]) in client.get(reverse("pledge_board")).content.decode()


def test_an_empty_board_and_nonsense_say_what_to_do(client):
    assert "No pledges yet" in client.get(reverse("pledge_board")).content.decode()
    make.make_pledge()
    assert (
        "Nothing fits these filters" in client.get(reverse("pledge_board"), {"guild": "county-wide"}).content.decode()
    )
    assert "There is a problem" in client.get(reverse("pledge_board"), {"from": "soon"}).content.decode()
