"""What somebody looks at before two records become one, and after."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from guilds.merging.models import DuplicatePair, Merge
from guilds.merging.moves import Move
from guilds.merging.relations import RELATIONS, Rule, fields_that_point
from guilds.organisations.models import Organisation, Scheme

_NOT_SHOWN = (Rule.FOLLOWS, Rule.STAYS)


def pairs_for(user) -> QuerySet[DuplicatePair]:
    """Likely duplicates that somebody should look at, the likeliest first."""
    offered = DuplicatePair.objects.visible_to(user).offered()
    return offered.select_related("first__district", "second__district")


def cared_for(user, pairs: Sequence[DuplicatePair]) -> set[Any]:
    """Of the organisations in some pairs, those that this user may merge; in one query."""
    ids = {pk for pair in pairs for pk in (pair.first_id, pair.second_id)}
    return set(Organisation.objects.filter(pk__in=ids).worked_with_by(user).values_list("pk", flat=True))


def what_hangs_on(pair: Sequence[Organisation]) -> dict[str, list[int]]:
    """How many rows of each model point to each of some organisations; models of which none does are left out."""
    fields: dict[Any, list[str]] = {}
    for key, field in fields_that_point().items():
        if RELATIONS.get(key) not in _NOT_SHOWN:
            fields.setdefault(field.model, []).append(field.name)
    found: dict[str, list[int]] = {}
    for model, names in fields.items():
        numbers = model._default_manager.aggregate(**{
            f"of_{place}": Count("pk", filter=Q(*((name, one.pk) for name in names), _connector=Q.OR))
            for place, one in enumerate(pair)
        })  # fmt: skip
        if any(numbers.values()):
            found[str(model._meta.model_name)] = [numbers[f"of_{place}"] for place in range(len(pair))]
    return found


def differing_numbers(one: Organisation, other: Organisation) -> list[str]:
    """The registers that tell two apart: both have a number there, and not the same."""
    own, others = ({number.scheme: number.value for number in each.identifiers.all()} for each in (one, other))
    return [Scheme(scheme).label for scheme in own if scheme in others and own[scheme] != others[scheme]]


def how_many_moved(merge: Merge) -> dict[str, int]:
    """How many rows of each model a merge moved; rows that were taken out because another stands for them count too."""
    rows = {(move.model, move.pk) for move in Move.read(merge.moved)}
    both = {("organisation", str(merge.winner_id)), ("organisation", str(merge.loser_id))}
    return dict(sorted(Counter(model for model, _ in rows - both).items()))
