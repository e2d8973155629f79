"""A heading that sorts a list sorts it one way and, pressed again, the other."""

import re

import pytest

import crm.urls
from crm.views.lists import ListPage
from tests.factories import make_administrator, make_employer

pytestmark = pytest.mark.django_db


def _lists() -> list[type[ListPage]]:
    found, waiting = set(), [ListPage]
    while waiting:
        page = waiting.pop()
        waiting += page.__subclasses__()
        found |= {page} if page.columns else set()
    return sorted(found, key=lambda page: page.__name__)


def test_every_list_with_headings_is_looked_at():
    assert crm.urls.urlpatterns and len(_lists()) > 15


@pytest.mark.parametrize("page", _lists(), ids=lambda page: page.__name__)
def test_what_a_heading_sorts_by_goes_both_ways(page):
    ways = {way for way, _ in page.orderings}
    sorting = {column.order for column in page.columns} & {way.removeprefix("-") for way in ways}
    assert {way for name in sorting for way in (name, f"-{name}")} <= ways


def test_a_heading_that_is_pressed_twice_turns_the_list_round(client):
    for name in ("Anchor Inn", "Zephyr Mill"):
        make_employer(name)
    client.force_login(make_administrator())
    seen, address = [], "/organisations/"  # an address of a heading goes on from the list's
    for _ in range(3):
        content = client.get(address).content.decode()
        assert "There is a problem" not in content
        seen.append(re.findall(r"(Anchor|Zephyr) \w+</a>", content))
        address = "/organisations/" + re.search(r'href="([?]ordering=-?name)"', content)[1]
    assert seen == [["Anchor", "Zephyr"], ["Zephyr", "Anchor"], ["Anchor", "Zephyr"]]
