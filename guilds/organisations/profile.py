"""Page-sized reads about one organisation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, UUIDField

from guilds.access.questions import ReadersQuestion
from guilds.organisations.models import Contact, Identifier, Membership, Organisation, Succession
from guilds.reading import Asked, Given, read_at_once


class Link(NamedTuple):
    """An organisation that another came from, or went on as."""

    id: UUID
    name: str
    happened_on: date | None


@dataclass(frozen=True)
class Profile:
    """What belongs to an organisation, as one reader may see it. `hidden_contacts`: how many people they may not see."""

    identifiers: list[Identifier]
    contacts: list[Contact]
    hidden_contacts: int
    memberships: list[Membership]
    came_from: list[Link]
    went_on_as: list[Link]


def profile_of(organisation: Organisation, *, reader, beside: Iterable[Asked] = ()) -> Profile:
    """Numbers, people, memberships and links of an organisation, by two queries; one if its memberships are known already.

    `beside`: what else there is to ask is read by the same query.
    """
    hidden = reader.is_coordinator and not organisation.is_worked_with_by(reader)
    everybody = Contact.objects.there().filter(organisation=organisation)
    links = _LINKS(reader, organisation=organisation.pk)
    contacts, identifiers = Contact.objects.seen_at(organisation, reader), organisation.identifiers.all()
    read_at_once(links, contacts, identifiers, *beside)
    return Profile(
        list(identifiers),
        list(contacts),
        everybody.count() if hidden else 0,
        list(organisation.memberships.all()),
        [Link(pk, name, on) for on, pk, name, successor, _ in links if successor == organisation.pk],
        [Link(pk, name, on) for on, predecessor, _, pk, name in links if predecessor == organisation.pk],
    )


def _links(reader: Any, organisation: Given) -> QuerySet:
    either = Q(successor=organisation) | Q(predecessor=organisation)
    seen = Succession.objects.visible_to(reader).filter(either).order_by("happened_on", "id")
    return seen.values_list("happened_on", "predecessor", "predecessor__name", "successor", "successor__name")


_LINKS = ReadersQuestion(_links, organisation=UUIDField())
