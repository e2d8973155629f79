"""How names of organisations are compared. A likeness of names finds candidates; it never decides identity."""

import re
import unicodedata

from guilds.search.words import fold

_ENDINGS = re.compile(r"\b(ltd|limited|plc|llp|lp|cic|cio|company|co|inc|the)\b")
_SPACES = re.compile(r"\s+")


def search_name(name: str) -> str:
    """A name as look-ups compare it: lower case, no accents, no punctuation, no company endings."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("&", " and ")
    bare = re.sub(r"[^a-z0-9 ]+", " ", plain.replace("'", ""))
    short = _SPACES.sub(" ", _ENDINGS.sub(" ", bare)).strip()
    return (short or _SPACES.sub(" ", bare).strip())[:250]


def bare_name(name: str) -> str:
    """A name as its words are looked for: folded, without company endings (unless it is nothing else)."""
    folded = fold(name)
    return _SPACES.sub(" ", _ENDINGS.sub(" ", folded)).strip() or folded
