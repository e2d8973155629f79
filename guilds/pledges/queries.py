"""Page-sized reads of pledges."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from guilds.engagement.models import Engagement, Status
from guilds.opportunities.models import ApprenticeshipStatus, PlacementStatus, Programme
from guilds.organisations.models import Contact, Membership, Organisation
from guilds.pledges.claims import DeliveryClaim
from guilds.pledges.models import Allocation, Amendment, Delivery, Pledge
from guilds.reference.models import Guild

#: How long after an event its pledges are usually written down, and how many events a list to choose from may have.
_RECENT, _OFFERED = timedelta(days=400), 100


class Delivered(NamedTuple):
    """Something that a pledge was fulfilled by: what it was, how many, when, and how that stands, in words."""

    id: UUID
    what: str
    done: int
    on: date | None
    status: str


@dataclass(frozen=True)
class Parts:
    """What became of a pledge, as far as one reader may see it. Allocations have the `provider_name`."""

    allocations: list[Allocation]
    deliveries: list[Delivered]
    amendments: list[Amendment]


def in_full() -> QuerySet[Pledge]:
    """Pledges with all that their own page shows."""
    return Pledge.objects.for_list().select_related("employer__district").prefetch_related("districts")


def parts_of(pledge: Pledge, user) -> Parts:
    """Allocations, deliveries and amendments of a pledge, in three queries; each only if this reader may see it."""
    allocations = Allocation.objects.visible_to(user).filter(pledge=pledge).with_progress()
    deliveries = Delivery.objects.visible_to(user).filter(pledge=pledge).with_quantity().order_by("created_at", "id")
    amendments = Amendment.objects.visible_to(user).filter(pledge=pledge).distinct()
    given = list(allocations.annotate(provider_name=F("provider__name")))
    for allocation in given:
        allocation.pledge = pledge  # it is known; asking it of each costs a query
    done = [_delivered(*row) for row in deliveries.values_list("pk", "done", "done_on", *_BY_ENGAGEMENT, *_BY_OTHERS)]
    return Parts(given, done, list(amendments))


#: What is told of what fulfilled a pledge: of an engagement, of a placement and of an apprenticeship.
_BY_ENGAGEMENT = ("engagement__title", "engagement__status")
_BY_OTHERS = (
    "placement__programme", "placement__provider__name", "placement__status", "apprenticeship__standard_title",
    "apprenticeship__status",
)  # fmt: skip


def _delivered(pk, done, on, title, held, programme, provider, placed, standard, opened) -> Delivered:
    if held:
        return Delivered(pk, title, done, on, Status(held).label)
    if placed:
        what = ", ".join(filter(None, (Programme(programme).label, provider)))
        return Delivered(pk, what, done, on, PlacementStatus(placed).label)
    what = ", ".join(filter(None, ("Apprenticeship", standard)))
    return Delivered(pk, what, done, on, ApprenticeshipStatus(opened).label)


def claims_of(pledge: Pledge, user) -> list[DeliveryClaim]:
    """What the employer says that it did of a pledge, for those who may know; with the `school` that it was for."""
    seen = DeliveryClaim.objects.visible_to(user).filter(pledge=pledge)
    return list(seen.annotate(school=F("allocation__provider__name")))


def claimed(pledges: QuerySet[Pledge]) -> QuerySet[Pledge]:
    """Those of which the employer says that it did some, and nobody has seen to it yet."""
    return pledges.filter(Exists(DeliveryClaim.objects.waiting().filter(pledge=OuterRef("pk"))))


def contact_for(pledge: Pledge, user) -> Contact | None:
    """The person to ask about a pledge, for those who may know."""
    return Contact.objects.visible_to(user).filter(pk=pledge.contact_id).first() if pledge.contact_id else None


#: What tells somebody from others, and whose they are.
_TOLD_OF_PEOPLE = ("name", "role", "do_not_contact", "organisation")


def people_to_ask(user, employer: str | UUID | None) -> QuerySet[Contact] | None:
    """The people of an employer whom somebody may be told to ask; None while it is not known who the employer is."""
    try:
        pk = UUID(str(employer))
    except ValueError:
        return None
    return Contact.objects.visible_to(user).filter(organisation=pk).order_by("name", "id").only(*_TOLD_OF_PEOPLE)


def pledge_to_repeat(pk: str | None, user) -> Pledge | None:
    """The pledge that a link names, if this person sees it."""
    try:
        seen = Pledge.objects.visible_to(user).filter(pk=UUID(pk or ""))
    except ValueError:
        return None
    return seen.select_related("employer", "contact").prefetch_related("districts").first()


def employer_of(pk: str | None, user) -> Organisation | None:
    """The employer that a link names, if this person sees it."""
    try:
        return Organisation.objects.visible_to(user).employers().filter(pk=UUID(pk or "")).first()
    except ValueError:
        return None


def providers_in(ids: Iterable[UUID], user) -> dict[UUID, Organisation]:
    """The schools and colleges of some ids, as far as this person sees them."""
    return Organisation.objects.visible_to(user).providers().in_bulk(list(ids))


def places_of_making(user, today: date, chosen=None) -> QuerySet[Engagement]:
    """Recent engagements at which a pledge may have been made, latest first, and the one that was `chosen` before."""
    seen = Engagement.objects.visible_to(user)
    recent = seen.filter(starts_on__range=(today - _RECENT, today)).order_by("-starts_at", "-id")
    wanted = [*recent.values_list("pk", flat=True)[:_OFFERED], *([chosen] if chosen else [])]
    return seen.filter(pk__in=wanted).order_by("-starts_at", "-id").only("starts_on", "title")


def guilds_to_choose(user, today: date, chosen: str | None = None) -> QuerySet[Guild]:
    """Guilds under which somebody may record a pledge: a coordinator's own, any for others; and the `chosen` one."""
    able = Guild.objects.active(today)
    if user.is_coordinator:
        able = able.filter(slug__in=user.guild_slugs)
    return Guild.objects.filter(pk__in=able.values("pk")) | Guild.objects.filter(slug=chosen or "")


def only_guild_of(organisation, today: date) -> str | None:
    """The slug of an organisation's guild, where it is a member of exactly one."""
    slugs = set(Membership.objects.filter(organisation=organisation).open_on(today).values_list("guild", flat=True))
    return slugs.pop() if len(slugs) == 1 else None
