"""Every change to mail: what is wanted, what may be sent, what was sent, and what came back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from guilds.access.models import User
from guilds.audit import recording
from guilds.audit.refusals import refuse
from guilds.mailing.kinds import KINDS, may_be_switched_off
from guilds.mailing.models import MailItem, MailPreference, MailStatus, SentMail, field_of
from guilds.organisations.models import Contact

#: How often a mail is tried before it is given up; each time it waits twice as long, so a server may be away for hours.
TRIES = 9
#: A mail that waits longer than this was not announced, or its worker died.
OVERDUE = timedelta(minutes=2)


def choose(*, by: User | None, person: User | Contact, kind: str, wanted: bool) -> MailPreference | None:
    """Say whether a person wants a kind of mail, or a part of the daily reminder. `by` is None where a link did it.

    Raises ValidationError on "kind" for one that is unknown, or can't be switched off.
    """
    if not may_be_switched_off(kind):
        raise refuse("kind", "This kind of mail can't be switched off", "required")
    chosen = MailPreference.objects.of(person).filter(kind=kind).first()
    if chosen is None and wanted:
        return None
    if chosen is None:
        new = MailPreference(**{field_of(person): person}, kind=kind, off=True)
        return recording.create(new, by=by, verb="switched off")
    with recording.changing(chosen, by=by, verb="switched on" if wanted else "switched off") as now:
        now.off = not wanted
    return chosen


@transaction.atomic
def choose_all(*, by: User, person: User | Contact, wanted: dict[str, bool]) -> None:
    """Say of several kinds and parts at once whether they are wanted. Raises ValidationError like `choose`."""
    for kind, yes in wanted.items():
        choose(by=by, person=person, kind=kind, wanted=yes)


def switched_off(person: User | Contact) -> frozenset[str]:
    """The kinds and parts that a person does not want."""
    return frozenset(MailPreference.objects.of(person).filter(off=True).values_list("kind", flat=True))


def why_not(*, kind: str, to: User | Contact, about: Any = None) -> str:
    """Why a mail may not be sent, in a few words; empty where it may.

    An address that asked to be left alone, or that mail came back from, gets none, whoever it belongs to here: several
    people may share one. A required mail was asked for by the person at that moment, or guards the account, so only an
    account that is closed stops it.
    """
    known = KINDS[kind]
    if not to.email:
        return "There is no address"
    if isinstance(to, User) and not to.is_active:
        return "The account is closed"
    if isinstance(to, Contact) and to.do_not_contact:
        return "The person asked not to be contacted"
    if known.required:
        return ""
    return _why_address_is_barred(to.email) or _why_enough(known.slug, known.at_most, to, about)


@transaction.atomic
def enqueue(
    *,
    kind: str,
    to: User | Contact,
    about: Any = None,
    context: dict[str, Any] | None = None,
    once_key: str = "",
    items: Iterable[tuple[str, UUID]] = (),
) -> SentMail | None:
    """Note a mail that is to be sent; None where it may not be, or where `once_key` was used before.

    `context` is plain JSON; `items` are the (part, id) that a reminder names. One person's mails are noted one after
    another, so that two at once can't both be the last that is allowed.
    """
    type(to).objects.select_for_update(of=("self",)).get(pk=to.pk)
    if why_not(kind=kind, to=to, about=about) or (once_key and SentMail.objects.filter(once_key=once_key).exists()):
        return None
    mail = SentMail(kind=kind, once_key=once_key, context=context or {}, **{field_of(to): to}, **_subject(about))
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
    except IntegrityError:
        return None
    MailItem.objects.bulk_create([MailItem(mail=mail, part=part, subject_id=pk) for part, pk in items])
    return mail


@transaction.atomic
def note_to_address(*, kind: str, email: str, about: Any) -> SentMail | None:
    """Note a mail to somebody who is nobody here yet, about a record that knows the address; it is sent at once.

    None where the address asked to be left alone, mail to it came back, or it was said often enough.
    """
    before = SentMail.objects.filter(kind=kind, **_subject(about)).exclude(status=MailStatus.FAILED).count()
    at_most = KINDS[kind].at_most
    if _why_address_is_barred(email) or (at_most is not None and before >= at_most):
        return None
    mail = SentMail(kind=kind, status=MailStatus.SENDING, tries=1, tried_at=timezone.now(), **_subject(about))
    mail.save(force_insert=True)
    return mail


@transaction.atomic
def claim(mail_id: UUID | str) -> SentMail | None:
    """Take a waiting mail to send it; None where somebody has taken it before, or it may not be sent any more."""
    waiting = SentMail.objects.select_for_update(of=("self",)).filter(pk=mail_id, status=MailStatus.QUEUED)
    mail = waiting.first()
    if mail is None:
        return None
    mail.tries += 1
    mail.tried_at = timezone.now()
    if not _still_allowed(mail):
        give_up(mail)
        return None
    mail.status = MailStatus.SENDING
    return _settle(mail)


def mark_sent(mail: SentMail) -> SentMail:
    """It is out: its words are forgotten."""
    mail.status, mail.context = MailStatus.SENT, {}
    return _settle(mail)


def put_back(mail: SentMail) -> SentMail:
    """It could not be handed over: try again later, but not for ever."""
    if mail.tries >= TRIES:
        return give_up(mail)
    mail.status = MailStatus.QUEUED
    return _settle(mail)


def give_up(mail: SentMail) -> SentMail:
    """It will not be sent: its words are forgotten."""
    mail.status, mail.context = MailStatus.FAILED, {}
    return _settle(mail)


def give_up_uncertain(before: datetime) -> int:
    """Mails that somebody began to send and never finished: nobody knows whether they went, so they don't go twice.

    Gives their number.
    """
    lost = list(SentMail.objects.filter(status=MailStatus.SENDING, tried_at__lt=before))
    for mail in lost:
        give_up(mail)
    return len(lost)


def waiting(now: datetime) -> QuerySet[SentMail]:
    """Mails that still wait though they should be out: the queue was away, or the mail server, and it is time again."""
    never = Q(tries=0, queued_at__lt=now - OVERDUE)
    again = (Q(tries=tries, tried_at__lt=now - timedelta(minutes=2**tries)) for tries in range(1, TRIES))
    return SentMail.objects.filter(reduce(or_, again, never), status=MailStatus.QUEUED).order_by("queued_at")


def mark_bounced(*, address: str, at: datetime) -> int:
    """Mail to an address came back: mark everybody here who has it. Gives their number; doing it twice changes nothing."""
    marked = 0
    for people in (User.objects, Contact.objects):
        for person in people.filter(email__iexact=address, email_bounced_at=None):
            with recording.changing(person, by=None, verb="mail came back") as now:
                now.email_bounced_at = at
            marked += 1
    return marked


def clear_bounce(*, by: User, person: User | Contact) -> User | Contact:
    """The address works again: mail to it goes out once more."""
    with recording.changing(person, by=by, verb="address works again") as now:
        now.email_bounced_at = None
    return person


def _why_address_is_barred(address: str) -> str:
    barred = Q(email__iexact=address) & (Q(do_not_contact=True) | Q(email_bounced_at__isnull=False))
    if Contact.objects.filter(barred).exists():
        return "The address asked not to be contacted, or mail to it came back"
    if User.objects.filter(email__iexact=address, email_bounced_at__isnull=False).exists():
        return "Mail to this address came back"
    return ""


def _why_enough(kind: str, at_most: int | None, to: User | Contact, about: Any) -> str:
    if kind in switched_off(to):
        return "The person switched this kind of mail off"
    if at_most is None or about is None:
        return ""
    before = SentMail.objects.of(to).filter(kind=kind, **_subject(about)).exclude(status=MailStatus.FAILED)
    return "It was said often enough" if before.count() >= at_most else ""


def _still_allowed(mail: SentMail) -> bool:
    """Somebody may have asked to be left alone while the mail waited; that it is one of so many counts no more."""
    person = mail.user or mail.contact
    return person is not None and not why_not(kind=mail.kind, to=person)


def _subject(about: Any) -> dict[str, Any]:
    return {} if about is None else {"subject_type": about._meta.model_name, "subject_id": about.pk}


def _settle(mail: SentMail) -> SentMail:
    mail.save(update_fields=["status", "context", "tries", "tried_at"])
    return mail
