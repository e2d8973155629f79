"""Keeping the figures up to date with the records.

An event that is not yet counted is the mark. Each turn claims some marks, counts the slices that they touch and unmarks
them, all in one transaction: killed at any moment it has changed nothing, and the marks are there for the next.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from guilds.audit.models import Event
from guilds.impact.counting import recount
from guilds.impact.models import Freshness, StaleSlice
from guilds.impact.slices import Slice, touched

#: How much one turn takes on, so that none holds locks for long.
MARKS, SLICES = 500, 40
_LATEST_NEWS = timedelta(minutes=1)


def refresh() -> int:
    """Count what has changed; gives the number of changes that were counted."""
    counted = 0
    while True:
        marks, more = _turn()
        counted += marks
        if not more:
            return counted


def pending() -> bool:
    """Whether there is anything that the figures do not show yet."""
    return Event.objects.uncounted().exists() or StaleSlice.objects.exists()


def lock() -> Freshness:
    """Only one process counts at a time: a later one must not write what it has read before. Needs a transaction."""
    row, _ = Freshness.objects.get_or_create(pk=1)
    return Freshness.objects.select_for_update().get(pk=row.pk)


def stamp(freshness: Freshness) -> None:
    """Say when the figures were last brought up to date."""
    freshness.at = timezone.now()
    freshness.save()


@transaction.atomic
def _turn() -> tuple[int, bool]:
    """One turn: how many marks it took, and whether there is more to do."""
    if not pending():
        _keep_fresh()
        return 0, False
    freshness = lock()
    events = list(_claimed().order_by("id")[:MARKS])
    slices = _due(touched(events))
    recount(slices)
    Event.objects.filter(pk__in=[event.pk for event in events]).update(counted=True)
    stamp(freshness)
    return len(events), len(events) == MARKS or len(slices) == SLICES


def _claimed():
    skip = connection.features.has_select_for_update_skip_locked
    return Event.objects.uncounted().select_for_update(of=("self",), skip_locked=skip)


def _due(fresh: set[Slice]) -> list[Slice]:
    """At most SLICES of those just touched and those left over from earlier turns; the others are kept for later."""
    left_over = {Slice(s.family, s.month, s.guild): s.pk for s in StaleSlice.objects.order_by("pk")[:SLICES]}
    waiting = [*left_over, *sorted(fresh - left_over.keys())]
    now, later = waiting[:SLICES], waiting[SLICES:]
    StaleSlice.objects.filter(pk__in=[left_over[piece] for piece in now if piece in left_over]).delete()
    StaleSlice.objects.bulk_create(
        [StaleSlice(family=piece.family, month=piece.month, guild=piece.guild) for piece in later],
        batch_size=500,
        ignore_conflicts=True,
    )
    return now


def _keep_fresh() -> None:
    """With nothing to count the figures are up to date as well; that is noted now and then."""
    last = Freshness.objects.filter(pk=1).first()
    if last is None or last.at is None or timezone.now() - last.at > _LATEST_NEWS:
        stamp(lock())
