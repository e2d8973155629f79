"""What the queue does: ids in, one call of the domain."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from guilds.pledges import actions as pledges

logger = logging.getLogger(__name__)


@shared_task
def refresh_impact() -> None:
    """Bring the figures up to date with what has changed."""
    from guilds.impact import cells

    cells.refresh()


@shared_task
def lapse_pledges() -> None:
    """Lapse the pledges whose validity is over."""
    pledges.lapse_overdue(by=None, on=timezone.localdate())


def wake() -> None:
    """Ask for a refresh soon. A broker that is away is no reason to refuse a change: beat sweeps what is marked."""
    try:
        refresh_impact.delay()
    except OperationalError as error:
        logger.warning("The queue is away, so figures will be late: %s", error)
