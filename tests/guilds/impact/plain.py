"""The rules of counting.md once more, in plain Python over all records: slow, simple, and sharing nothing with impact/."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from guilds.audit.models import StatusChange
from guilds.engagement.models import Attendance, Engagement, Participation
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.models import Membership, Organisation, Succession
from guilds.pledges.models import Delivery, Pledge
from guilds.reference.calendars import local_day

STAFF_EVENTS = ("staff_training", "briefing", "guild_meeting")
COLLEGES = ("sixth_form", "fe_college", "university", "training_provider")
STARTED = ("started", "completed", "withdrawn")


@dataclass(frozen=True)
class Entry:
    """Something that counts: when, for whom, where, and how many (None: nobody has said)."""

    measure: str
    day: date
    guild: str
    district: str
    kind: str
    amount: Decimal | int | None = 1
    sure: int = 0
    who: object = None


@dataclass(frozen=True)
class Number:
    """What a figure must be."""

    value: Decimal
    confirmed: int
    missing: int


def entries() -> list[Entry]:
    """All that counts in the database."""
    return [*_events(), *_opportunities(), *_pledges()]


def figure(counted: list[Entry], measure: str, start: date, end: date, guild=None, district=None, kind=None) -> Number:
    """A figure of an additive or distinct measure. None: any guild, district or kind; "" in guild: county-wide."""
    found = [
        entry
        for entry in counted
        if entry.measure == measure
        and start <= entry.day <= end
        and guild in (None, entry.guild)
        and district in (None, entry.district)
        and kind in (None, entry.kind)
    ]
    if measure in ("schools", "colleges", "employers"):
        return Number(Decimal(len({identity(entry.who, end) for entry in found})), 0, 0)
    amounts = [Decimal(entry.amount) for entry in found if entry.amount is not None]
    missing = sum(entry.amount is None for entry in found)
    return Number(sum(amounts, Decimal(0)), sum(entry.sure for entry in found), missing)


def members(sort: str, day: date, guild=None, district=None) -> int:
    """Members of a guild on a day."""
    found = set()
    for membership in Membership.objects.select_related("organisation"):
        organisation = membership.organisation
        neutral = "provider_members" if organisation.is_provider else "employer_members"
        as_what = {"employer": "employer_members", "provider": "provider_members"}.get(membership.role, neutral)
        there = membership.joined_on <= day and (membership.left_on is None or membership.left_on > day)
        in_scope = guild in (None, membership.guild_id) and district in (None, organisation.district_id or "")
        if there and in_scope and as_what == sort:
            found.add(identity(organisation.pk, day))
    return len(found)


def conversion(start: date, end: date, guild=None, district=None) -> tuple[int, int]:
    """What was delivered, and what had been pledged, of the verified pledges made in some days."""
    delivered = pledged = 0
    for pledge in Pledge.objects.select_related("employer"):
        in_scope = guild in (None, pledge.guild_id or "") and district in (None, pledge.employer.district_id or "")
        if pledge.verified_on and in_scope and start <= pledge.made_on <= end:
            pledged += pledge.quantity
            delivered += sum(_delivered(link) for link in Delivery.objects.filter(pledge=pledge))
    return delivered, pledged


def coverage(start: date, end: date, guild=None, district=None, kind=None) -> tuple[int, int]:
    """How many schools were reached, and how many there were on the last day."""
    there: dict = {}
    for school in Organisation.objects.filter(is_provider=True, merged_into=None).order_by("pk"):
        if _can_be_reached(school) and _open_on(school, end) and district in (None, school.district_id or ""):
            known = identity(school.pk, end)
            there[known] = school if known == school.pk else there.get(known, school)
    taken = [(a.engagement.starts_on, a.engagement.guild_id, a.engagement.kind, a.provider_id)
             for a in Attendance.objects.filter(engagement__status="delivered").select_related("engagement")]  # fmt: skip
    taken += [(p.starts_on, p.guild_id, "", p.provider_id) for p in Placement.objects.filter(status__in=STARTED)]
    reached = {
        identity(who, end) for day, lead, what, who in taken
        if who and start <= day <= end and guild in (None, lead or "") and kind in (None, what)
    }  # fmt: skip
    return len(reached & there.keys()), len(there)


def _can_be_reached(school: Organisation) -> bool:
    younger = "primary" in school.phase.lower() or (school.age_high or 99) < 12
    mixed = school.provider_kind in ("special", "pru_ap")
    sort = school.provider_kind in ("secondary", "all_through") or (mixed and not younger)
    return sort and school.district_id != "outside"


def _open_on(school: Organisation, day: date) -> bool:
    begun = [link.happened_on or date.min for link in Succession.objects.filter(successor=school)]
    steps = [step for step in StatusChange.objects.filter(subject_id=school.pk).order_by("happened_on", "at")
             if step.happened_on > day and (step.from_status or step.happened_on != local_day(step.at))]  # fmt: skip
    before = "closed" if steps and steps[0].to_status == "active" else "active"
    status = (steps[0].from_status or before) if steps else school.status
    return status == "active" and not (begun and min(begun) > day)


def identity(organisation, end: date):
    """Whom an organisation counts as at the end of a day."""
    merged = Organisation.objects.get(pk=organisation).merged_into_id
    if merged:
        return identity(merged, end)
    links = sorted((link.happened_on or date.min, link.successor_id)
                   for link in Succession.objects.filter(predecessor=organisation))  # fmt: skip
    return identity(links[0][1], end) if links and links[0][0] <= end else organisation


def _delivered(link: Delivery) -> int:
    if link.placement:
        return link.placement.learners if link.placement.status in STARTED else 0
    if link.apprenticeship:
        return link.apprenticeship.positions if link.apprenticeship.status in STARTED else 0
    return link.quantity or 0 if link.engagement and link.engagement.status == "delivered" else 0


def _events() -> Iterator[Entry]:
    for event in Engagement.objects.filter(status="delivered"):
        at = {"day": event.starts_on, "guild": event.guild_id or "", "kind": event.kind}
        plain = at | {"kind": ""}
        venue = event.district_id or ""
        yield Entry("engagements", district=venue, **at)
        for row in Attendance.objects.filter(engagement=event).select_related("provider"):
            home = row.provider.district_id or ""
            sort = "colleges" if row.provider.provider_kind in COLLEGES else "schools"
            yield Entry(sort, district=home, who=row.provider_id, **at)
            if event.kind not in STAFF_EVENTS:
                sure = row.learners or 0 if row.answer == "confirmed" else 0
                yield Entry("encounters", district=home, amount=row.learners, sure=sure, **at)
                yield Entry("encounters_send", district=home, amount=row.send, **plain)
                yield Entry("encounters_fsm", district=home, amount=row.fsm, **plain)
                yield Entry("encounters_looked_after", district=home, amount=row.looked_after, **plain)
            if event.kind == "staff_training":
                yield Entry("staff_trained", district=home, amount=row.staff, **plain)
        for row in Participation.objects.filter(engagement=event).select_related("employer"):
            yield Entry("employers", district=row.employer.district_id or "", who=row.employer_id, **at)
            yield Entry("volunteer_hours", district=venue, amount=row.hours, **plain)
            yield Entry("job_offers", district=venue, amount=row.job_offers, **plain)


def _opportunities() -> Iterator[Entry]:
    for placement in Placement.objects.all():
        yield from _opportunity(placement, "placements_arranged", placement.arranged_on, placement.learners,
                                placement.status != "cancelled")  # fmt: skip
        started = placement.status in STARTED
        yield from _opportunity(placement, "placements_started", placement.starts_on, placement.learners, started)
        yield from _opportunity(placement, "placements_completed", placement.ends_on, placement.learners,
                                placement.status == "completed")  # fmt: skip
        yield from _took_part(placement, placement.provider, started)
    for apprenticeship in Apprenticeship.objects.all():
        positions, started = apprenticeship.positions, apprenticeship.status in STARTED
        yield from _opportunity(apprenticeship, "apprenticeships_created", apprenticeship.opened_on, positions,
                                apprenticeship.status != "cancelled")  # fmt: skip
        yield from _opportunity(apprenticeship, "apprenticeships_started", apprenticeship.starts_on, positions, started)
        yield from _took_part(apprenticeship, apprenticeship.training_provider, started)


def _opportunity(record, measure: str, day: date | None, amount: int, counts: bool) -> Iterator[Entry]:
    workplace = record.workplace.district_id if record.workplace else None
    district = record.district_id or workplace or record.employer.district_id or ""
    if counts and day:
        yield Entry(measure, day, record.guild_id or "", district, "", amount)


def _took_part(record, provider: Organisation | None, started: bool) -> Iterator[Entry]:
    if not started:
        return
    at = {"day": record.starts_on, "guild": record.guild_id or "", "kind": ""}
    yield Entry("employers", district=record.employer.district_id or "", who=record.employer_id, **at)
    if provider:
        sort = "colleges" if provider.provider_kind in COLLEGES else "schools"
        yield Entry(sort, district=provider.district_id or "", who=provider.pk, **at)


def _pledges() -> Iterator[Entry]:
    for pledge in Pledge.objects.exclude(verified_on=None).select_related("employer"):
        at = {"day": pledge.made_on, "guild": pledge.guild_id or "", "kind": ""}
        district = pledge.employer.district_id or ""
        yield Entry("pledges", district=district, **at)
        if pledge.kind in ("placement", "apprenticeship"):
            yield Entry(f"{pledge.kind}s_pledged", district=district, amount=pledge.quantity, **at)
