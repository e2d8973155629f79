"""Records to measure on, made by the database itself: any number of engagements with who came, over ten years."""

import csv
import random
from pathlib import Path

from django.db import connection

PROVIDER_SHARE = 20
YEARS = 10
_ORGANISATIONS = """
INSERT INTO guilds_organisation (id, created_at, updated_at, version, name, search_name, trading_names, status, is_employer,
    is_provider, address, postcode, district_id, district_approximate, website, phone, sic_codes, size_band, provider_kind,
    local_kind, phase)
SELECT gen_random_uuid(), now(), now(), 1, initcap(word) || ' ' || n, word || ' ' || n, '[]', 'active', NOT provider,
    provider, '', '', district, false, '', '', '[]', '', CASE WHEN provider THEN 'secondary' ELSE '' END, '', ''
FROM (SELECT n, n %% %(share)s = 0 AS provider,
        (ARRAY['harbour','orchard','chalk','weald','ferry','hop','downs','marsh','quarry','lantern'])[1 + n %% 10] AS word,
        (SELECT array_agg(code ORDER BY code) FROM guilds_district)[1 + n %% 14] AS district
      FROM generate_series(1, %(count)s) AS n) AS made
"""
_ENGAGEMENTS = """
INSERT INTO guilds_engagement (id, created_at, updated_at, version, reference, kind, title, guild_id, starts_at, starts_on,
    venue_address, district_id, delivery, status, status_reason, purpose, gatsby_benchmarks, notes)
SELECT gen_random_uuid(), now(), now(), 1, '',
    (ARRAY['careers_event','assembly','workshop','industry_visit','school_visit','mock_interviews'])[1 + n %% 6],
    'Engagement ' || n, CASE WHEN n %% 9 = 0 THEN NULL ELSE guilds[1 + n %% 8] END, day + interval '10 hours', day, '',
    districts[1 + n %% 14], 'in_person', CASE WHEN n %% 10 < 8 THEN 'delivered' ELSE 'planned' END, '', '', '[]', ''
FROM (SELECT n, current_date - ((n::bigint * 7919) %% %(days)s)::int AS day FROM generate_series(1, %(count)s) AS n) AS made,
    (SELECT array_agg(slug ORDER BY slug) AS guilds FROM guilds_guild) AS g,
    (SELECT array_agg(code ORDER BY code) AS districts FROM guilds_district) AS d
"""
_ATTENDANCES = """
INSERT INTO guilds_attendance (engagement_id, provider_id, year_group, learners, answer, answer_note)
SELECT e.id, ids[1 + (e.place * 2 + part) %% cardinality(ids)], '', CASE WHEN e.place %% 11 = 0 THEN NULL
    ELSE 20 + e.place %% 90 END, 'unanswered', ''
FROM (SELECT id, row_number() OVER () AS place FROM guilds_engagement) AS e, generate_series(0, 1) AS part,
    (SELECT array_agg(id) AS ids FROM guilds_organisation WHERE is_provider) AS p
"""
_PARTICIPATIONS = """
INSERT INTO guilds_participation (engagement_id, employer_id, role, volunteers, hours, job_offers)
SELECT e.id, ids[1 + (e.place * 2 + part) %% cardinality(ids)], 'exhibitor', 2, 4.5, NULL
FROM (SELECT id, row_number() OVER () AS place FROM guilds_engagement) AS e, generate_series(0, 1) AS part,
    (SELECT array_agg(id) AS ids FROM guilds_organisation WHERE is_employer) AS p
"""


def fill(rows: int) -> None:
    """Make `rows` engagements, and a fifth as many organisations (20,000 at most). Reference data is there already."""
    organisations = min(20_000, max(500, rows // 5))
    with connection.cursor() as cursor:
        cursor.execute(_ORGANISATIONS, {"count": organisations, "share": PROVIDER_SHARE})
        cursor.execute(_ENGAGEMENTS, {"count": rows, "days": YEARS * 365})
        cursor.execute(_ATTENDANCES.replace("%%", "%"))
        cursor.execute(_PARTICIPATIONS.replace("%%", "%"))
    vacuum()


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
