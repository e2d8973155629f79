"""From an address to a district."""

import re
from dataclasses import dataclass

from guilds.reference.models import OUTSIDE, Outcode, Postcode

_POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$")


@dataclass(frozen=True)
class Place:
    """A district's code (None: not known), and whether it is only the likeliest one."""

    district: str | None
    approximate: bool = False


UNKNOWN = Place(None)


def bare_postcode(text: str) -> str:
    """A postcode without spaces, in capitals; empty if the text is no full UK postcode."""
    bare = re.sub(r"\s+", "", text or "").upper()
    return bare if _POSTCODE.match(bare) else ""


def tidy_postcode(text: str) -> str:
    """A postcode as it is written, "ME14 1XX"; empty if the text is no full UK postcode."""
    bare = bare_postcode(text)
    return f"{bare[:-3]} {bare[-3:]}" if bare else ""


def outcode(text: str) -> str:
    """The first half of a postcode; empty if the text is no full UK postcode."""
    return bare_postcode(text)[:-3]


def districts_for(postcodes: list[str]) -> dict[str, Place]:
    """The place of each postcode, in three queries however many there are. Keys are the texts as given.

    With an official file loaded, a postcode it lacks is outside when its outcode has no local postcodes,
    and not known when it has (it is newer than the file). With none, the outcode's commonest district is
    taken and marked approximate.
    """
    bare = {text: bare_postcode(text) for text in postcodes}
    exact = dict(Postcode.objects.filter(pk__in={b for b in bare.values() if b}).values_list("pk", "district_id"))
    commonest = dict(
        Outcode.objects.filter(pk__in={b[:-3] for b in bare.values() if b}).values_list("pk", "district_id")
    )
    loaded = Postcode.objects.exists()
    return {text: _place(b, exact, commonest, loaded) for text, b in bare.items()}


def district_for(postcode: str) -> Place:
    """The place of one postcode."""
    return districts_for([postcode])[postcode]


def _place(bare: str, exact: dict, commonest: dict, loaded: bool) -> Place:
    if not bare:
        return UNKNOWN
    if bare in exact:
        return Place(exact[bare])
    near = commonest.get(bare[:-3], OUTSIDE)
    if near == OUTSIDE:
        return Place(OUTSIDE)
    return UNKNOWN if loaded else Place(near, approximate=True)
