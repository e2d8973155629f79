"""What a desk's pages show: who takes part, how much was promised so far, and who an entry may be from."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from guilds.desk.models import Desk, DeskEntry, EntryStatus
from guilds.engagement.models import Participation
from guilds.organisations.models import Organisation, Status
from guilds.pledges.models import PledgeKind


def find_desk(code: str) -> Desk | None:
    """The desk of a code, however its letters were typed."""
    return Desk.objects.select_related("engagement__guild", "engagement__venue").filter(code=code.upper()).first()


def desk_of(engagement, user) -> Desk | None:
    """The latest desk of an engagement, for those who may see it."""
    return Desk.objects.visible_to(user).filter(engagement=engagement).first()


def participants(desk: Desk) -> QuerySet[Organisation]:
    """The employers that the desk's event has on its list: all that a stranger may learn about the registry."""
    there = Participation.objects.filter(engagement=desk.engagement_id).values("employer")
    named = Organisation.objects.employers().exclude(status=Status.ARCHIVED).filter(pk__in=there)
    return named.select_related("district").order_by("name", "id")


def takes_part(desk: Desk, organisation: Organisation) -> bool:
    """Whether it is one of those."""
    return participants(desk).filter(pk=organisation.pk).exists()


@dataclass(frozen=True)
class KindTotal:
    """What was promised of one kind."""

    label: str
    quantity: int


@dataclass(frozen=True)
class Tally:
    """What the room has promised so far, nothing of which is checked: no figure of the county's."""

    pledges: int
    employers: int
    kinds: list[KindTotal]


def tally(desk: Desk) -> Tally:
    """All that was not rejected; two queries."""
    there = DeskEntry.objects.filter(desk=desk).exclude(status=EntryStatus.REJECTED).order_by()
    counted = there.aggregate(
        pledges=Count("pk"),
        known=Count(Coalesce(F("pledge__employer"), F("organisation")), distinct=True),
        named=Count("search_name", distinct=True, filter=Q(pledge__isnull=True, organisation__isnull=True)),
    )
    rows = there.values_list("kind").annotate(total=Sum("quantity")).order_by("-total", "kind")
    kinds = [KindTotal(PledgeKind(kind).label, total) for kind, total in rows]
    return Tally(counted["pledges"], counted["known"] + counted["named"], kinds)
