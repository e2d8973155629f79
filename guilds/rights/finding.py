"""Where else somebody is named: in notes, reasons, drafts, files and what history keeps of them. Places to look at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from guilds.audit.models import Event, StatusChange
from guilds.rights.marks import Marks
from guilds.rights.people import IDENTITY, KINDS, key_of

#: Models without a text that somebody wrote about a person, and what can't be changed.
LEFT_OUT = {
    "cell": "figures", "distinctcount": "figures", "presence": "figures", "freshness": "figures", "staleslice": "figures",
    "target": "figures", "publishedfigure": "frozen figures", "publishedrows": "ids and numbers", "publication":
    "frozen once it is published", "postcode": "official", "outcode": "official", "district": "official",
    "boundary": "official", "apprenticeshipstandard": "official", "identifier": "official numbers", "spelling":
    "single words, forgotten with the record", "organisationword": "as the organisation", "engagementword":
    "as the engagement", "mailitem": "ids", "digestday": "days", "succession": "official", "erasurerecord": "numbers",
    "retentionrun": "numbers", "duplicatepair": "ids",
}  # fmt: skip
#: Whose words are nobody else's business: that they name the person is told, not what they say.
PRIVATE = frozenset({"draft", "savedview", "answeredrequest"})
MOST = 500


@dataclass
class Mention:
    """A record that names the person, in itself or in its history. `excerpts`: the words around."""

    key: str
    noun: str
    excerpts: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What a person chooses by."""
        said = next(filter(None, self.excerpts), "")
        return f"{self.noun}: {said}" if said else self.noun


def text_fields(model: type[models.Model]) -> list[models.Field]:
    """The columns of a model that may hold words."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    fields = [f for f in model._meta.concrete_fields if isinstance(f, kinds) and not f.choices and not f.primary_key]
    return [f for f in fields if not f.name.endswith(("_digest", "_key", "password", "digest"))]


def mentions(marks: Marks, *, but: Iterable[models.Model] = ()) -> list[Mention]:
    """Every record outside `but` that names somebody, at most MOST.

    Of another person's record only what is said in it: that somebody has the same name is told by `others`.
    """
    found: dict[str, Mention] = {}
    own = {key_of(record) for record in but}
    for row, texts in _rows(marks):
        key = _subject(row)
        if key in own or len(found) >= MOST:
            continue
        mention = found.setdefault(key, Mention(key, _noun(key)))
        if key.partition(":")[0] not in PRIVATE:
            mention.excerpts += [words for words in map(marks.excerpt, texts) if words not in mention.excerpts]
    return list(found.values())


def others(marks: Marks, *, but: Iterable[models.Model] = ()) -> list[Any]:
    """Other records of people that have the same name, address or number: somebody looks whether it is the same person."""
    own = {key_of(record) for record in but}
    alike = Q()
    for word in marks.words:
        alike |= Q(name__iexact=word) | Q(email__iexact=word)
    found = [record for kind in KINDS.values() for record in kind.known().filter(alike)[:MOST]] if marks else []
    return [record for record in found if key_of(record) not in own]


def _rows(marks: Marks) -> Iterator[tuple[models.Model, list[str]]]:
    """Each row that has one of the marks, with its texts."""
    if not marks:
        return
    for model in apps.get_app_config("guilds").get_models():
        fields = text_fields(model)
        if fields and model._meta.model_name not in LEFT_OUT:
            for row in _matching(model, fields, marks).iterator():
                keep = IDENTITY if _subject(row).partition(":")[0] in KINDS else ()
                said = [getattr(row, one.attname) for one in fields if one.name not in keep]
                texts = [text for value in said for text in _texts(value, keep)]
                if any(map(marks.are_in, texts)):
                    yield row, texts


def _matching(model: type[models.Model], fields: list[models.Field], marks: Marks) -> models.QuerySet:
    rows, asked = model._default_manager.all(), Q()
    for one in fields:
        name = one.name
        if isinstance(one, models.JSONField):
            name = f"text_of_{name}"
            rows = rows.annotate(**{name: Cast(one.name, TextField())})
            if marks.pattern_in_json and connection.vendor == "sqlite":
                asked |= Q(**{f"{name}__iregex": marks.pattern_in_json})
        asked |= Q(**{f"{name}__iregex": marks.pattern})
    return rows.filter(asked).order_by("pk")


def _texts(value: Any, keep: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in (one for name, one in value.items() if name not in keep):
            yield from _texts(one, keep)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, keep)


def _subject(row: Any) -> str:
    """The record that a row is about: a line of history is about its own."""
    if isinstance(row, Event | StatusChange):
        return f"{row.subject_type}:{row.subject_id}"
    return key_of(row)


def _noun(key: str) -> str:
    return str(apps.get_model("guilds", key.partition(":")[0])._meta.verbose_name).capitalize()
