"""What somebody finds in the registry by what they type, and in which order."""

import pytest

from guilds.organisations import actions, bulk
from guilds.organisations.models import Organisation
from guilds.organisations.queries import matching, suggest
from tests.factories import make_district, make_employer, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registry():
    make_district("outside", "Outside Kent and Medway")
    make_school("St Mary's Grammar School, Ashford", identifiers=[("urn", "118788"), ("ukprn", "10000001")])
    make_school("Ashford Grammar School", identifiers=[("urn", "200001")])
    make_school("East Kent College", provider_kind="fe_college", identifiers=[("urn", "200002")])
    make_employer("Hill & Sons Limited", trading_names=["Ferry Cakes"], identifiers=[("companies_house", "01234567")])
    make_employer("Ashford Bakers", postcode="TN24 8AB", identifiers=[("companies_house", "11878801")])
    return Organisation.objects.all()


def names(words: str) -> list[str]:
    return [row.name for row in suggest(words, among=Organisation.objects.all())]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Ashfrod Grammer", ["Ashford Grammar School", "St Mary's Grammar School, Ashford"]),
        ("saint marys", ["St Mary's Grammar School, Ashford"]),
        ("ashford st mary", ["St Mary's Grammar School, Ashford"]),
        ("Hill and Sons", ["Hill & Sons Limited"]),
        ("hill sons ltd", ["Hill & Sons Limited"]),
        ("fery cakes", ["Hill & Sons Limited"]),
        ("EKC", ["East Kent College"]),
        ("10000001", ["St Mary's Grammar School, Ashford"]),
        ("1234567", ["Hill & Sons Limited"]),
        ("TN24", ["Ashford Bakers"]),
        ("tn248ab", ["Ashford Bakers"]),
        ("Nothing alike", []),
        ("ashford zzzz", []),
        ("%", []),
    ],
)
def test_what_is_found_in_which_order(typed, found):
    assert names(typed) == found
    assert sorted(matching(typed, among=Organisation.objects.all()).values_list("name", flat=True)) == sorted(found)


def test_the_beginning_of_a_name_goes_before_words_in_it_and_a_number_before_both():
    assert names("ashford")[:2] == ["Ashford Bakers", "Ashford Grammar School"]
    assert names("118788")[0] == "St Mary's Grammar School, Ashford"


def test_a_word_that_is_there_is_not_taken_for_a_slip():
    make_employer("Ashfold Works")

    assert names("ashfold") == ["Ashfold Works"]


def test_a_new_name_finds_and_the_old_one_does_not(registry):
    bakers, sons = registry.get(name="Ashford Bakers"), registry.get(name="Hill & Sons Limited")
    actions.correct(by=None, organisation=bakers, name="Dover Millers")
    bulk.correct_many(by=None, corrections=[bulk.Correction(sons, {"name": "Quarry Pies", "trading_names": []})])
    bulk.register_many(by=None, drafts=[bulk.Draft({"name": "Marsh Boats", "is_employer": True}, ())])

    assert (names("dover"), names("quarry"), names("marsh")) == (["Dover Millers"], ["Quarry Pies"], ["Marsh Boats"])
    assert "Dover Millers" not in names("ashford") and names("ferry") == []


@pytest.mark.parametrize("typed", ["ashford", "Ashfrod Grammer", "zzzz yyyy", "118788"])
def test_as_many_queries_for_few_as_for_many(typed, registry, django_assert_max_num_queries):
    for n in range(30):
        make_school(f"Ashford Grammar {n}")
    with django_assert_max_num_queries(10):
        suggest(typed, among=registry)
    with django_assert_max_num_queries(5):
        list(matching(typed, among=registry))
