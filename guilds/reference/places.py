"""From an address to a district."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Length, Substr

from guilds.reference.models import OUTSIDE, Outcode, Postcode

#: A postal sector has some 200 postcodes; with fewer local ones than this, it is another county's.
_LOCAL_SECTOR = 15
_POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$")


@dataclass(frozen=True)
class Place:
    """A district's code (None: not known), and whether it is only the likeliest one."""

    district: str | None
    approximate: bool = False


UNKNOWN = Place(None)


def bare_postcode(text: str) -> str:
    """A postcode without spaces, in capitals; empty if the text is no full UK postcode."""
    bare = "".join((text or "").split()).upper()
    return bare if _POSTCODE.match(bare) else ""


def tidy_postcode(text: str) -> str:
    """A postcode as it is written, "ME14 1XX"; empty if the text is no full UK postcode."""
    bare = bare_postcode(text)
    return f"{bare[:-3]} {bare[-3:]}" if bare else ""


def outcode(text: str) -> str:
    """The first half of a postcode; empty if the text is no full UK postcode."""
    return bare_postcode(text)[:-3]


def districts_for(postcodes: list[str]) -> dict[str, Place]:
    """The place of each postcode, in four queries however many there are. Keys are the texts as given.

    With an official file loaded, a postcode that it lacks is not known (newer than the file) where the postcodes
    around it are local, and outside where they are not. With none, the outcode's commonest district is taken and
    marked approximate.
    """
    bare = {text: bare_postcode(text) for text in postcodes}
    wanted = set(filter(None, bare.values()))
    exact: dict[str, Any] = dict(Postcode.objects.filter(pk__in=wanted).values_list("pk", "district_id"))
    outcodes = Outcode.objects.in_bulk({b[:-3] for b in wanted - exact.keys()})
    found = {"": UNKNOWN} | {b: Place(code) for b, code in exact.items()}
    found |= {b: Place(OUTSIDE) for b in wanted - exact.keys() if b[:-3] not in outcodes}
    near = {b: outcodes[b[:-3]] for b in wanted - found.keys()}
    if Postcode.objects.exists():
        around = _local_postcodes_around(b for b, outcode in near.items() if outcode.on_border)
        found |= {b: _newer_than_file(outcode, around[b[:-2]]) for b, outcode in near.items()}
    else:
        found |= {b: _likeliest(outcode) for b, outcode in near.items()}
    return {text: found[b] for text, b in bare.items()}


def district_for(postcode: str) -> Place:
    """The place of one postcode."""
    return districts_for([postcode])[postcode]


def _newer_than_file(outcode: Outcode, around: int) -> Place:
    """Where the border runs through an outcode, a sector with next to no local postcodes lies beyond it."""
    return Place(OUTSIDE) if outcode.on_border and around < _LOCAL_SECTOR else UNKNOWN


def _likeliest(outcode: Outcode) -> Place:
    return Place(outcode.district_id, approximate=outcode.district_id != OUTSIDE)


def _local_postcodes_around(postcodes: Iterable[str]) -> Counter[str]:
    """How many local postcodes there are in each of some postcodes' sectors ("DA1 4": written DA14)."""
    sectors = {bare[:-2] for bare in postcodes}
    if not sectors:
        return Counter()
    # Bounds, not a prefix: DA14 is also the beginning of DA14 5ED.
    within = reduce(or_, (Q(pk__gte=f"{sector}AA", pk__lte=f"{sector}ZZ") for sector in sectors))
    local = Postcode.objects.filter(within).exclude(district__code=OUTSIDE)
    by_sector = local.values(sector=Substr("postcode", 1, Length("postcode") - 2)).annotate(count=Count("pk"))
    return Counter({row["sector"]: row["count"] for row in by_sector.order_by()})
