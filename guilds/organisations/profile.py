"""Page-sized reads about one organisation."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from guilds.organisations.models import Contact, Membership, Organisation, Succession


class Link(NamedTuple):
    """An organisation that another came from, or went on as."""

    id: UUID
    name: str
    happened_on: date | None


@dataclass(frozen=True)
class Profile:
    """What belongs to an organisation, as one reader may see it. `hidden_contacts`: how many people they may not see."""

    contacts: list[Contact]
    hidden_contacts: int
    memberships: list[Membership]
    came_from: list[Link]
    went_on_as: list[Link]


def profile_of(organisation: Organisation, *, reader) -> Profile:
    """People, memberships and links of an organisation, in three queries; memberships cost none if they are known already."""
    hidden = reader.is_coordinator and not organisation.is_worked_with_by(reader)
    everybody = Contact.objects.there().filter(organisation=organisation)
    either = Q(successor=organisation) | Q(predecessor=organisation)
    seen = Succession.objects.visible_to(reader).filter(either).order_by("happened_on", "id")
    of_both = ("predecessor", "predecessor__name", "successor", "successor__name")
    links = list(seen.values_list("happened_on", *of_both))
    return Profile(
        list(Contact.objects.seen_at(organisation, reader)),
        everybody.count() if hidden else 0,
        list(organisation.memberships.all()),
        [Link(pk, name, on) for on, pk, name, successor, _ in links if successor == organisation.pk],
        [Link(pk, name, on) for on, predecessor, _, pk, name in links if predecessor == organisation.pk],
    )
