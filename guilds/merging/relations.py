"""Everything that points to an organisation, and what becomes of it when that organisation goes into another.

A merge refuses while something is missing here: whoever adds a relation decides what a merge does with it.
"""

from enum import Enum

from django.db.models import Field

from guilds.organisations.models import Organisation


class Rule(Enum):
    """What becomes of a relation's rows."""

    MOVES = "points to the one that stays"
    MEMBERSHIPS = "times in one guild that overlap become one time"
    LINKS = "moves, unless it is there already or would link an organisation with itself"
    AT_EVENTS = "moves; where both were at one event, one row stays"
    IDENTIFIERS = "moves: the one that stays has the numbers of both"
    FOLLOWS = "follows from the records, so it is counted anew"
    STAYS = "is about these very records, so it stays as it is"


RELATIONS: dict[tuple[str, str], Rule] = {
    ("identifier", "organisation"): Rule.IDENTIFIERS,
    ("membership", "organisation"): Rule.MEMBERSHIPS,
    ("succession", "predecessor"): Rule.LINKS,
    ("succession", "successor"): Rule.LINKS,
    ("attendance", "provider"): Rule.AT_EVENTS,
    ("participation", "employer"): Rule.AT_EVENTS,
    ("contact", "organisation"): Rule.MOVES,
    ("organisation", "merged_into"): Rule.MOVES,
    ("guild", "chair"): Rule.MOVES,
    ("user", "organisation"): Rule.MOVES,
    ("invitation", "organisation"): Rule.MOVES,
    ("engagement", "venue"): Rule.MOVES,
    ("interaction", "organisation"): Rule.MOVES,
    ("followup", "organisation"): Rule.MOVES,
    ("pledge", "employer"): Rule.MOVES,
    ("deskentry", "organisation"): Rule.MOVES,
    ("allocation", "provider"): Rule.MOVES,
    ("request", "provider"): Rule.MOVES,
    ("placement", "employer"): Rule.MOVES,
    ("statementshare", "organisation"): Rule.MOVES,
    ("placement", "workplace"): Rule.MOVES,
    ("placement", "provider"): Rule.MOVES,
    ("apprenticeship", "employer"): Rule.MOVES,
    ("apprenticeship", "workplace"): Rule.MOVES,
    ("apprenticeship", "training_provider"): Rule.MOVES,
    ("adviserplace", "organisation"): Rule.MOVES,
    ("adviserplace", "employer"): Rule.MOVES,
    ("presence", "organisation"): Rule.FOLLOWS,
    ("organisationword", "record"): Rule.FOLLOWS,
    ("duplicatepair", "first"): Rule.STAYS,
    ("duplicatepair", "second"): Rule.STAYS,
    ("merge", "winner"): Rule.STAYS,
    ("merge", "loser"): Rule.STAYS,
}


def fields_that_point() -> dict[tuple[str, str], Field]:
    """Every field of any model that points to an organisation, hidden ones too."""
    found = (f for f in Organisation._meta.get_fields(include_hidden=True) if f.auto_created and not f.concrete)
    fields = [relation.field for relation in found]  # type: ignore[union-attr]
    return {(str(field.model._meta.model_name), field.name): field for field in fields}


def unlisted() -> list[str]:
    """What points to an organisation and is not in the list, as `model.field`."""
    return sorted(".".join(key) for key in fields_that_point().keys() - RELATIONS.keys())


def moving() -> dict[type, list[str]]:
    """The fields that are simply pointed elsewhere, by their model."""
    models: dict[type, list[str]] = {}
    for key, field in fields_that_point().items():
        if RELATIONS.get(key) in (Rule.MOVES, Rule.LINKS):
            models.setdefault(field.model, []).append(field.name)
    return models
