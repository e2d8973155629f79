"""People and records for tests: plain functions that call the actions, so that no test has what nobody could make.

Each gives something ordinary; keyword arguments say what a test is about.
"""

from datetime import UTC, date, datetime
from itertools import count

from guilds.access import actions as access
from guilds.access.models import Role, User
from guilds.engagement import actions as engagement_actions
from guilds.engagement.models import Engagement
from guilds.opportunities import actions as opportunities
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations import actions as registry
from guilds.organisations.models import Contact, Membership, Organisation
from guilds.pledges import actions as pledge_actions
from guilds.pledges import request_actions
from guilds.pledges.models import Pledge
from guilds.reference import actions as reference
from guilds.reference.models import District, Guild

_numbers = count(1)
#: A day on which everything in these tests has happened already.
DAY = date(2017, 3, 14)


def moment(day: date = DAY, hour: int = 10) -> datetime:
    """A time of day, in winter time."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def make_guild(slug: str = "hospitality-tourism", **fields) -> Guild:
    """A guild; the same one when it is asked for again."""
    known = Guild.objects.filter(slug=slug).first()
    return known or reference.save_guild(by=None, slug=slug, name=slug.replace("-", " ").title(), **fields)


def make_district(code: str = "E07000114", name: str = "Thanet", **fields) -> District:
    """A district; the same one when it is asked for again."""
    return District.objects.filter(code=code).first() or reference.save_district(
        by=None, code=code, name=name, **fields
    )


def make_employer(name: str = "", **fields) -> Organisation:
    """An employer with a company number of its own."""
    number = next(_numbers)
    fields.setdefault("identifiers", [("companies_house", f"{number:08}")])
    return registry.register(by=None, name=name or f"Harbour Works {number}", is_employer=True, **fields)


def make_school(name: str = "", **fields) -> Organisation:
    """A secondary school with a URN of its own."""
    number = next(_numbers)
    fields = {"identifiers": [("urn", f"{100_000 + number}")], "provider_kind": "secondary"} | fields
    return registry.register(by=None, name=name or f"Hill School {number}", is_provider=True, **fields)


def make_user(role: str, *, guilds=(), organisation=None, **fields) -> User:
    """Somebody who may sign in. `guilds`: slugs."""
    return access.create_user(
        by=None,
        email=fields.pop("email", f"{role}{next(_numbers)}@guildhall.example"),
        role=role,
        guilds=[make_guild(slug) for slug in guilds],
        organisation=organisation,
        **fields,
    )


def make_administrator() -> User:
    """Somebody who may do everything."""
    return make_user(Role.ADMINISTRATOR)


def make_coordinator(*guilds: str) -> User:
    """A coordinator of these guilds (slugs); of Hospitality and Tourism when none is named."""
    return make_user(Role.COORDINATOR, guilds=guilds or ("hospitality-tourism",))


def make_employer_member(organisation: Organisation | None = None) -> User:
    """Somebody who works for an employer."""
    return make_user(Role.EMPLOYER, organisation=organisation or make_employer())


def make_school_member(organisation: Organisation | None = None) -> User:
    """Somebody who works for a school or college."""
    return make_user(Role.SCHOOL, organisation=organisation or make_school())


def make_commission_member() -> User:
    """A member of the Skills Commission."""
    return make_user(Role.COMMISSION)


def make_contact(organisation: Organisation | None = None, **fields) -> Contact:
    """A person at an organisation."""
    fields = {"name": "Sam Example", "email": "sam@harbour.example"} | fields
    return registry.add_contact(by=None, organisation=organisation or make_employer(), **fields)


def make_membership(organisation: Organisation, guild: str = "hospitality-tourism", **fields) -> Membership:
    """An organisation's time in a guild."""
    fields = {"role": "member", "joined_on": date(2016, 9, 1)} | fields
    return registry.join_guild(by=None, organisation=organisation, guild=make_guild(guild), **fields)


def make_engagement(**fields) -> Engagement:
    """A planned careers event of Hospitality and Tourism."""
    if "guild" not in fields:
        fields["guild"] = make_guild()
    fields = {"by": None, "kind": "careers_event", "title": "Careers fair", "starts_at": moment()} | fields
    return engagement_actions.log(**fields)


def make_pledge(**fields) -> Pledge:
    """An unverified pledge of 10 placements."""
    if "employer" not in fields:
        fields["employer"] = make_employer()
    if "guild" not in fields:
        fields["guild"] = make_guild()
    return pledge_actions.record(**{"by": None, "kind": "placement", "quantity": 10, "made_on": DAY} | fields)


def make_open_pledge(**fields) -> Pledge:
    """A verified pledge of 10 placements."""
    return make_pledge(**{"status": "open"} | fields)


def make_placement(**fields) -> Placement:
    """A placement for one learner, arranged; with dates where it has started."""
    if "employer" not in fields:
        fields["employer"] = make_employer()
    if "provider" not in fields:
        fields["provider"] = make_school()
    if "guild" not in fields:
        fields["guild"] = make_guild()
    if fields.get("status") in ("started", "completed", "withdrawn"):
        fields.setdefault("starts_on", DAY)
    if fields.get("status") == "completed":
        fields.setdefault("ends_on", DAY)
    return opportunities.arrange_placement(**{"by": None, "arranged_on": DAY} | fields)


def make_apprenticeship(**fields) -> Apprenticeship:
    """One open position at level 3."""
    if "employer" not in fields:
        fields["employer"] = make_employer()
    if "guild" not in fields:
        fields["guild"] = make_guild()
    fields = {"by": None, "opened_on": DAY, "standard_title": "Chef de partie", "level": 3} | fields
    return opportunities.open_apprenticeship(**fields)


def make_request(**fields):
    """A school asks for 4 placements."""
    provider = fields.pop("provider", None) or make_school()
    return request_actions.make_request(
        **{"by": None, "provider": provider, "kind": "placement", "quantity": 4} | fields
    )
