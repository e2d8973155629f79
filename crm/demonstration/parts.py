"""What the demonstration has beyond the kinds of file that the importer takes: people, answers, shares of pledges…"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from django.utils import timezone
from django.utils.text import slugify

from crm.demonstration.desk import open_a_desk
from guilds.access.actions import create_user
from guilds.access.models import User
from guilds.engagement import actions as engagements
from guilds.engagement import follow_up_actions as follow_ups
from guilds.engagement.models import Attendance, Engagement
from guilds.impact.periods import academic_year
from guilds.impact.scope_actions import save_scope
from guilds.impact.targets import set_target
from guilds.merging.finding import find_duplicates
from guilds.opportunities.models import Placement
from guilds.opportunities.outcomes import SUSTAINED_AFTER, record_outcome
from guilds.organisations import actions as organisations
from guilds.organisations.models import Contact, Identifier, MemberRole, Membership, Organisation
from guilds.pledges import actions as pledges
from guilds.pledges import adviser_actions as advisers
from guilds.pledges import claim_actions as claims
from guilds.pledges import request_actions as requests
from guilds.pledges.models import Pledge
from guilds.reference.actions import save_guild
from guilds.reference.models import Guild

Rows = list[dict[str, str]]


def add_administrator(people: Rows, password: str) -> User:
    """The one who loads everything else."""
    row = next(row for row in people if row["role"] == "administrator")
    return create_user(by=None, email=row["email"], name=row["name"], role=row["role"], password=password)


def add_everything_else(rows_of: Callable[[str], Rows], *, password: str, by: User, today: date) -> None:
    """All that the importer has no kind of file for; `rows_of` gives a file's rows by its name."""
    known = _Known()
    add_people(rows_of("people"), password, by, known)
    name_chairs(by)
    add_contacts(rows_of("contacts"), by, known)
    give_answers(rows_of("answers"), known)
    credit_engagements(rows_of("credits"), by, known)
    describe_places(rows_of("places"), by, known)
    share_pledges(rows_of("allocations"), by, known)
    say_it_was_done(rows_of("claims"), known)
    ask(rows_of("requests"), by, known)
    sign_up_for_advisers(rows_of("advisers"), by, known)
    give_headcounts(rows_of("headcounts"), by, known)
    set_targets(rows_of("targets"), by, known, academic_year(today).slug)
    say_what_became_of_learners(rows_of("outcomes"), by, today)
    save_scopes(rows_of("scopes"), by)
    add_notes(rows_of("interactions"), rows_of("follow_ups"), known)
    add_a_twin(by)
    open_a_desk(by)


def add_a_twin(by: User) -> None:
    """A record that somebody made of an organisation that was there already, with a call noted on the wrong one."""
    known = Organisation.objects.filter(name="Tidewick Hotel").first()
    if known:
        twin = organisations.register(by=by, name="The Tidewick Hotel & Spa", is_employer=True, postcode=known.postcode,
                                      address=known.address, phone=known.phone)  # fmt: skip
        follow_ups.log_interaction(by=by, organisation=twin, kind="call", happened_on=timezone.localdate(),
                                   summary="Asked who their contact is: they are on file already")  # fmt: skip
    find_duplicates()


class _Known:
    """What the rows refer to, read once."""

    def __init__(self) -> None:
        self.organisations: dict[str, Organisation] = {}
        for identifier in Identifier.objects.select_related("organisation"):
            for name in (str(identifier), identifier.value):
                self.organisations[name] = identifier.organisation
        self.guilds = {guild.slug: guild for guild in Guild.objects.all()}
        self.engagements = {engagement.reference: engagement for engagement in Engagement.objects.all()}
        self.pledges = {pledge.reference: pledge for pledge in Pledge.objects.all()}
        self.users: dict[str, User] = {}


def add_people(rows: Rows, password: str, by: User, known: _Known) -> None:
    """Those that one can sign in as have the password; the careers leaders of other schools have none."""
    for row in rows:
        if row["email"] != by.email:
            known.users[row["email"]] = create_user(
                by=by,
                email=row["email"],
                name=row["name"],
                role=row["role"],
                guilds=[known.guilds[row["guild"]]] if row["guild"] else [],
                organisation=known.organisations.get(row["organisation"]),
                password=None if row["email"].startswith("careers@") else password,
            )
    known.users[by.email] = by


def name_chairs(by: User) -> None:
    """Who chairs a guild follows from the memberships."""
    for membership in Membership.objects.filter(role=MemberRole.CHAIR).select_related("organisation"):
        save_guild(by=by, slug=membership.guild_id, chair=membership.organisation)


def add_contacts(rows: Rows, by: User, known: _Known) -> None:
    """People at organisations; a careers leader is also named as such on the school."""
    for row in rows:
        organisation = known.organisations[row.pop("organisation")]
        do_not_contact = row.pop("do_not_contact") == "yes"
        contact = organisations.add_contact(
            by=by, organisation=organisation, source="colleague", do_not_contact=do_not_contact, **row
        )
        if contact.role == "Careers leader":
            organisations.correct(by=by, organisation=organisation, careers_leader=contact)


def give_answers(rows: Rows, known: _Known) -> None:
    """The schools' and colleges' own word on the numbers, each by its own member."""
    members = {user.organisation_id: user for user in known.users.values() if user.organisation_id}
    claims = {
        (claim.engagement.reference, claim.provider_id, claim.year_group): claim
        for claim in Attendance.objects.select_related("engagement")
    }
    for row in rows:
        provider = known.organisations[row["provider"]]
        engagements.answer(
            by=members[provider.pk],
            attendance=claims[row["engagement"], provider.pk, row["year_group"]],
            answer=row["answer"],
            learners=int(row["learners"]) if row["learners"] else None,
            note=row["note"],
        )


