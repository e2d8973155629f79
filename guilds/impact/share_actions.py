"""Every change to the links that show an employer's statement to others."""

from datetime import date

from django.utils import timezone

from guilds.audit import recording
from guilds.audit.refusals import Refusals
from guilds.impact.periods import Period, academic_year
from guilds.impact.shares import StatementShare
from guilds.organisations.models import Organisation


def share(*, by, organisation: Organisation, period: Period, ends_on: date | None = None) -> StatementShare:
    """A link for one academic year that has begun. Raises ValidationError keyed by field."""
    today, refusals = timezone.localdate(), Refusals()
    refusals.add_when(not organisation.is_employer, "organisation", "Only employers have statements", "not_employer")
    refusals.add_when(
        period != academic_year(period.start) or period.start > today,
        "period",
        "Choose an academic year that has begun",
        "not_a_year",
    )
    refusals.add_when(ends_on is not None and ends_on < today, "ends_on", "Give today or a later day", "past")
    refusals.raise_if_any()
    link = StatementShare(organisation=organisation, period=period.slug, shared_by=by, ends_on=ends_on)
    return recording.create(link, by=by, verb="shared")


def revoke(*, by, share: StatementShare) -> StatementShare:
    """The link answers no more, from now on. Doing it twice changes nothing."""
    with recording.changing(share, by=by, verb="revoked") as now:
        now.revoked_at = now.revoked_at or timezone.now()
    return share
