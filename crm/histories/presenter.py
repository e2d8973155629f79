"""History in plain words: who did what and when, and what changed from what to what.

What is recorded is the domain's affair (guilds.audit); how it reads is said here, once, for every kind of record. A
record's own words are a `Wording` in a module of its own beside this one; components/history.html shows the result.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format

from guilds.access.models import User
from guilds.audit.models import Event, Record
from guilds.engagement.models import Engagement
from guilds.organisations.models import Contact, Organisation
from guilds.reference.calendars import LONDON
from guilds.reference.models import District, Guild

#: How many changes are shown at first.
SHOWN = 30
NOTHING = "not given"
#: What happens to records of every kind.
FOR_ALL_VERBS = {
    "undo": "undid the change before",
    "import undone": "undid an import",
    "erased": "erased what was said of a person",
}
#: What an id in a state points to: the model and the field that holds the id.
ORGANISATION, GUILD, DISTRICT, USER = (Organisation, "pk"), (Guild, "slug"), (District, "code"), (User, "pk")
CONTACT, ENGAGEMENT = (Contact, "pk"), (Engagement, "pk")
Target = tuple[type, str]
#: Of these not everybody who reads a history may know the name.
_NOT_FOR_ALL: dict[type, str] = {
    Contact: "somebody whose details you can't see",
    Engagement: "an event that you can't see",
}


@dataclass(frozen=True)
class Part:
    """Rows that a state carries in a list, such as attendances: told one by one.

    `key`: the names that tell one row from another, the first an organisation; `fields`: name → label.
    """

    key: tuple[str, ...]
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Wording:
    """How one kind of record is told. Fields that have no label are not told at all.

    `verbs`: what the event is called → what somebody did. `choices`: field → its values in words. `points_to`: field →
    what its id is of. `parts`: the lists of rows. `for_all`: the fields that members of organisations may read; the
    team reads every field. Rows of a part are read by the organisation that they are about, and by the team.
    """

    verbs: Mapping[str, str]
    fields: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    points_to: Mapping[str, Target] = field(default_factory=dict)
    parts: Mapping[str, Part] = field(default_factory=dict)
    for_all: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Change:
    """One thing that became different."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One event: `who` did (`did`) it, at a moment, maybe for a reason, and what changed."""

    at: datetime
    who: str
    did: str
    reason: str
    changes: list[Change]
    event: Event


@dataclass(frozen=True)
class History:
    """The entries, latest first; `more` if there are earlier ones that were not asked for."""

    entries: list[Entry]
    more: bool = False
    record: Record | None = None
    latest: Event | None = None


def history_of(record: Record, wording: Wording, *, reader: User, size: int = SHOWN) -> History:
    """What happened to a record, as its reader may know it. The caller has made sure that they may see the record.

    One query for the events and one for each sort of thing that they point to.
    """
    events = list(Event.objects.about(record).select_related("actor")[: size + 1])
    entries = told(events[:size], wording, reader=reader)
    return History(entries, more=len(events) > size, record=record, latest=next(iter(events), None))


def told(events: Iterable[Event], wording: Wording, *, reader: User) -> list[Entry]:
    """Some events in words; those of which this reader may know nothing are left out."""
    events = list(events)
    names = _names(events, wording, reader)
    entries = [_entry(event, _Teller(wording, names, reader)) for event in events]
    return [entry for event, entry in zip(events, entries, strict=True) if _worth_telling(event, entry, reader)]


def _worth_telling(event: Event, entry: Entry, reader: User) -> bool:
    """A change of things that a member may not read is none for them; a new status or a beginning always is one."""
    if reader.is_staff_member or entry.changes or not event.before:
        return True
    return (event.before or {}).get("status") != (event.after or {}).get("status")


def _entry(event: Event, teller: "_Teller") -> Entry:
    did = teller.wording.verbs.get(event.verb) or FOR_ALL_VERBS.get(event.verb) or event.verb.replace("_", " ")
    reason = event.reason if teller.reader.is_staff_member or "status_reason" in teller.wording.for_all else ""
    changes = list(teller.changes(event.before, event.after or {})) if event.before else []
    return Entry(event.at, who_did(event.actor, teller.reader), did, reason, changes, event)


def who_did(actor: User | None, reader: User) -> str:
    """The name, to the team and to colleagues; to others only what somebody is: names are personal details."""
    if actor is None:
        return "The system"
    colleague = actor.organisation_id is not None and actor.organisation_id == reader.organisation_id
    return actor.name if reader.is_staff_member or colleague else actor.get_role_display()


