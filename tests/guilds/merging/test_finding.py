"""Which records are offered as likely duplicates, and which never."""

import pytest

from guilds.merging import actions
from guilds.merging.finding import digits_of, find_duplicates, host_of
from guilds.merging.models import DuplicatePair
from guilds.organisations import actions as registry
from tests import factories as make

pytestmark = pytest.mark.django_db


def add(name: str, *, number: bool = False, **fields):
    """An employer in Thanet, without a number that would tell it apart."""
    fields = {"district": make.make_district()} | fields
    return make.make_employer(name, **fields) if number else make.make_employer(name, identifiers=[], **fields)


def offered() -> dict[frozenset[str], str]:
    find_duplicates()
    pairs = DuplicatePair.objects.offered().select_related("first", "second")
    return {frozenset((pair.first.name, pair.second.name)): pair.reason for pair in pairs}


def test_pairs_are_found_for_what_they_share():
    elsewhere = make.make_district("E07000106", "Canterbury")
    for name, fields in {
        "Bay Hotel": {}, "The Bay Hotel Ltd": {}, "Bay Hotell": {"district": elsewhere},
        "Harbour Cafe": {"phone": "+44 1843 123456"}, "Cliff Tea Rooms": {"phone": "01843 123 456"},
        "Sea Works": {"website": "https://www.sea.example/"}, "Marine Trade": {"website": "http://sea.example"},
        "Grand Parade Garage": {}, "Grand Parade Garages": {},
    }.items():  # fmt: skip
        add(name, **fields)
    assert offered() == {
        frozenset(("Bay Hotel", "The Bay Hotel Ltd")): "Same name in the same district",
        frozenset(("Harbour Cafe", "Cliff Tea Rooms")): "Same telephone number",
        frozenset(("Sea Works", "Marine Trade")): "Same website",
        frozenset(("Grand Parade Garage", "Grand Parade Garages")): "Much the same name in the same district",
    }


def test_what_registers_tell_apart_is_offered_only_at_one_place_under_one_name():
    add("Bay Hotel", number=True, phone="01843 123456"), add("Bay Hotel", number=True, phone="01843 123456")
    assert offered() == {}
    school, academy = make.make_school("Cliff School", identifiers=[]), make.make_school("Cliff School", identifiers=[])
    for one in (school, academy):
        registry.correct(by=None, organisation=one, district=make.make_district())
    assert len(offered()) == 1
    registry.link_successor(by=None, predecessor=school, successor=academy)
    assert offered() == {}


def test_a_decision_stays_and_what_looks_alike_no_more_is_forgotten():
    one, other = add("Bay Hotel"), add("Bay Hotel Limited")
    third, fourth = add("Sea Works"), add("Sea Works")
    assert len(offered()) == 2
    actions.tell_apart(by=None, one=other, other=one)
    actions.merge(by=None, winner=third, loser=fourth)
    assert offered() == {} and find_duplicates() == 0
    assert DuplicatePair.objects.get().different


def test_telephones_and_websites_are_compared_by_what_they_mean():
    assert digits_of("+44 (0)1843 123-456") == digits_of("0044 1843 123456") == "01843123456"
    assert digits_of("ext. 12") == ""
    assert host_of("https://www.Sea.example/") == host_of("http://sea.example") == "sea.example"
    assert host_of("https://hosts.example/sea") != host_of("https://hosts.example/bay")
