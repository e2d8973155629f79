"""The index by which records are found, beside what it is made from."""

from unittest.mock import patch

import pytest

from guilds.engagement import actions
from guilds.engagement.models import Engagement
from guilds.engagement.queries import matching
from guilds.engagement.words import EngagementWord, rebuild
from guilds.search import index
from guilds.search.models import Spelling
from tests.factories import make_employer, make_engagement, make_guild

pytestmark = pytest.mark.django_db


@pytest.fixture
def fairs():
    guild = make_guild()
    for n in range(6):
        make_engagement(title=f"Harbour fair {n}", reference=f"HT-{n}", guild=guild)
    make_engagement(title="Orchard visit", venue_address="Chalk Hall", guild=guild)
    make_engagement(title="Talks", venue=make_employer("Lantern Hotel"), guild=guild)


def titles(words: str) -> list[str]:
    found = matching(words, among=Engagement.objects.all())
    return list(found.order_by("title").values_list("title", flat=True))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("fair harbour 3", ["Harbour fair 3"]),
        ("ht-4", ["Harbour fair 4"]),
        ("chalk hall", ["Orchard visit"]),
        ("lantern hotel", ["Talks"]),
        ("orhcard", ["Orchard visit"]),
        ("harbour orchard", []),
        ("!", []),
    ],
)
def test_titles_references_and_places_find(fairs, typed, found):
    assert titles(typed) == found


@pytest.mark.parametrize("few", [1, 3, 100])
def test_however_many_have_a_word_the_same_are_found(fairs, few):
    with patch.multiple(index, _FEW=few, _MANY=few + 2):
        assert len(titles("harbour")) == 6
        assert titles("harbour 5") == ["Harbour fair 5"]


def test_a_new_title_finds_the_old_one_does_not_and_the_removed_is_gone(fairs):
    visit = Engagement.objects.get(title="Orchard visit")
    actions.correct(by=None, engagement=visit, title="Quarry visit")

    assert (titles("quarry"), titles("orchard")) == (["Quarry visit"], [])
    visit.delete()
    assert titles("quarry") == []


def test_made_anew_it_is_what_it_was(fairs):
    before = sorted(EngagementWord.objects.values_list("record", "word"))
    spelt = set(Spelling.objects.values_list("spelling", "word"))
    Spelling.objects.all().delete()
    rebuild()

    assert sorted(EngagementWord.objects.values_list("record", "word")) == before
    assert set(Spelling.objects.values_list("spelling", "word")) <= spelt
