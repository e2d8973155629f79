"""Who is a member of a guild, and who leads it."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q

from guilds.access.models import Role, User
from guilds.organisations.models import Membership, MembershipQuerySet
from guilds.reading import Given
from guilds.reference.models import Guild


def members_of(guild: Guild | Given, reader) -> MembershipQuerySet:
    """All memberships of a guild, past ones too, with the name that they are sorted by."""
    seen = Membership.objects.visible_to(reader).filter(guild=guild)
    return seen.annotate(name=F("organisation__name")).select_related("organisation__district", "guild")


def during(memberships: MembershipQuerySet, start: date | Given, end: date | Given) -> MembershipQuerySet:
    """Memberships that were in force on some day from `start` to `end`."""
    return memberships.filter(Q(left_on__isnull=True) | Q(left_on__gt=start), joined_on__lte=end)


def coordinators_of(guilds: Iterable[Guild]) -> dict[str, list[str]]:
    """The names of those who coordinate guilds, by the guild's slug; in one query."""
    found: dict[str, list[str]] = {guild.slug: [] for guild in guilds}
    people = User.objects.filter(role=Role.COORDINATOR, is_active=True, guilds__slug__in=list(found))
    for slug, name in people.order_by("name").values_list("guilds__slug", "name"):
        if slug in found:
            found[slug].append(name)
    return found
