"""What became of the pledges and requests of members' organisations, and who is still to be told.

It is read from the dated steps that every status takes, whoever moved it and by whatever way, so that no page, file or
program has to remember to tell anybody.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from guilds.access.models import User
from guilds.audit.models import StatusChange
from guilds.mailing.models import MailPreference, SentMail
from guilds.pledges.claims import DeliveryClaim
from guilds.pledges.models import Allocation, Pledge

#: Older news is no news: whoever was away for so long reads it on the pages.
FRESH_FOR = timedelta(days=3)
#: A slip can be undone before anybody is told.
SETTLED_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class News:
    """A step that somebody is told: the record as it stands now, what it changed to, why, and to whom it matters."""

    step: StatusChange
    record: Any
    person: User

    @property
    def once_key(self) -> str:
        """Under this name it goes to a person once."""
        return f"news:{self.step.pk}:{self.person.pk}"


#: Sort of record → the records with what their words need.
RECORDS: dict[str, QuerySet] = {
    "pledge": Pledge.objects.select_related("employer"),
    "deliveryclaim": DeliveryClaim.objects.select_related("pledge__employer"),
    "allocation": Allocation.objects.select_related("pledge__employer", "provider"),
}
#: Sort of record, from, to → whose members are told.
TOLD: dict[tuple[str, str, str], Callable[[Any], UUID]] = {
    ("pledge", "unverified", "rejected"): lambda pledge: pledge.employer_id,
    ("deliveryclaim", "waiting", "accepted"): lambda claim: claim.pledge.employer_id,
    ("deliveryclaim", "waiting", "declined"): lambda claim: claim.pledge.employer_id,
    ("allocation", "requested", "agreed"): lambda part: part.provider_id,
    ("allocation", "requested", "declined"): lambda part: part.provider_id,
}


def untold(now: datetime) -> Iterator[News]:
    """What is still to be told: of each step, to each member of the organisation but whoever took it.

    A step that was taken back in the meantime is none.
    """
    for step, record in _steps(now):
        people = _members(TOLD[_sort_of(step)](record))
        news = [News(step, record, person) for person in people if person.pk != step.actor_id]
        keys = [one.once_key for one in news]
        told = set(SentMail.objects.filter(once_key__in=keys).values_list("once_key", flat=True)) if keys else set()
        yield from (one for one in news if one.once_key not in told)


def _steps(now: datetime) -> Iterator[tuple[StatusChange, Any]]:
    """Read by their ids, which are in order of time, so that it costs what the last days have brought."""
    since = UUID(int=int((now - FRESH_FOR).timestamp() * 1000) << 80)
    sorts = {sort for sort, _, _ in TOLD}
    recent = StatusChange.objects.filter(pk__gte=since, at__range=(now - FRESH_FOR, now - SETTLED_AFTER))
    rows = recent.filter(subject_type__in=sorts).order_by("pk")
    latest = {step.subject_id: step for step in rows if _sort_of(step) in TOLD}
    for step in latest.values():
        record = RECORDS[step.subject_type].filter(pk=step.subject_id, status=step.to_status).first()
        if record is not None:
            yield step, record


def _sort_of(step: StatusChange) -> tuple[str, str, str]:
    return step.subject_type, step.from_status, step.to_status


def _members(organisation: UUID) -> QuerySet[User]:
    off = MailPreference.objects.filter(kind="news", off=True, user__isnull=False).values("user")
    here = User.objects.filter(organisation=organisation, is_active=True, email_bounced_at=None)
    return here.exclude(pk__in=off).order_by("pk")
