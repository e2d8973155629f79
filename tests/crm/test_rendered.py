"""What is kept of pages, and for how long."""

from datetime import date

import pytest
from django.core.cache import cache

from crm.rendered import rendered
from guilds.impact.cells import refresh
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = date(2017, 3, 14)


class Maker:
    """Counts how often it was asked for the context of a template."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> dict[str, object]:
        self.asked += 1
        return {"words": f"<{self.asked}>", "address": "/"}


def made(maker: Maker, about: object = "all", today: date = TODAY) -> int:
    """How often it had been made when this was shown."""
    html = rendered("components/back_link.html", about, today=today, context=maker)
    return int(html.split("&lt;")[1].split("&gt;")[0])


def test_a_part_is_made_once_until_anything_changes():
    make.make_guild()
    refresh()
    maker = Maker()
    assert [made(maker), made(maker)] == [1, 1]

    make.make_employer()
    assert [made(maker), made(maker)] == [2, 2]
    refresh()
    assert made(maker) == 3


def test_what_it_is_about_and_the_day_tell_parts_apart():
    make.make_guild()
    refresh()
    maker = Maker()

    assert [made(maker, "sciences"), made(maker, "construction"), made(maker, "sciences", date(2017, 3, 15))] == [
        1,
        2,
        3,
    ]
    assert made(maker, "sciences") == 1


def test_before_anything_was_counted_nothing_is_kept():
    maker = Maker()

    assert [made(maker), made(maker)] == [1, 2]


def test_a_cache_that_is_away_stops_nobody(monkeypatch):
    def away(*args: object, **kwargs: object) -> None:
        raise ConnectionError

    make.make_guild()
    refresh()
    for verb in ("get", "set"):
        monkeypatch.setattr(cache, verb, away)
    maker = Maker()

    assert [made(maker), made(maker)] == [1, 2]
