"""Keeping the figures up to date with the records.

An event that is not yet counted is the mark. Each turn claims some marks, counts the slices that they touch and unmarks
them, all in one transaction: killed at any moment it has changed nothing, and the marks are there for the next.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from guilds.audit.models import Event
from guilds.impact.counting import recount
from guilds.impact.models import Freshness, StaleSlice
from guilds.impact.slices import RECORD_FAMILIES, Slice, touched

#: How much one turn takes on, so that none keeps others from writing for long.
MARKS, SLICES = 500, 24
_BATCH = 500
_LATEST_NEWS = timedelta(minutes=1)


def refresh(*, wait: bool = True) -> int:
    """Count what has changed, until nothing is left; gives the number of changes that were counted.

    Without `wait` it leaves the work to another process that is counting just now. That one sees what is marked by
    then, for it looks again after each turn.
    """
    counted = 0
    while pending():
        marks = _turn(wait=wait)
        if marks is None:
            return counted
        counted += marks
    _keep_fresh()
    return counted


def pending() -> bool:
    """Whether there is anything that the figures do not show yet."""
    return Event.objects.uncounted().exists() or StaleSlice.objects.exists()


def lock(*, wait: bool = True) -> Freshness | None:
    """Be the only process that counts until the transaction ends: a later one must not write what it read before.

    None if another is counting and `wait` is False.
    """
    rows = Freshness.objects.select_for_update(skip_locked=not wait).filter(pk=1)
    held = rows.first()
    if held is None and not Freshness.objects.filter(pk=1).exists():
        Freshness.objects.bulk_create([Freshness(pk=1)], ignore_conflicts=True)
        held = rows.first()
    return held


def mark(slices: Iterable[Slice]) -> None:
    """Have slices counted again by the turns to come."""
    rows = [StaleSlice(family=piece.family, month=piece.month, guild=piece.guild) for piece in sorted(slices)]
    StaleSlice.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)


@transaction.atomic
def _turn(*, wait: bool) -> int | None:
    """One turn: how many marks it took; None if another process is counting."""
    freshness = lock(wait=wait)
    if freshness is None:
        return None
    events = list(Event.objects.uncounted().order_by("id").defer("reason")[:MARKS])
    waiting = touched(events) | _left_over()
    now = _next_of(waiting)
    _unmark(now)
    mark((waiting - set(now)) | recount(now))
    Event.objects.filter(pk__in=[event.pk for event in events]).update(counted=True)
    freshness.at = timezone.now()
    freshness.save()
    return len(events)


def _left_over() -> set[Slice]:
    """Slices of records that earlier turns left; if there are none, a year of a distinct measure."""
    rows = StaleSlice.objects.order_by("pk").values_list("family", "month", "guild")
    return {Slice(*row) for row in rows.filter(family__in=RECORD_FAMILIES)[:SLICES] or rows[:1]}


def _next_of(waiting: set[Slice]) -> list[Slice]:
    """Records first, the latest months first. A year is counted by itself, once there is nothing left to change it."""
    records = [piece for piece in waiting if piece.family in RECORD_FAMILIES]
    latest = sorted(records, key=lambda piece: (piece.month, piece), reverse=True)
    return latest[:SLICES] or sorted(waiting)[-1:]


def _unmark(slices: list[Slice]) -> None:
    found = Q(pk__in=[])
    for piece in slices:
        found |= Q(family=piece.family, month=piece.month, guild=piece.guild)
    StaleSlice.objects.filter(found).delete()


def _keep_fresh() -> None:
    """With nothing to count the figures are up to date as well; that is noted now and then."""
    now = timezone.now()
    last = Freshness.objects.filter(pk=1).first()
    if last is None:
        Freshness.objects.bulk_create([Freshness(pk=1, at=now)], ignore_conflicts=True)
    elif last.at is None or now - last.at > _LATEST_NEWS:
        Freshness.objects.filter(pk=1).update(at=now)
