"""What is held about somebody, in words that they can read: their own record, and all that belongs to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

from guilds.access.models import User
from guilds.audit.models import Event, Record
from guilds.mailing.models import SentMail
from guilds.organisations.models import Contact
from guilds.rights.people import kind_of, links_to

Facts = list[tuple[str, str]]
#: Links to somebody who signs in that say: this is about them, or for them to do. All others say what they did.
ABOUT_THEM = frozenset({"user", "owner", "person", "assigned_to", "asked_by", "contact"})
#: What says nothing to anybody.
_LEFT_OUT = frozenset(
    {"id", "version", "updated_at", "search_name", "password", "sign_in_generation", "columns", "body"}
)
#: Columns whose own names say little.
_CALLED = {"last_login": "Signed in last", "created_at": "Kept since", "is_active": "May sign in"}
_SECRET = ("_digest", "_key", "digest", "key")


@dataclass(frozen=True)
class Section:
    """One sort of thing that is held. `rows`: each as (label, value) pairs."""

    title: str
    rows: list[Facts]


def held_about(person: Record) -> list[Section]:
    """The record, what belongs to it, its history (when and what, not what it was), and what they did here."""
    kind = kind_of(person)
    sections = [Section(kind.noun, [facts_of(person)]), *_belonging(person)]
    sections.append(Section("Changes of these details", [_change(event) for event in Event.objects.about(person)]))
    if isinstance(person, User):
        sections.append(Section("What they did here, as other records’ histories say it", [_done_by(person)]))
    return [section for section in sections if any(section.rows)]


def facts_of(row: models.Model) -> Facts:
    """A row as (label, value) pairs; without secrets, ids, and the names of others who sign in."""
    return [fact for field in row._meta.concrete_fields if _told(field) for fact in _fact(row, field)]


def as_data(sections: list[Section]) -> dict[str, list[dict[str, str]]]:
    """The same for a machine."""
    return {section.title: [dict(facts) for facts in section.rows] for section in sections}


def _belonging(person: Record) -> Iterator[Section]:
    """What points to this person because it is about them."""
    for relation in links_to(person._meta.model):
        model: Any = relation.related_model
        names = {relation.field.name} & ABOUT_THEM
        if names and model._meta.app_label == "guilds":
            rows = model._default_manager.filter(**{relation.field.name: person})
            yield Section(_title(model), [facts_of(row) for row in rows.select_related(*_pointers(model))])
    if not isinstance(person, User | Contact):
        rows = SentMail.objects.filter(subject_type=person._meta.model_name, subject_id=person.pk)
        yield Section("Sent mail", [facts_of(row) for row in rows])


def _pointers(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.is_relation and _told(field)]


def _told(field: Any) -> bool:
    if field.name in _LEFT_OUT or field.name.endswith(_SECRET):
        return False
    return not (field.is_relation and field.related_model is User)


def _fact(row: Any, field: Any) -> Facts:
    value = getattr(row, f"get_{field.name}_display")() if field.choices else getattr(row, field.name)
    return [(_label(field), _in_words(value))] if value not in (None, "", [], {}) else []


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_in_words(one)}" for name, one in value.items())
    return ", ".join(map(_in_words, value)) if isinstance(value, list) else str(value)


def _label(field: Any) -> str:
    words = _CALLED.get(field.name) or str(field.verbose_name)
    return words[:1].upper() + words[1:]


def _title(model: type[models.Model]) -> str:
    words = str(model._meta.verbose_name_plural)
    return words[:1].upper() + words[1:]


def _change(event: Event) -> Facts:
    before, after = event.before or {}, event.after or {}
    changed = sorted(name for name in after if before.get(name) != after.get(name)) if before else []
    facts = [("When", _in_words(event.at)), ("What was done", event.verb)]
    return facts + ([("Changed", ", ".join(name.replace("_", " ") for name in changed))] if changed else [])


def _done_by(user: User) -> Facts:
    """How many changes of what: the changes themselves are about others."""
    counted = Event.objects.filter(actor=user).order_by("subject_type").values_list("subject_type")
    return [(f"Changes of {_nouns(label)}", str(n)) for label, n in counted.annotate(n=models.Count("pk"))]


def _nouns(label: str) -> str:
    return str(apps.get_model("guilds", label)._meta.verbose_name_plural)
