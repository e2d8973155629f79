"""The records that are about a person: each kind, what it is called, and what is left of it once it is erased."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from guilds.access import sign_ins
from guilds.access.invitations import Invitation, JoinRequest
from guilds.access.models import User
from guilds.audit import recording
from guilds.audit.forgetting import ERASED
from guilds.audit.models import Event, Record
from guilds.desk.models import DeskEntry
from guilds.organisations.models import Contact, Organisation

#: What a person is recognised by; another person may have the same.
IDENTITY = ("name", "email", "phone")
NOBODY = "Erased person"
#: No mail is ever sent here: the domain is reserved for what does not exist.
NOWHERE = "erased.invalid"


@dataclass(frozen=True)
class PersonKind:
    """One kind of record that is a person. `finish`: what else is done to one that is erased, before it is saved."""

    model: type[Record]
    noun: str
    finish: Callable[[Any, date], None] = lambda record, on: None

    @property
    def slug(self) -> str:
        """What an address calls it."""
        return str(self.model._meta.model_name)

    @property
    def fields(self) -> tuple[str, ...]:
        """What is personal in it."""
        return tuple(getattr(self.model, "personal_fields", ()))

    def known(self) -> models.QuerySet:
        """Those that are not erased."""
        rows: Any = self.model._default_manager
        return rows.exclude(email__endswith=f"@{NOWHERE}").exclude(name=NOBODY)

    def called(self, words: str) -> models.QuerySet:
        """Those whose name, address or number has these words."""
        asked = Q()
        for field in self.fields:
            asked |= Q(**{f"{field}__icontains": words})
        return self.known().filter(asked)

    def marks_of(self, record: Any) -> set[str]:
        """What this person is recognised by, now and in history."""
        states = [state for event in Event.objects.about(record) for state in (event.before, event.after) if state]
        states.append({name: getattr(record, name) for name in self.fields})
        told = {str(state.get(name) or "") for state in states for name in IDENTITY}
        return {word for word in told if word not in (ERASED, NOBODY) and not word.endswith(NOWHERE)}

    def blank(self, record: Any, on: date) -> None:
        """Leave nothing personal in it; the caller saves it."""
        for name in self.fields:
            setattr(record, name, _blank(record, name))
        self.finish(record, on)


def _blank(record: Any, name: str) -> Any:
    field, value = record._meta.get_field(name), getattr(record, name)
    if isinstance(field, models.EmailField):
        return "" if field.blank else f"{record.pk.hex}@{NOWHERE}"
    if name == "name":
        return NOBODY
    return ERASED[: field.max_length or len(ERASED)] if value else value


def _end_contact(contact: Contact, on: date) -> None:
    contact.erased_on, contact.do_not_contact, contact.email_bounced_at = on, True, None
    for led in Organisation.objects.filter(careers_leader=contact):
        with recording.changing(led, by=None, verb="corrected") as now:
            now.careers_leader = None


def _end_account(user: User, on: date) -> None:
    """Nobody signs in as this person again, and what was theirs alone goes."""
    user.is_active, user.email_bounced_at = False, None
    user.set_unusable_password()
    user.sign_in_generation += 1
    sign_ins.end_all(user=user)
    for rows in own_rows(user):
        for row in rows:
            if isinstance(row, Record):
                recording.remove(row, by=None)
            else:
                row.delete()


def own_rows(user: User) -> Iterator[models.QuerySet]:
    """What is of no use without its owner: bookmarks, drafts, keys, ways of signing in (also those of other packages)."""
    for relation in links_to(User):
        if getattr(relation, "on_delete", None) is models.CASCADE:
            yield relation.related_model._default_manager.filter(**{relation.field.name: user})


def links_to(model: type[models.Model]) -> list[Any]:
    """Every foreign key that leads to a model, also those that can't be followed back."""
    found: list[Any] = [
        one for one in model._meta.get_fields(include_hidden=True) if one.auto_created and not one.concrete
    ]
    return [one for one in found if not one.many_to_many and not one.related_model._meta.auto_created]


KINDS: dict[str, PersonKind] = {
    kind.slug: kind
    for kind in (
        PersonKind(Contact, "Person at an organisation", _end_contact),
        PersonKind(User, "Somebody who signs in", _end_account),
        PersonKind(Invitation, "Invitation"),
        PersonKind(JoinRequest, "Request to join"),
        PersonKind(DeskEntry, "Promise at a pledge desk"),
    )
}


def kind_of(record: models.Model) -> PersonKind:
    """Which kind of person a record is."""
    return KINDS[str(record._meta.model_name)]


def key_of(record: models.Model) -> str:
    """What a form calls a record: `contact:…`."""
    return f"{record._meta.model_name}:{record.pk}"


def record_of(key: str) -> Any:
    """The record of a key, None if it is gone."""
    label, _, pk = key.partition(":")
    model: Any = apps.get_model("guilds", label)
    return model._default_manager.filter(pk=pk).first()
