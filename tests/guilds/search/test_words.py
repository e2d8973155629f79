"""How text is compared."""

import pytest

from guilds.search.words import initials, spellings, words_of


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("St Mary's Café & Sons", ("st", "marys", "cafe", "sons")),
        ("Saint Marys CAFE and Sons", ("st", "marys", "cafe", "sons")),
        ("University of the Creative Arts", ("university", "creative", "arts")),
        ("HT-2016/001", ("ht", "2016", "001")),
        ("The And Of", ("the", "and", "of")),
        ("fair fair", ("fair",)),
        ("%_!", ()),
        ("Łódź straße", ("łodz", "strasse")),
    ],
)
def test_words_that_say_something(typed, words):
    assert words_of(typed) == words


def test_a_long_text_is_kept_by_its_beginning():
    assert [len(word) for word in words_of("x" * 300)] == [40]
    assert len(words_of(" ".join(map(str, range(100))))) == 12


def test_names_of_three_words_have_initials_with_and_without_small_words():
    assert initials("East Kent College") == {"ekc"}
    assert initials("Bank of England and Wales") == {"boeaw", "bew"}
    assert initials("Bay Hotel") == set()


@pytest.mark.parametrize("slip", ["ashfrod", "ashfor", "ashfford", "axhford", "shford"])
def test_one_slip_is_between_two_words_that_share_a_spelling(slip):
    assert spellings(slip) & spellings("ashford")


def test_short_words_and_numbers_have_one_spelling():
    assert spellings("bay") == {"bay"}
    assert spellings("4711") == {"4711"}
