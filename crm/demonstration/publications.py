"""Publications of the demonstration: a final one of which a record was corrected since, a provisional one, a draft to sign."""

from datetime import date

from guilds.access.models import User
from guilds.impact import cells
from guilds.impact.periods import Period, academic_year, previous
from guilds.opportunities import actions as opportunities
from guilds.opportunities.models import Placement
from guilds.publishing import actions as publishing
from guilds.publishing.models import PublicationStatus
from guilds.reference.models import Guild

#: A placement of the year that is published as final: two more learners went than had been said.
CORRECTED, MORE = "WB2-05", 2
WAITS = "engineering-manufacturing"


def publish_some(*, by: User, today: date) -> None:
    """The year before last is final, and one number was corrected since; the last year is provisional."""
    last = previous(academic_year(today))
    _publish(previous(last), PublicationStatus.FINAL, by)
    placement = Placement.objects.get(reference=CORRECTED)
    opportunities.correct_placement(by=by, placement=placement, learners=placement.learners + MORE)
    _publish(last, PublicationStatus.PROVISIONAL, by)
    waiting = publishing.make(by=by, period=last.slug, guild=Guild.objects.get(slug=WAITS))
    publishing.ask_for_sign_off(by=by, publication=waiting)
    cells.refresh()


def _publish(period: Period, status: str, by: User) -> None:
    publishing.publish(by=by, publication=publishing.make(by=by, period=period.slug), status=status)
