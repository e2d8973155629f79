"""The reference data that comes with the system."""

import pytest

from guilds.audit.models import Event
from guilds.organisations.actions import register
from guilds.reference.actions import save_guild
from guilds.reference.bulk import load_postcodes
from guilds.reference.loading import load_reference
from guilds.reference.models import OUTSIDE, District, Guild, Outcode
from guilds.reference.places import Place, district_for

pytestmark = pytest.mark.django_db


def test_eight_guilds_thirteen_districts_and_outside():
    assert load_reference() == {"districts": 14, "guilds": 8, "outcodes": 82}
    assert (Guild.objects.count(), District.objects.local().count()) == (8, 13)
    assert District.objects.get(code="E07000112").former_names == ["Shepway"]
    areas = {area: District.objects.filter(area=area).count() for area in ("North", "South", "East", "West", "Medway")}
    assert areas == {"North": 3, "South": 3, "East": 3, "West": 3, "Medway": 1}


def test_again_changes_nothing():
    load_reference()
    events = Event.objects.count()
    load_reference()
    assert (Event.objects.count(), Outcode.objects.count()) == (events, 82)


def test_again_corrects_what_differs_and_keeps_what_was_added():
    load_reference()
    save_guild(by=None, slug="digital", name="Digital")
    chair = register(by=None, name="Saltmarsh Hotels", is_employer=True)
    save_guild(by=None, slug="sciences", name="Science", chair=chair)
    load_reference()
    sciences = Guild.objects.get(slug="sciences")
    assert (sciences.name, sciences.chair) == ("Sciences", chair)
    assert Guild.objects.filter(slug="digital").exists()


@pytest.mark.parametrize(
    ("postcode", "place"),
    [
        ("TN24 8UN", Place("E07000105", approximate=True)),
        ("ME4 4XX", Place("E06000035", approximate=True)),
        ("DA14 4DS", Place(OUTSIDE)),
        ("SW1A 1AA", Place(OUTSIDE)),
        ("no postcode", Place(None)),
    ],
)
def test_outcodes_place_an_address_approximately(postcode, place):
    load_reference()
    assert district_for(postcode) == place


def test_prefixes_of_two_guilds_never_claim_the_same_code():
    load_reference()
    prefixes = [(p, guild.slug) for guild in Guild.objects.all() for p in guild.sic_prefixes]
    clashes = [(mine, theirs) for mine, a in prefixes for theirs, b in prefixes if a != b and mine.startswith(theirs)]
    assert clashes == []


@pytest.mark.parametrize(
    ("postcode", "place"),
    [
        ("ME14 1AA", Place("E07000110")),
        ("ME14 9ZZ", Place(None)),  # all of ME14 is local, so it is newer than the file
        ("DA1 5ZZ", Place(None)),  # on the border, and the postcodes around it are local
        ("DA1 4ZZ", Place(OUTSIDE)),  # on the border, and next to none around it is local
        ("DA14 5ZZ", Place(OUTSIDE)),
        ("SW1A 1AA", Place(OUTSIDE)),
    ],
)
def test_postcodes_that_an_official_file_lacks(postcode, place):
    load_reference()
    local = [f"DA15{letter}A" for letter in "ABDEFGHJLNPQRST"]
    load_postcodes({"ME141AA": "E07000110", "DA14AA": "E07000107"} | dict.fromkeys(local, "E07000107"))
    assert district_for(postcode) == place
