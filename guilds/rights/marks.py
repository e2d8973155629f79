"""What somebody is recognised by in a text: their name, their e-mail address, their telephone number."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from guilds.audit.forgetting import ERASED

#: Shorter words would be found everywhere.
SHORTEST = 3
_FEWEST_DIGITS = 6
_SPACE = r"(\s|\\[nrt])+"


@dataclass(frozen=True)
class Marks:
    """The words by which a person is found, each as a person would write it."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, words: Iterable[str]) -> "Marks":
        """What is long enough to mean somebody, the longest first, so that no word spoils a longer one."""
        tidy = {" ".join(word.split()) for word in words}
        return cls(tuple(sorted((word for word in tidy if len(word) >= SHORTEST and word != ERASED), key=_longest)))

    def __bool__(self) -> bool:
        return bool(self.words)

    @cached_property
    def pattern(self) -> str:
        """A regular expression for a database: it finds more than is meant, never less."""
        return "|".join(dict.fromkeys(_pattern(way) for word in self.words for way in _ways(word)))

    @cached_property
    def pattern_in_json(self) -> str:
        """The same where a database keeps letters beyond ASCII as numbers."""
        return "|".join(dict.fromkeys(re.escape(way) for word in self.words for way in _escaped(word)))

    @cached_property
    def _exact(self) -> re.Pattern:
        return re.compile("|".join(rf"(?<!\w){_pattern(word)}(?!\w)" for word in self.words) or r"(?!)", re.IGNORECASE)

    def clean(self, text: str) -> str:
        """The text without them."""
        return self._exact.sub(ERASED, text)

    def are_in(self, text: str) -> bool:
        """Whether one of them stands in a text."""
        return self._exact.search(text) is not None

    def excerpt(self, text: str, around: int = 60) -> str:
        """The first place where one of them stands, with some words around it; empty if none does."""
        found = self._exact.search(text)
        if found is None:
            return ""
        start, end = max(found.start() - around, 0), found.end() + around
        return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _longest(word: str) -> tuple[int, str]:
    return -len(word), word


def _pattern(word: str) -> str:
    digits = re.sub(r"[\s()+./-]", "", word)
    if digits.isdigit() and len(digits) >= _FEWEST_DIGITS:
        return _telephone(digits)
    return _SPACE.join(re.escape(part) for part in word.split())


def _telephone(digits: str) -> str:
    """However it is spaced, with the country's number or without."""
    national = re.sub(r"^(0044|44|0)", "", digits)
    rest = r"[^0-9a-z]{0,3}".join(national)
    return rf"(\+|00)?(44[^0-9a-z]{{0,3}})?(\(?0\)?[^0-9a-z]{{0,3}})?{rest}"


def _ways(word: str) -> tuple[str, ...]:
    """Databases know capitals of ASCII alone, so that others are told to them."""
    return (word,) if word.isascii() else (word, word.lower(), word.upper(), word.title())


def _escaped(word: str) -> list[str]:
    return [] if word.isascii() else [json.dumps(way)[1:-1] for way in _ways(word)]