@dataclass(frozen=True)
class _Teller:
    wording: Wording
    names: Mapping[tuple[Target, str], str]
    reader: User

    def changes(self, before: dict, after: dict) -> Iterator[Change]:
        for name, label in self.wording.fields.items():
            if self._may_read(name) and before.get(name) != after.get(name):
                yield Change(label, self.words(name, before.get(name)), self.words(name, after.get(name)))
        for name, part in self.wording.parts.items():
            yield from self._changes_of_part(part, before.get(name) or [], after.get(name) or [])

    def _may_read(self, name: str) -> bool:
        return self.reader.is_staff_member or name in self.wording.for_all

    def _changes_of_part(self, part: Part, before: list[dict], after: list[dict]) -> Iterator[Change]:
        old, new = _keyed(part, before), _keyed(part, after)
        for key in dict.fromkeys([*old, *new]):
            if old.get(key) == new.get(key) or not self._may_read_row(key):
                continue
            title = self._title(part, key)
            if key in old and key in new:
                yield from self._changes_of_row(part, title, old[key], new[key])
            else:
                yield Change(title, self._row(part, old.get(key)), self._row(part, new.get(key)))

    def _may_read_row(self, key: tuple) -> bool:
        return self.reader.is_staff_member or str(self.reader.organisation_id) == str(key[0])

    def _changes_of_row(self, part: Part, title: str, old: dict, new: dict) -> Iterator[Change]:
        for name, label in part.fields.items():
            if old.get(name) != new.get(name):
                words = f"{title}, {label[:1].lower()}{label[1:]}"
                yield Change(words, self.words(name, old.get(name)), self.words(name, new.get(name)))

    def _title(self, part: Part, key: tuple) -> str:
        first, *rest = (self.words(name, value) for name, value in zip(part.key, key, strict=True) if value)
        return f"{first} ({', '.join(rest)})" if rest else first

    def _row(self, part: Part, row: dict | None) -> str:
        """A row that came or went: its numbers, or simply that it is there."""
        if row is None:
            return "not there"
        facts = [f"{label}: {self.words(n, row.get(n))}" for n, label in part.fields.items() if _told(row.get(n))]
        return ", ".join(facts) or "there"

    def words(self, name: str, value: Any) -> str:
        """A value as a person would write it."""
        if value in (None, "", []):
            return NOTHING
        if name in self.wording.points_to and not isinstance(value, list):
            target = self.wording.points_to[name]
            return self.names.get((target, str(value)), _NOT_FOR_ALL.get(target[0], "something removed since"))
        if isinstance(value, list):
            return ", ".join(self._one_of(name, item) for item in value)
        return self.wording.choices.get(name, {}).get(str(value)) or plain(value)

    def _one_of(self, name: str, item: Any) -> str:
        target = self.wording.points_to.get(name)
        return self.names.get((target, str(item)), plain(item)) if target else plain(item)


def _told(value: Any) -> bool:
    return value not in (None, "", [], "unanswered")


def plain(value: Any) -> str:
    """Dates, times, yes and no as they are written in English; anything else as it is."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and (moment := _moment(value)):
        return moment
    return str(value)


def _moment(text: str) -> str:
    try:
        moment = parse_datetime(text) if "T" in text else None
        day: date | None = None if moment else parse_date(text)
    except ValueError:
        return ""
    if moment:
        local = moment.astimezone(LONDON)
        return date_format(local, "j F Y" if local.strftime("%H:%M") == "00:00" else "j F Y, H:i")
    return date_format(day, "j F Y") if day else ""


def _keyed(part: Part, rows: list[dict]) -> dict[tuple, dict]:
    return {tuple(row.get(name) for name in part.key): row for row in rows}


def _names(events: list[Event], wording: Wording, reader: User) -> dict[tuple[Target, str], str]:
    """The names behind all ids in some events, as far as the reader may know them."""
    wanted: dict[Target, set[str]] = defaultdict(set)
    for state in (state for event in events for state in (event.before, event.after) if state):
        for target, value in _pointers(state, wording):
            wanted[target].add(value)
    found: dict[tuple[Target, str], str] = {}
    for target, values in wanted.items():
        model, key = target
        rows = model._default_manager.filter(**{f"{key}__in": values})  # type: ignore[attr-defined]
        seen = rows.visible_to(reader) if model in _NOT_FOR_ALL else rows
        called = "title" if model is Engagement else "name"
        found.update({(target, str(value)): name for value, name in seen.order_by().values_list(key, called)})
    return found


def _pointers(state: dict, wording: Wording) -> Iterator[tuple[Target, str]]:
    rows = [state, *(row for name in wording.parts for row in state.get(name) or [])]
    for row in rows:
        for name, target in wording.points_to.items():
            value = row.get(name)
            for one in value if isinstance(value, list) else [value]:
                if one not in (None, ""):
                    yield target, str(one)


def words_of(choices: Any) -> dict[str, str]:
    """The values of a class of choices, in words."""
    return {str(value): str(label) for value, label in choices.choices}
