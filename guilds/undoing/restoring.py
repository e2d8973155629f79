"""Putting a record back as history has it: its columns, and the rows that are part of it."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import models

from guilds.audit.models import Record
from guilds.engagement.models import Attendance, Engagement, Participation
from guilds.organisations.models import Identifier, Organisation
from guilds.pledges.models import Pledge
from guilds.reference.models import District, Guild

M = TypeVar("M", bound=models.Model)


def as_before(record: M, before: dict) -> M:
    """Give a record (or a row of one) the values that history kept; the caller saves it."""
    for column in record._meta.concrete_fields:
        if column.attname in before:
            setattr(record, column.attname, column.to_python(before[column.attname]))
    return record


def restore_parts(record: Record, before: dict) -> None:
    """Make the rows that are part of a saved record what history kept."""
    if type(record) in _PARTS:
        _PARTS[type(record)](record, before)


def _restore_identifiers(organisation: Organisation, before: dict) -> None:
    organisation.identifiers.all().delete()
    Identifier.objects.bulk_create(
        Identifier(organisation=organisation, scheme=scheme, value=value) for scheme, value in before["identifiers"]
    )


def _restore_who_came(engagement: Engagement, before: dict) -> None:
    engagement.supporting_guilds.set(Guild.objects.filter(slug__in=before["supporting_guilds"]))
    _restore_rows(Attendance, engagement, ("provider_id", "year_group"), before["attendances"])
    _restore_rows(Participation, engagement, ("employer_id",), before["participations"])


def _restore_rows(model: Any, engagement: Engagement, key: tuple[str, ...], rows: Iterable[dict]) -> None:
    """A row that is there still keeps its id: links to it, such as those sent to schools, go on leading to it."""

    def key_of(part: Any) -> tuple:
        return tuple(getattr(part, name) for name in key)

    there = {key_of(part): part for part in model.objects.filter(engagement=engagement)}
    wanted = {key_of(part): part for part in (as_before(model(engagement=engagement), row) for row in rows)}
    for part in (part for known, part in there.items() if known not in wanted):
        part.delete()
    for known, part in wanted.items():
        if known in there:
            part.pk, part._state.adding = there[known].pk, False
        part.save()


def _restore_districts(pledge: Pledge, before: dict) -> None:
    pledge.districts.set(District.objects.filter(code__in=before["districts"]))


_PARTS: dict[type, Callable[[Any, dict], None]] = {
    Organisation: _restore_identifiers, Engagement: _restore_who_came, Pledge: _restore_districts,
}  # fmt: skip
