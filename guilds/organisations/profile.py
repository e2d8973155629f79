"""Page-sized reads about one organisation."""

from dataclasses import dataclass

from django.db.models import Q

from guilds.organisations.models import Contact, Membership, Organisation, Succession


@dataclass(frozen=True)
class Profile:
    """What belongs to an organisation, as one reader may see it. `hidden_contacts`: how many people they may not see."""

    contacts: list[Contact]
    hidden_contacts: int
    memberships: list[Membership]
    came_from: list[Succession]
    went_on_as: list[Succession]


def profile_of(organisation: Organisation, *, reader) -> Profile:
    """People, memberships and links of an organisation, in four queries."""
    contacts = list(Contact.objects.seen_at(organisation, reader))
    everybody = (
        Contact.objects.there().filter(organisation=organisation).count() if reader.is_staff_member else len(contacts)
    )
    either = Q(successor=organisation) | Q(predecessor=organisation)
    seen = Succession.objects.visible_to(reader).filter(either).order_by("happened_on", "id")
    named = ("happened_on", "predecessor__name", "successor__name")
    links = list(seen.select_related("predecessor", "successor").only(*named))
    return Profile(
        contacts,
        everybody - len(contacts),
        list(Membership.objects.visible_to(reader).filter(organisation=organisation).select_related("guild")),
        [link for link in links if link.successor_id == organisation.pk],
        [link for link in links if link.predecessor_id == organisation.pk],
    )
