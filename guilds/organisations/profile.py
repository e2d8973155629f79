"""Page-sized reads about one organisation."""

from dataclasses import dataclass

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
    """People, memberships and links of an organisation, in five queries."""
    contacts = list(Contact.objects.visible_to(reader).filter(organisation=organisation))
    everybody = (
        Contact.objects.there().filter(organisation=organisation).count() if reader.is_staff_member else len(contacts)
    )
    links = Succession.objects.visible_to(reader).order_by("happened_on", "id")
    return Profile(
        contacts,
        everybody - len(contacts),
        list(Membership.objects.visible_to(reader).filter(organisation=organisation).select_related("guild")),
        list(links.filter(successor=organisation).select_related("predecessor")),
        list(links.filter(predecessor=organisation).select_related("successor")),
    )
