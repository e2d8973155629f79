"""Records to measure on, made by the database itself: any number of engagements with who came, over ten years."""

import csv
import random
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.models import Model

from guilds.engagement.models import Attendance, Engagement, Participation
from guilds.organisations.models import Organisation
from guilds.pledges.models import Pledge

PROVIDER_SHARE = 20
YEARS = 10
_NOW = {"id": "gen_random_uuid()", "created_at": "now()", "updated_at": "now()", "version": "1"}
_ORGANISATION = _NOW | {
    "name": "initcap(word) || ' ' || n", "search_name": "word || ' ' || n", "is_employer": "NOT provider",
    "is_provider": "provider", "district_id": "district", "provider_kind": "CASE WHEN provider THEN 'secondary' ELSE '' END",
}  # fmt: skip
_ORGANISATIONS = """
FROM (SELECT n, n %% %(share)s = 0 AS provider,
        (ARRAY['harbour','orchard','chalk','weald','ferry','hop','downs','marsh','quarry','lantern'])[1 + n %% 10] AS word,
        (SELECT array_agg(code ORDER BY code) FROM guilds_district)[1 + n %% 14] AS district
      FROM generate_series(1, %(count)s) AS n) AS made
"""
_NAMED = _NOW | {"name": "name", "search_name": "lower(name)", "is_employer": "true", "is_provider": "false"}
_ENGAGEMENT = _NOW | {
    "kind": "(ARRAY['careers_event','assembly','workshop','industry_visit','school_visit','mock_interviews'])[1 + n %% 6]",
    "title": "'Engagement ' || n", "guild_id": "CASE WHEN n %% 9 = 0 THEN NULL ELSE guilds[1 + n %% 8] END",
    "starts_at": "day + interval '10 hours'", "starts_on": "day", "district_id": "districts[1 + n %% 14]",
    "status": "CASE WHEN n %% 10 < 8 THEN 'delivered' ELSE 'planned' END",
}  # fmt: skip
_ENGAGEMENTS = """
FROM (SELECT n, current_date - ((n::bigint * 7919) %% %(days)s)::int AS day FROM generate_series(1, %(count)s) AS n) AS made,
    (SELECT array_agg(slug ORDER BY slug) AS guilds FROM guilds_guild) AS g,
    (SELECT array_agg(code ORDER BY code) AS districts FROM guilds_district) AS d
"""
_ATTENDANCE = {
    "engagement_id": "e.id", "provider_id": "ids[1 + (e.place * 2 + part) %% cardinality(ids)]",
    "learners": "CASE WHEN e.place %% 11 = 0 THEN NULL ELSE 20 + e.place %% 90 END",
}  # fmt: skip
_ATTENDANCES = """
FROM (SELECT id, row_number() OVER () AS place FROM guilds_engagement) AS e, generate_series(0, 1) AS part,
    (SELECT array_agg(id) AS ids FROM guilds_organisation WHERE is_provider) AS p
"""
_PARTICIPATION = {
    "engagement_id": "e.id", "employer_id": "ids[1 + (e.place * 2 + part) %% cardinality(ids)]", "volunteers": "2",
    "hours": "4.5",
}  # fmt: skip
_PARTICIPATIONS = """
FROM (SELECT id, row_number() OVER () AS place FROM guilds_engagement) AS e, generate_series(0, 1) AS part,
    (SELECT array_agg(id) AS ids FROM guilds_organisation WHERE is_employer) AS p
"""
_PLEDGE = _NOW | {
    "reference": "'P-' || e.place", "employer_id": "ids[1 + e.place %% cardinality(ids)]", "guild_id": "e.guild_id",
    "kind": "(ARRAY['placement','apprenticeship','industry_visit','school_talk'])[1 + e.place %% 4]",
    "quantity": "1 + e.place %% 20", "current_quantity": "1 + e.place %% 20", "made_on": "e.starts_on",
    "valid_until": "e.starts_on + 365", "status": "CASE WHEN e.place %% 50 = 0 THEN 'unverified' ELSE 'open' END",
    "verified_on": "CASE WHEN e.place %% 50 = 0 THEN NULL ELSE e.starts_on END",
}  # fmt: skip
_PLEDGES = """
FROM (SELECT guild_id, starts_on, row_number() OVER () AS place FROM guilds_engagement LIMIT %(count)s) AS e,
    (SELECT array_agg(id) AS ids FROM guilds_organisation WHERE is_employer) AS p
"""
#: What names of the searched registry are made of: with these, some 30,000 different words in 100,000 names.
_SYLLABLES = (
    "ash",
    "bar",
    "cray",
    "den",
    "elm",
    "fal",
    "gor",
    "hal",
    "ing",
    "ker",
    "lyn",
    "mar",
    "nor",
    "pel",
    "row",
    "sand",
)
_TRADES = (
    "Grammar School",
    "Engineering",
    "and Sons Ltd",
    "Hotel",
    "Care Home",
    "Builders Limited",
    "Fruit Farm",
    "Studios",
)


