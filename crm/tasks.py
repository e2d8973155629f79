"""What the queue does: ids in, one call of the domain."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache as cache_once
from importlib import import_module
from typing import Any

from celery import current_app, shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from kombu import Connection
from kombu.exceptions import LimitExceeded, OperationalError
from kombu.pools import producers

from crm.documents import packs
from crm.emails import digest, news, sending
from guilds.access import drafts, once, sign_ins
from guilds.access.models import User
from guilds.importing import uploads
from guilds.importing.models import Import, ImportStatus
from guilds.importing.undo import undo
from guilds.merging import finding
from guilds.pledges import actions as pledges
from guilds.publishing import actions as publishing
from guilds.publishing import pack_actions
from guilds.publishing.packs import Pack
from guilds.rights import keeping

logger = logging.getLogger(__name__)

#: How long a request may be sent again under its key and get its first answer.
REPEATED_WITHIN = timedelta(days=7)
#: How long a form that was begun and not sent waits for its owner.
DRAFTS_KEPT = timedelta(days=30)
#: How long it is known with which browser somebody was signed in: a little longer than that lasts.
SIGN_INS_KEPT = timedelta(days=21)


@shared_task
def refresh_impact() -> None:
    """Bring the figures up to date with what has changed."""
    from guilds.impact import cells

    cells.refresh(wait=False)


@shared_task
def lapse_pledges() -> None:
    """Lapse the pledges whose validity is over."""
    pledges.lapse_overdue(by=None, on=timezone.localdate())


@shared_task
def publish_due() -> None:
    """Publish the drafts whose time has come."""
    publishing.publish_due(now=timezone.now())


@shared_task
def find_duplicates() -> None:
    """Find records that may be the same organisation."""
    finding.find_duplicates()


@shared_task
def forget_answers() -> None:
    """Forget what was answered to requests that nobody sends again after so long."""
    once.forget_answers(timezone.now() - REPEATED_WITHIN)


@shared_task
def forget_sign_ins() -> None:
    """Forget with which browsers somebody was signed in long ago, and sessions that have run out."""
    sign_ins.forget(timezone.now() - SIGN_INS_KEPT)


@shared_task
def forget_drafts() -> None:
    """Forget what was typed and not sent, nor gone on with, for 30 days; and what waited in vain for a sign-in."""
    drafts.forget_old(timezone.now() - DRAFTS_KEPT)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@shared_task
def keep_to_retention() -> None:
    """Count what is no longer needed of people; erase it only where the installation says that the clock may."""
    (keeping.apply if settings.RETENTION_APPLY else keeping.dry_run)(by=None, at=timezone.now())


@shared_task
def apply_retention(user_id: str) -> None:
    """An administrator has pressed the button: erase what is no longer needed of people."""
    keeping.apply(by=User.objects.get(pk=user_id), at=timezone.now())


@shared_task
def deliver_mail(mail_id: str) -> None:
    """Send one mail that was noted."""
    sending.deliver(mail_id)


@shared_task
def send_reminders() -> None:
    """Make the daily reminders, if it is time and they are not made yet."""
    digest.send_due(timezone.now())


@shared_task
def tell_news() -> None:
    """Tell members what became of their pledges and requests."""
    news.send_due(timezone.now())


@shared_task
def sweep_mail() -> None:
    """Send what still waits to be sent."""
    sending.sweep()


#: Seconds that a change may wait for a queue that does not answer, and that later changes then do not try at all.
PATIENCE, PAUSE = 1, 5
_try_again_at = 0.0


def wake() -> None:
    """Ask for a refresh soon. A broker that is away is no reason to refuse a change: beat sweeps what is marked."""
    _ask_soon(refresh_impact, what_is_late="figures")


def post_soon(mail_id: str) -> None:
    """Have a mail sent soon; beat sweeps up what a broker that is away did not hear of."""
    _ask_soon(deliver_mail, mail_id, what_is_late="mail")


def _ask_soon(task: Any, *ids: str, what_is_late: str) -> None:
    global _try_again_at
    if time.monotonic() < _try_again_at:
        return
    try:
        with producers[_connection()].acquire(block=True, timeout=PATIENCE) as producer:
            task.apply_async(args=ids, producer=producer)
    except (OperationalError, LimitExceeded) as error:
        _try_again_at = time.monotonic() + PAUSE
        logger.warning("The queue is away, so %s will be late: %s", what_is_late, error)


@worker_ready.connect
def count_what_waits(**_: Any) -> None:
    """A worker that starts does not wait for the next sweep: the one before it may have been stopped half-way."""
    wake()


@cache_once
def _connection() -> Connection:
    """A way to the queue that gives up sooner than a worker's may."""
    return current_app.connection_for_write(transport_options={"socket_timeout": PATIENCE})


