"""Page-sized reads of placements and apprenticeships."""

from typing import NamedTuple

from django.db.models import Sum

from guilds.opportunities.models import Apprenticeship, ApprenticeshipStatus, Intake


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
