"""Doing what the rules of retention say; first only counting what they would do."""

import logging
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from guilds.rights.erasing import erase_fields, erase_file, erase_person
from guilds.rights.models import ErasureRecord, RetentionRun, Why
from guilds.rights.people import KINDS
from guilds.rights.retention import RULES, Rule, Then

logger = logging.getLogger(__name__)

#: A rule takes so many rows at a time, each in a transaction of its own: a run that is stopped goes on where it was.
AT_ONCE = 500


def dry_run(*, by, at: datetime) -> RetentionRun:
    """Count what each rule would do now, and change nothing."""
    return RetentionRun.objects.create(by=by, counts={rule.model: rule.rows(at).count() for rule in RULES})


def apply(*, by, at: datetime) -> RetentionRun:
    """Do what each rule says."""
    counts = {rule.model: sum(_tried(rule, row, by=by, at=at) for row in _due(rule, at)) for rule in RULES}
    return RetentionRun.objects.create(by=by, applied=True, counts=counts)


def last_run(*, applied: bool) -> RetentionRun | None:
    """The last time that the rules were counted, or applied."""
    return RetentionRun.objects.filter(applied=applied).first()


def _due(rule: Rule, at: datetime) -> Any:
    """All that is due, found first: what is erased is not found again."""
    ids = list(rule.rows(at).order_by("pk").values_list("pk", flat=True).distinct())
    rows: Any = rule.rows(at).model._default_manager
    for start in range(0, len(ids), AT_ONCE):
        yield from rows.filter(pk__in=ids[start : start + AT_ONCE])


def _tried(rule: Rule, row: Any, *, by, at: datetime) -> int:
    """One row that can't be changed holds up no other; it is counted as due again."""
    try:
        _apply(rule, row, by=by, at=at)
    except ValidationError:
        logger.warning("Retention: %s %s can't be changed", rule.model, row.pk)
        return 0
    return 1


@transaction.atomic
def _apply(rule: Rule, row: Any, *, by, at: datetime) -> None:
    if rule.model in KINDS:
        counts = erase_person(by=by, person=row, on=at.date())
        ErasureRecord.objects.create(by=by, why=Why.AGE, counts=dict(counts))
    elif rule.model == "attachment":
        erase_file(by=by, attachment=row)
    elif rule.then is Then.DELETE:
        row.delete()
    else:
        erase_fields(by=by, record=row, fields=rule.fields)
