"""Text as look-ups compare it: words without accents, case and punctuation, and each word's neighbours in spelling."""

import re
import unicodedata
from collections.abc import Iterable

#: A longer word is kept by its beginning, a longer text by its first words.
LONGEST, MOST = 40, 12
#: Shorter words have too many neighbours, and so do numbers.
_SHORTEST_WITH_NEIGHBOURS = 4
_BETWEEN = re.compile(r"[\W_]+")
_DROPPED = str.maketrans("", "", "'\u2019`.")
#: Nobody remembers whether they are part of a name.
_SAY_NOTHING = frozenset({"and", "at", "for", "in", "of", "the"})
#: Two ways of writing one word.
_SAME = {"saint": "st", "mount": "mt", "brothers": "bros", "centre": "center", "theatre": "theater"}


def fold(text: str) -> str:
    """Lower case, no accents, no punctuation, single spaces."""
    small = text.casefold().replace("&", " and ")
    bare = small if small.isascii() else _without_accents(small)
    return _BETWEEN.sub(" ", bare.translate(_DROPPED)).strip()


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def words_of(text: str) -> tuple[str, ...]:
    """The words that say something, each once; all of them where none does."""
    return telling_words(fold(text))


def telling_words(folded: str) -> tuple[str, ...]:
    """The same of a text that is folded already."""
    every = [_SAME.get(word, word)[:LONGEST] for word in folded.split()]
    telling = [word for word in every if word not in _SAY_NOTHING]
    return tuple(dict.fromkeys(telling or every))[:MOST]


def initials(text: str) -> set[str]:
    """What a name of three words and more is often called, with and without its small words."""
    every = fold(text).split()
    choices = (every, [word for word in every if word not in _SAY_NOTHING])
    return {"".join(word[0] for word in words) for words in choices if 3 <= len(words) <= MOST}


def spellings(word: str) -> set[str]:
    """The word, and itself with each one letter left out: two words that share one of these differ by one slip.

    (A letter more, less, other, or two that changed places.)
    """
    if len(word) < _SHORTEST_WITH_NEIGHBOURS or not word.isalpha():
        return {word}
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


def all_spellings(words: Iterable[str]) -> set[tuple[str, str]]:
    """(spelling, word) for each."""
    return {(spelling, word) for word in words for spelling in spellings(word)}
