"""Postcodes, apprenticeship standards, and the links between schools."""

import re

from guilds.importing.layouts.base import layout
from guilds.importing.layouts.providers import read_urn
from guilds.importing.models import Kind
from guilds.importing.rows import Row
from guilds.importing.values import read_date, read_whole
from guilds.reference.places import bare_postcode

_GSS = re.compile(r"[EWSN]\d{8}")
#: Code-Point Open comes without a header row; these are the columns that its guide lists.
CODE_POINT = (
    "Postcode",
    "Positional_quality_indicator",
    "Eastings",
    "Northings",
    "Country_code",
    "NHS_regional_HA_code",
    "NHS_HA_code",
    "Admin_county_code",
    "Admin_district_code",
    "Admin_ward_code",
)


def looks_like_code_point(cells: list[str]) -> bool:
    """Ten columns, a postcode in the first, a district's code in the ninth."""
    return len(cells) == len(CODE_POINT) and bool(bare_postcode(cells[0])) and _is_district(cells[8])


def _is_district(text: str) -> bool:
    return not text or bool(_GSS.fullmatch(text))


def _postcode_reader(postcode: str, district: str):
    def read(row: Row) -> None:
        """A postcode and its district's GSS code; districts that we don't have lie outside."""
        bare, code = bare_postcode(row.cell(postcode)), row.cell(district)
        if not bare:
            row.refuse(postcode, f"“{row.cell(postcode)}” is not a full UK postcode")
        if not (code == "outside" or (code and _is_district(code))):
            row.refuse(district, f"“{code}” is not a district's GSS code, such as E07000105")
        row.values = {"postcode": bare, "district": code}

    return read


def read_standard(row: Row) -> None:
    """The official list of standards. 01-01-0001 is its way to leave a date out; level 0 is not set yet."""
    approved = row.cell("Approved for Delivery Date")
    row.values = {
        "reference": row.text("Reference", required=True, longest=12), "title": row.text("Name", required=True,
                                                                                         longest=250),
        "level": row.read("Level", read_whole) or None, "route": re.sub(" {2,}", ", ", row.cell("Route")),
        "approved_for_delivery": approved.upper() not in ("", "TBC"), "lars": row.known("LARS code for providers only"),
        "approved_on": None if approved.endswith("-0001") else row.read("Approved for Delivery Date", read_date),
    }  # fmt: skip
    if row.values["level"] and not 2 <= row.values["level"] <= 8:
        row.refuse("Level", "Levels go from 2 to 8")


def read_link(row: Row) -> None:
    """GIAS links. "Successor" and "Predecessor" say the same of a pair from either end; other links are not ours."""
    sort = row.text("LinkType")
    row.values = {
        "urn": row.read("URN", read_urn, required=True), "other": row.read("LinkURN", read_urn, required=True),
        "kind": sort, "happened_on": row.try_read("LinkEstablishedDate", read_date),
        "direction": direction_of(sort),
    }  # fmt: skip
    if row.values["urn"] and row.values["urn"] == row.values["other"]:
        row.refuse("LinkURN", "A school can't succeed itself")


def direction_of(link_type: str) -> str:
    """`successor` or `predecessor`: what the linked school is to the first; empty for links that are no succession.

    GIAS lists a "Result of Amalgamation" from both ends alike: `either`, the one that is still open went on.
    """
    lowered = link_type.lower()
    if lowered.startswith("result of amalgamation"):
        return "either"
    return next((word for word in ("successor", "predecessor") if lowered.startswith(word)), "")


LAYOUTS = (
    layout(
        "Code-Point Open",
        Kind.POSTCODES,
        "Postcode|Eastings|Northings|Admin_district_code",
        _postcode_reader("Postcode", "Admin_district_code"),
        columns=CODE_POINT,
        headless=looks_like_code_point,
    ),
    layout("Code-Point Open, short titles", Kind.POSTCODES, "PC|EA|NO|DC", _postcode_reader("PC", "DC")),
    layout("ONS Postcode Directory", Kind.POSTCODES, "pcds|oslaua", _postcode_reader("pcds", "oslaua")),
    layout("Postcodes", Kind.POSTCODES, "postcode|district", _postcode_reader("postcode", "district")),
    layout(
        "Apprenticeship standards",
        Kind.STANDARDS,
        "Name|Reference|Approved for Delivery Date|Route|Level",
        read_standard,
    ),
    layout("GIAS links", Kind.SCHOOL_LINKS, "URN|LinkURN|LinkType", read_link),
)