def fill(rows: int, *, searched: bool = True) -> None:
    """Make `rows` engagements, a fifth as many organisations (20,000 at most) and as many pledges. Reference data is there
    already. Nothing is found by words unless it is to be `searched`."""
    organisations = min(20_000, max(500, rows // 5))
    _make(Organisation, _ORGANISATION, _ORGANISATIONS, count=organisations, share=PROVIDER_SHARE)
    _make(Engagement, _ENGAGEMENT, _ENGAGEMENTS, count=rows, days=YEARS * 365)
    _make(Attendance, _ATTENDANCE, _ATTENDANCES)
    _make(Participation, _PARTICIPATION, _PARTICIPATIONS)
    _make(Pledge, _PLEDGE, _PLEDGES, count=max(100, rows // 5))
    if searched:
        call_command("rebuild_search", stdout=StringIO())
    vacuum()


def fill_registry(total: int) -> None:
    """Add employers with names of their own, as a register has them, until there are `total` organisations."""
    missing = max(0, total - Organisation.objects.count())
    _make(
        Organisation, _NAMED, "FROM unnest(%(names)s::text[]) AS name", names=[company_name(n) for n in range(missing)]
    )
    call_command("rebuild_search", stdout=StringIO())
    vacuum()


def company_name(number: int) -> str:
    """A name that no other number has, of words that several share."""
    pick = random.Random(number)  # noqa: S311
    first, second = ("".join(pick.choices(_SYLLABLES, k=k)).capitalize() for k in (4, 2))
    return f"{first} {second} {pick.choice(_TRADES)}"


def ways_to_type(name: str) -> list[str]:
    """A name as people type it: its beginning, a word of it, and the whole with two letters in each other's place."""
    return [name[:6], name.split()[1], name[:3] + name[4] + name[3] + name[5:]]


def _make(model: type[Model], columns: dict[str, str], source: str, **values: Any) -> None:
    """Insert what `source` gives: `columns` says each one's expression, all others get the model's default."""
    given = dict(columns)
    for field in model._meta.concrete_fields:
        if field.attname not in given and not field.primary_key and not field.null:
            values[field.attname] = field.get_db_prep_save(field.get_default(), connection)
            given[field.attname] = f"%({field.attname})s"
    names, expressions = ", ".join(given), ", ".join(given.values())
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) SELECT {expressions} {source}", values)


def vacuum() -> None:
    """Give the planner its statistics."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def write_postcodes(path: Path, count: int) -> None:
    """A postcode file as Code-Point Open is made: no header, ten columns."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    units = ((sector, a, b) for sector in range(10) for a in letters for b in letters)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        for place in range(count):
            if place % 4000 == 0:
                units = ((sector, a, b) for sector in range(10) for a in letters for b in letters)
            sector, a, b = next(units)
            postcode = f"ME{1 + place // 4000} {sector}{a}{b}"
            writer.writerow(
                [
                    postcode,
                    10,
                    570000,
                    160000,
                    "E92000001",
                    "E19000003",
                    "E18000007",
                    "E10000016",
                    f"E070001{5 + place % 10:02d}",
                    "E05005000",
                ]
            )


def write_companies(path: Path, count: int) -> None:
    """Employers in our own columns, with numbers and SIC codes."""
    pick = random.Random(7)  # noqa: S311
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "company_number", "sic_codes", "address", "postcode"])
        for place in range(count):
            postcode = f"ME{1 + place % 9} {place % 10}A{'ABDEFGHJLN'[place // 10 % 10]}"
            writer.writerow(
                [
                    f"Lantern Works {place} Ltd",
                    f"{80_000_000 + place}",
                    pick.choice(["55100", "62020"]),
                    f"{place} High Street",
                    postcode,
                ]
            )
