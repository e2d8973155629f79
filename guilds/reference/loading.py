"""The reference data that comes with the system, brought into the database; may be run as often as one likes."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import transaction

from guilds.reference.actions import save_district, save_guild
from guilds.reference.bulk import load_outcodes
from guilds.reference.models import Outcode

DATA = Path(__file__).parent / "data"


@transaction.atomic
def load_reference(*, by=None) -> dict[str, int]:
    """Add the guilds, districts and outcodes that are missing and correct those that differ.

    Guilds and districts that were added here stay, and so do a guild's chair and its dates. Measures are not rows:
    their definitions are code. Gives how many rows of each kind there are in the files.
    """
    districts = [_district(row) for row in _rows("districts.csv")]
    guilds = [_guild(row) for row in _rows("guilds.csv")]
    outcodes = [_outcode(row) for row in _rows("outcodes.csv")]
    for district in districts:
        save_district(by=by, **district)
    for guild in guilds:
        save_guild(by=by, **guild)
    load_outcodes(outcodes)
    return {"districts": len(districts), "guilds": len(guilds), "outcodes": len(outcodes)}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _district(row: dict[str, str]) -> dict:
    return {
        "code": row["code"],
        "name": row["name"],
        "former_names": [name for name in row["former_names"].split(";") if name],
        "area": row["area"],
        "valid_from": date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
    }


def _guild(row: dict[str, str]) -> dict:
    return row | {"sic_prefixes": row["sic_prefixes"].split()}


def _outcode(row: dict[str, str]) -> Outcode:
    return Outcode(outcode=row["outcode"], district_id=row["district"], on_border=row["on_border"] == "yes")
