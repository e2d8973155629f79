"""A body for every resource that takes one, and one for every verb, as somebody would send it."""

from typing import Any

from guilds.organisations.models import Organisation
from tests.factories import make_district, make_employer, make_guild, make_school

GUILD = "hospitality-tourism"


def body_for(prefix: str, *, employer: Organisation | None = None, guild: str | None = GUILD) -> dict[str, Any]:
    """What a POST to a resource may hold. Each says something different, so that it can be sent again."""
    make_guild(guild) if guild else None
    make_district(), make_district("outside", "Outside Kent and Medway")
    employer = employer or make_employer()
    return BODIES[prefix](str(employer.pk), guild)


BODIES = {
    "organisations": lambda employer, guild: {
        "name": "Pier Hotel Ltd",
        "roles": ["employer"],
        "postcode": "CT9 1XX",
        "employer": {"sic_codes": ["55100"], "size_band": "small", "employees": {"low": 10, "high": 49}},
    },
    "contacts": lambda employer, guild: {
        "organisation": employer,
        "name": "Sam Example",
        "email": "sam@harbour.example",
    },
    "engagements": lambda employer, guild: {
        "title": "Careers fair",
        "kind": "careers_event",
        "guild": guild,
        "starts_at": "2017-03-14T10:00:00Z",
        "district": "E07000114",
        "attendances": [{"provider": str(make_school().pk), "learners": 40}],
        "participations": [{"employer": employer, "role": "speaker", "hours": 4.5}],
    },
    "pledges": lambda employer, guild: {
        "employer": employer,
        "guild": guild,
        "kind": "placement",
        "quantity": 10,
        "made_on": "2017-03-14",
        "districts": ["E07000114"],
    },
    "placements": lambda employer, guild: {
        "employer": employer,
        "provider": str(make_school().pk),
        "guild": guild,
        "programme": "work_experience",
        "learners": 2,
        "arranged_on": "2017-03-14",
    },
    "apprenticeships": lambda employer, guild: {
        "employer": employer,
        "guild": guild,
        "standard_title": "Chef de partie",
        "level": 3,
        "positions": 2,
        "opened_on": "2017-03-14",
        "intake": "september",
    },
    "publications": lambda employer, guild: {"period": "2016-17", "guild": guild},
    "targets": lambda employer, guild: {"measure": "encounters", "guild": guild, "period": "2017-18", "value": 4000},
}
