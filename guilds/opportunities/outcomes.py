"""Supported routes into work, and what had become of the learners thirteen weeks after (strategy, section 2.15)."""

from datetime import date, timedelta

from django.db.models import Q

from guilds.audit import recording
from guilds.audit.refusals import Conflict, Refusals
from guilds.opportunities.models import ENDED_STATUSES, Apprenticeship, Outcome, Placement, Programme

#: After this long, work counts as sustained.
SUSTAINED_AFTER = timedelta(weeks=13)
#: Outcomes that count as sustained: what the learner went on to and was still at.
SUSTAINED = (Outcome.PAID_WORK, Outcome.APPRENTICESHIP, Outcome.LEARNING)
PROGRAMMES = (Programme.SUPPORTED_INTERNSHIP, Programme.ASSISTED_APPRENTICESHIP)


def supported_placements() -> Q:
    """Placements of the supported programmes."""
    return Q(programme__in=PROGRAMMES)


def record_outcome(*, by, record: Placement | Apprenticeship, outcome: str, on: date) -> Placement | Apprenticeship:
    """Say on a day what has become of the learners of a supported route. The same for all of one record: record groups apart.

    Raises Conflict for a route that is no supported one or has not ended, ValidationError before thirteen weeks are over.
    """
    supported = record.assisted if isinstance(record, Apprenticeship) else record.programme in PROGRAMMES
    if not supported or record.status not in ENDED_STATUSES or record.ends_on is None:
        words = "Outcomes are recorded for supported internships and assisted apprenticeships that have ended"
        raise Conflict({"status": Conflict(words, code="lifecycle")})
    refusals, due = Refusals(), record.ends_on + SUSTAINED_AFTER
    refusals.add_when(on < due, "outcome", f"Thirteen weeks are over on {due:%-d %B %Y}: come back then", "too_early")
    refusals.raise_if_any()
    with recording.changing(record, by=by, verb="outcome") as now:
        now.outcome = outcome
    return record
