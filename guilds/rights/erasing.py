"""Forgetting a person: in their records, in what history says of them, and where others wrote about them.

Rows stay, so that what was counted stays counted. It can't be undone, and leaves a record that says how many of what.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from guilds.audit import recording
from guilds.audit.forgetting import as_it_is, cleaned, everything, forget
from guilds.audit.models import Record
from guilds.audit.refusals import refuse
from guilds.engagement.attachment_actions import detach
from guilds.engagement.models import Attachment, Attendance, Participation
from guilds.mailing.models import SentMail
from guilds.rights.finding import text_fields
from guilds.rights.marks import Marks
from guilds.rights.models import ErasureRecord, RightsRequest, Why
from guilds.rights.people import IDENTITY, KINDS, key_of, kind_of, record_of
from guilds.search.index import forget_spellings

VERB = "erased"
#: Only records with a long id have a history.
LONG_KEY = 36


def marks_of(people: Iterable[Record], also: Iterable[str] = ()) -> Marks:
    """What these people are recognised by, and what somebody adds to that."""
    return Marks.of({*also, *(word for person in people for word in kind_of(person).marks_of(person))})


@transaction.atomic
def erase(
    *,
    by,
    people: Iterable[Record],
    mentions: Iterable[str] = (),
    also: Iterable[str] = (),
    why: str,
    on: date,
    request: RightsRequest | None = None,
) -> ErasureRecord:
    """Erase a person: the records that are theirs, and what the records of these keys say of them. There is no way back.

    A file among `mentions` is removed. Raises ValidationError keyed by `people` or `why`.
    """
    people = list(people)
    if not people:
        raise refuse("people", "Choose whose details are to be erased", "required")
    if why not in Why.values:
        raise refuse("why", f"Choose one of: {', '.join(Why.values)}", "invalid_choice")
    marks, counts = marks_of(people, also), Counter[str]()
    for key in dict.fromkeys(mentions):
        counts += erase_mention(by=by, key=key, marks=marks)
    for person in people:
        counts += erase_person(by=by, person=person, on=on)
    forget_spellings(marks.words)
    return ErasureRecord.objects.create(by=by, why=why, request=request, counts=dict(counts))


def erase_person(*, by, person: Record, on: date) -> Counter[str]:
    """Leave nothing personal in one record, in its history, and in the mail that was sent to it."""
    kind = kind_of(person)
    with recording.changing(person, by=by, verb=VERB, checked=False) as now:
        kind.blank(now, on)
    counts = Counter({kind.noun: 1})
    counts["Line of history"] += forget(
        kind.slug, person.pk, clean=as_it_is, clean_reason=everything, fields=kind.fields
    )
    for mail in SentMail.objects.filter(_mail_of(person)).exclude(context={}):
        mail.context = {}
        mail.save(update_fields=["context"])
        counts["Mail"] += 1
    return counts


def erase_mention(*, by, key: str, marks: Marks) -> Counter[str]:
    """Take somebody's name, address and number out of a record that is about something else, and out of its history."""
    label, _, pk = key.partition(":")
    keep = IDENTITY if label in KINDS else ()
    record, counts = record_of(key), Counter[str]()
    if isinstance(record, Attachment):
        return _erase_file(by=by, attachment=record)
    if record is not None:
        counts[_noun(label)] += 1
        _clean(record, marks, keep, by=by)
        label, pk = key_of(_root(record)).split(":")
    if len(pk) == LONG_KEY:
        counts["Line of history"] += forget(label, UUID(pk), clean=marks.clean, keep=keep)
    return counts


def erase_fields(*, by, record: Any, fields: Iterable[str]) -> None:
    """Leave nothing of some texts of a record, nor of what history kept of them: they are no longer needed."""
    names = list(fields)

    def empty(row: Any) -> None:
        for name in names:
            setattr(row, name, _emptied(row, name))

    _change(record, empty, by=by)
    root = _root(record)
    if isinstance(root, Record):
        forget(str(root._meta.model_name), root.pk, clean=as_it_is, fields=names)


def erase_file(*, by, attachment: Attachment) -> None:
    """Remove a file, and what it was called."""
    _erase_file(by=by, attachment=attachment)


def _erase_file(*, by, attachment: Attachment) -> Counter[str]:
    pk, engagement, name = attachment.pk, attachment.engagement_id, attachment.name
    detach(by=by, attachment=attachment)
    called = Marks.of([name])
    lines = forget("attachment", pk, clean=called.clean, fields=("name",))
    return Counter({"File": 1, "Line of history": lines + forget("engagement", engagement, clean=called.clean)})


def _clean(record: Any, marks: Marks, keep: tuple[str, ...], *, by) -> None:
    def clean(row: Any) -> None:
        for field in (field for field in text_fields(type(row)) if field.name not in keep):
            value = cleaned(getattr(row, field.attname), marks.clean)
            if isinstance(value, str) and getattr(field, "max_length", None):
                value = value[: field.max_length]
            setattr(row, field.attname, value)

    _change(record, clean, by=by)


def _change(record: Any, change: Any, *, by) -> None:
    """Change a record as records are changed; a row without a history of its own through the record it is part of."""
    root = _root(record)
    if not isinstance(root, Record):
        change(record)
        record.save()
        return
    with recording.changing(root, by=by, verb=VERB, checked=False) as now:
        target = now if root is record else record
        change(target)
        if target is not now:
            target.save()


def _root(record: Any) -> Any:
    """The record whose history tells of a row."""
    return record.engagement if isinstance(record, Attendance | Participation) else record


def _emptied(row: Any, name: str) -> Any:
    value = getattr(row, name)
    if isinstance(value, dict | list):
        return type(value)()
    text = everything(value or "")
    return text if isinstance(value, str) else value


def _mail_of(person: Record) -> models.Q:
    """Mail to them, and about what they asked."""
    label = str(person._meta.model_name)
    about = models.Q(subject_type=label, subject_id=person.pk)
    return about | models.Q(**{label: person}) if label in ("user", "contact") else about


def _noun(label: str) -> str:
    return str(apps.get_model("guilds", label)._meta.verbose_name).capitalize()
