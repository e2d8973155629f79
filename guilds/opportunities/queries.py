"""Page-sized reads of placements and apprenticeships."""

from datetime import date
from typing import NamedTuple

from django.db.models import Sum

from guilds.opportunities.models import Apprenticeship, ApprenticeshipStatus, Intake
from guilds.organisations.models import Organisation


class OpenIntake(NamedTuple):
    """How many positions are open for one intake. `value` is empty for those of no certain intake."""

    value: str
    label: str
    positions: int


def open_by_intake(reader) -> list[OpenIntake]:
    """The open positions that `reader` may see, for each intake of the year, and for none in particular."""
    still_open = Apprenticeship.objects.visible_to(reader).filter(status=ApprenticeshipStatus.OPEN)
    counted = dict(still_open.order_by().values_list("intake").annotate(Sum("positions")))
    named = [OpenIntake(intake.value, intake.label, counted.get(intake.value, 0)) for intake in Intake]
    return [*named, OpenIntake("", "Any time", counted[""])] if counted.get("") else named


#: Of a thousand staff of a public body, how many should start an apprenticeship in a year (1 April to 31 March).
PUBLIC_SECTOR_TARGET = 23


class PublicSectorTarget(NamedTuple):
    """Starts that a public body should have in its year, and those that it had; `since` is the year's first day."""

    wanted: int
    started: int
    since: date


def public_sector_target(employer: Organisation, *, reader, year: tuple[date, date]) -> PublicSectorTarget | None:
    """How an employer stands against 2.3% of its headcount; None if nobody has given its headcount.

    Source: the public-sector apprenticeship target, Enterprise Act 2016. `year`: first and last day of the financial year.
    """
    if not employer.headcount:
        return None
    wanted = -(-employer.headcount * PUBLIC_SECTOR_TARGET // 1000)
    begun = Apprenticeship.objects.visible_to(reader).started().filter(employer=employer, starts_on__range=year)
    return PublicSectorTarget(wanted, begun.aggregate(total=Sum("positions"))["total"] or 0, year[0])
