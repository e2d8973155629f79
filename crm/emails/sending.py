"""The one way in which mail goes out: noted in the change's own transaction, handed to the queue after it, sent once.

`send` is for everybody who has something to say. Whether it may be said (do-not-contact, mail that came back, kinds
switched off, often enough) is asked there and once more just before it goes.
"""

import logging
from datetime import timedelta
from functools import partial
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from crm.emails import stopping
from crm.emails.rendering import Words, render
from guilds.access.models import User
from guilds.mailing import actions
from guilds.mailing.kinds import KINDS
from guilds.mailing.models import SentMail
from guilds.organisations.models import Contact

logger = logging.getLogger(__name__)

#: A mail that is being sent for longer than this: its worker died.
UNCERTAIN = timedelta(minutes=15)


def send(
    kind: str,
    *,
    to: User | Contact,
    about: Any = None,
    context: dict[str, Any] | None = None,
    once_key: str = "",
    **more: Any,
) -> SentMail | None:
    """Have a mail sent once the present transaction is in. None where it may not be sent to this person.

    `kind`: a slug of guilds.mailing.kinds.KINDS with a folder templates/emails/<kind>/. `about`: the record that it is
    about, which counts towards the kind's `at_most`. `context`: plain JSON that the templates need; addresses in it
    begin with "/". `once_key`: a name under which a mail goes out only once, ever.
    """
    mail = actions.enqueue(kind=kind, to=to, about=about, context=context, once_key=once_key, **more)
    if mail is not None:
        transaction.on_commit(partial(_announce, str(mail.pk)))
    return mail


def send_at_once(kind: str, *, to: User | Contact, context: dict[str, Any]) -> SentMail | None:
    """For somebody who waits for it at the screen, such as for a code; its words are kept nowhere.

    Raises what the mail server raises.
    """
    mail = actions.enqueue(kind=kind, to=to)
    claimed = mail and actions.claim(mail.pk)
    if claimed is None:
        return None
    try:
        _hand_over(claimed, context)
    except (SMTPException, OSError):
        actions.give_up(claimed)
        raise
    return actions.mark_sent(claimed)


def send_to_address(kind: str, *, email: str, name: str, about: Any, context: dict[str, Any]) -> bool:
    """For somebody who is nobody here yet, and what must be kept nowhere, such as a link that lets in. False: not sent."""
    mail = actions.note_to_address(kind=kind, email=email, about=about)
    if mail is None:
        return False
    words = render(kind, {"name": name, "stop_address": ""} | context)
    message = EmailMultiAlternatives(words.subject, words.text, to=[email], headers=_headers(mail))
    message.attach_alternative(words.html, "text/html")
    try:
        message.send()
    except (SMTPException, OSError) as error:
        logger.warning("A mail could not be handed over (%s): %s", mail.pk, type(error).__name__)
        actions.give_up(mail)
        return False
    actions.mark_sent(mail)
    return True


def deliver(mail_id: UUID | str) -> bool:
    """Send a mail that waits. False where it was sent before, may not be sent any more, or could not be handed over."""
    mail = actions.claim(mail_id)
    if mail is None:
        return False
    try:
        _hand_over(mail, mail.context)
    except (SMTPException, OSError) as error:
        logger.warning("A mail could not be handed over (%s): %s", mail.pk, type(error).__name__)
        actions.put_back(mail)
        return False
    actions.mark_sent(mail)
    return True


def sweep() -> int:
    """Send what still waits after an outage; what may or may not have gone does not go twice. Gives the number sent."""
    now = timezone.now()
    actions.give_up_uncertain(now - UNCERTAIN)
    return sum(deliver(mail.pk) for mail in actions.waiting(now)[:500])


def message_for(mail: SentMail, words: Words, person: User | Contact, stop: str) -> EmailMultiAlternatives:
    """The message, with text and HTML. One press in a mail program stops its kind (RFC 8058)."""
    headers = _headers(mail)
    if stop:
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = EmailMultiAlternatives(words.subject, words.text, to=[person.email], headers=headers)
    message.attach_alternative(words.html, "text/html")
    return message


def _headers(mail: SentMail) -> dict[str, str]:
    return {"Message-ID": f"<{mail.pk}@{urlsplit(settings.BASE_URL).hostname}>", "Auto-Submitted": "auto-generated"}


def _hand_over(mail: SentMail, context: dict[str, Any]) -> None:
    person = mail.user or mail.contact
    assert person is not None, "claimed mails have somebody to go to"
    stop = "" if KINDS[mail.kind].required else stopping.address_for(person, mail.kind)
    words = render(mail.kind, {"name": person.name, "stop_address": stop} | context)
    message_for(mail, words, person, stop).send()


def _announce(mail_id: str) -> None:
    """A queue that is away is no reason to refuse a change: the clock sweeps up what waits."""
    from crm import tasks

    tasks.post_soon(mail_id)