def credit_engagements(rows: Rows, by: User, known: _Known) -> None:
    """What engagements delivered of what was promised."""
    for row in rows:
        pledges.credit(
            by=by,
            pledge=known.pledges[row["pledge"]],
            engagement=known.engagements[row["engagement"]],
            quantity=int(row["quantity"]),
        )


def describe_places(rows: Rows, by: User, known: _Known) -> None:
    """Of which programme and area the places of pledges are, when, and whom they suit."""
    for row in rows:
        suits = row["suits"].split(";")
        pledges.correct(
            by=by,
            pledge=known.pledges[row["pledge"]],
            programme=row["programme"],
            route=row["route"],
            level=int(row["level"]),
            starts_on=_day(row["starts_on"]),
            ends_on=_day(row["ends_on"]),
            suits_send="send" in suits,
            suits_reengagement="reengagement" in suits,
            suits_t_level="t_level" in suits,
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def sign_up_for_advisers(rows: Rows, by: User, known: _Known) -> None:
    """Schools of the enterprise adviser scheme (strategy, section 2.7): 16 signed up, 10 of them matched."""
    for row in rows:
        school = known.organisations[row["provider"]]
        place = advisers.sign_up(by=by, organisation=school, signed_up_on=date.fromisoformat(row["signed_up_on"]))
        if row["employer"]:
            employer, day = known.organisations[row["employer"]], date.fromisoformat(row["matched_on"])
            person = _adviser(row["adviser"], employer, by)
            advisers.match_adviser(by=by, place=place, employer=employer, contact=person, matched_on=day)


def _adviser(name: str, employer: Organisation, by: User) -> Contact:
    """Somebody of the employer who goes to the school."""
    email = f"{name.split()[0].lower()}.adviser@{slugify(employer.name)}.guildhall.example"
    return organisations.add_contact(
        by=by, organisation=employer, source="colleague", name=name, role="Enterprise adviser", email=email
    )


def say_what_became_of_learners(rows: Rows, by: User, today: date) -> None:
    """Of supported internships, thirteen weeks after they had ended."""
    for row in rows:
        placement = Placement.objects.get(reference=row["reference"])
        if placement.ends_on and placement.ends_on + SUSTAINED_AFTER <= today:
            record_outcome(by=by, record=placement, outcome=row["outcome"], on=today)


def save_scopes(rows: Rows, by: User) -> None:
    """Parts of the schools whose coverage is looked at again and again."""
    for row in rows:
        kinds = [kind for kind in row["provider_kinds"].split(";") if kind]
        save_scope(
            by=by, name=row["name"], description=row["description"], coastal=True if row["coastal"] else None,
            provider_kinds=kinds,
        )  # fmt: skip


def give_headcounts(rows: Rows, by: User, known: _Known) -> None:
    """Of public bodies, for their apprenticeship target."""
    for row in rows:
        organisations.correct(by=by, organisation=known.organisations[row["employer"]], headcount=int(row["headcount"]))


def share_pledges(rows: Rows, by: User, known: _Known) -> None:
    """Parts of pledges that schools have asked for, or been given."""
    for row in rows:
        pledges.allocate(
            by=by,
            pledge=known.pledges[row["pledge"]],
            provider=known.organisations[row["provider"]],
            quantity=int(row["quantity"]),
            status=row["status"],
            note=row["note"],
        )


def say_it_was_done(rows: Rows, known: _Known) -> None:
    """What employers say that they did, waiting for the coordinator."""
    for row in rows:
        claims.claim(
            by=known.users[row["by"]],
            pledge=known.pledges[row["pledge"]],
            happened_on=date.fromisoformat(row["happened_on"]),
            quantity=int(row["quantity"]),
            note=row["note"],
        )


def ask(rows: Rows, by: User, known: _Known) -> None:
    """What schools would like, whether or not anybody has promised it."""
    for row in rows:
        requests.make_request(
            by=by,
            provider=known.organisations[row["provider"]],
            kind=row["kind"],
            quantity=int(row["quantity"]),
            guild=known.guilds.get(row["guild"]),
            year_groups=row["year_groups"].split(";"),
            for_send=row["for"] == "send",
            wanted_from=_day(row["wanted_from"]),
            wanted_until=_day(row["wanted_until"]),
            note=row["note"],
        )


def set_targets(rows: Rows, by: User, known: _Known, this_year: str) -> None:
    """What the guilds, and the county, aim at in 2017-18 and this academic year."""
    for row in rows:
        set_target(
            by=by,
            measure=row["measure"],
            guild=known.guilds.get(row["guild"]),
            period=this_year if row["period"] == "this year" else row["period"],
            value=int(row["value"]),
        )


def add_notes(interactions: Rows, to_do: Rows, known: _Known) -> None:
    """What was said, and what must be done next."""
    found: dict = defaultdict(lambda: None, known.organisations)
    for row in interactions:
        follow_ups.log_interaction(
            by=known.users[row["by"]],
            organisation=found[row["organisation"]],
            guild=known.guilds.get(row["guild"]),
            kind=row["kind"],
            happened_on=date.fromisoformat(row["happened_on"]),
            summary=row["summary"],
        )
    for row in to_do:
        person = known.users[row["assigned_to"]]
        follow_ups.add_follow_up(
            by=person,
            assigned_to=person,
            what=row["what"],
            due_on=date.fromisoformat(row["due_on"]),
            organisation=found[row["organisation"]],
            engagement=known.engagements.get(row["engagement"]),
        )
