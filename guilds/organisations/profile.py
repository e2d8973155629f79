"""Page-sized reads about one organisation."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from guilds.organisations.models import Contact, Identifier, Membership, Organisation, Succession
from guilds.reading import read_at_once


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


def profile_of(organisation: Organisation, *, reader) -> Profile:
    """Numbers, people, memberships and links of an organisation, by two queries; one if its memberships are known already."""
    hidden = reader.is_coordinator and not organisation.is_worked_with_by(reader)
    everybody = Contact.objects.there().filter(organisation=organisation)
    either = Q(successor=organisation) | Q(predecessor=organisation)
    seen = Succession.objects.visible_to(reader).filter(either).order_by("happened_on", "id")
    of_both = ("predecessor", "predecessor__name", "successor", "successor__name")
    links = seen.values_list("happened_on", *of_both)
    contacts, identifiers = Contact.objects.seen_at(organisation, reader), organisation.identifiers.all()
    read_at_once(links, contacts, identifiers)
    return Profile(
        list(identifiers),
        list(contacts),
        everybody.count() if hidden else 0,
        list(organisation.memberships.all()),
        [Link(pk, name, on) for on, pk, name, successor, _ in links if successor == organisation.pk],
        [Link(pk, name, on) for on, predecessor, _, pk, name in links if predecessor == organisation.pk],
    )