#: Seconds after which a run that says nothing more is taken for dead.
SILENT_FOR = 120


@shared_task
def plan_import(import_id: str) -> None:
    """Find out what loading an uploaded file would do."""
    _with_file(import_id, uploads.plan)


@shared_task
def load_import(import_id: str) -> None:
    """Load an uploaded file, or go on where that stopped."""
    _with_file(import_id, uploads.load)


@shared_task
def undo_import(import_id: str, user_id: str) -> None:
    """Take an import back; what had to be kept is told on its page."""
    batch, user = Import.objects.filter(pk=import_id).first(), User.objects.get(pk=user_id)
    try:
        if batch and batch.status in (ImportStatus.DONE, ImportStatus.STOPPED):
            undo(batch=batch, by=user)
    finally:
        cache.delete(undoing_key(import_id))


@shared_task
def forget_uploads() -> None:
    """Remove uploaded files that nobody has loaded for a week."""
    uploads.forget_files(timezone.now() - timedelta(days=7))


@shared_task
def make_pack(pack_id: str) -> None:
    """Make a pack that somebody asked for; never twice at once."""
    pack, lock = Pack.objects.filter(pk=pack_id).first(), f"pack-run:{pack_id}"
    if pack is None or not cache.add(lock, 1, SILENT_FOR):
        return

    def progress(done: int, words: str) -> None:
        cache.set(pack_progress_key(pack_id), (done, words), SILENT_FOR)
        cache.touch(lock, SILENT_FOR)

    try:
        packs.make(pack=pack, progress=progress)
    finally:
        cache.delete_many([lock, pack_progress_key(pack_id)])


@shared_task
def sweep_packs() -> None:
    """Make what was asked for while the queue was away, and what a stopped worker left half made."""
    for pack in pack_actions.forgotten(timezone.now() - timedelta(seconds=30)):
        make_pack(str(pack.pk))


def pack_progress_key(pack_id: str) -> str:
    """Where it stands how much of a pack is made, and what is going on."""
    return f"pack-progress:{pack_id}"


def progress_key(import_id: str) -> str:
    """Where a run over a file says how many rows it has done."""
    return f"import-progress:{import_id}"


def undoing_key(import_id: str) -> str:
    """Where it stands that an import is being undone."""
    return f"import-undoing:{import_id}"


def ask(task: Any, *ids: str) -> bool:
    """Have a task run soon. False if the queue is away, so that a person can be told to try again."""
    try:
        task.delay(*ids)
    except OperationalError as error:
        logger.warning("The queue is away: %s", error)
        return False
    return True


def _with_file(import_id: str, act: Callable[..., Any]) -> None:
    """Run over a file, but never twice at once: a queue may hand out one message again while it is still worked on."""
    batch, lock = Import.objects.filter(pk=import_id).first(), f"import-run:{import_id}"
    if batch is None or not cache.add(lock, 1, SILENT_FOR):
        return

    def progress(done: int) -> None:
        cache.set(progress_key(import_id), done, SILENT_FOR)
        cache.touch(lock, SILENT_FOR)

    try:
        act(batch=batch, progress=progress)
    finally:
        cache.delete(lock)
        cache.delete(progress_key(import_id))
