"""Taking a merge back: everything that moved goes to where it was, unless somebody has changed it since."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.db import models
from django.utils import timezone

from guilds.audit import recording
from guilds.audit.models import Record
from guilds.audit.refusals import Conflict
from guilds.engagement.models import Engagement, EngagementPart
from guilds.merging.models import Merge
from guilds.merging.moves import UNDONE, Move, from_state, state_of
from guilds.organisations.models import Identifier, Organisation

#: How many of the things that stand in the way are named.
NAMED = 5


def take_back(merge: Merge, *, by) -> None:
    """Undo a merge (which the caller has locked and saves). Raises Conflict where that can't be done exactly."""
    if merge.undone_at is not None:
        raise _conflict("This merge has been undone already")
    moves = Move.read(merge.moved)
    if changed := sorted(set(changed_since(merge, moves))):
        more = f" and {len(changed) - NAMED} more" if len(changed) > NAMED else ""
        raise _conflict(
            f"It can't be undone any more, because this has been changed since: {'; '.join(changed[:NAMED])}{more}"
        )
    for (model, pk), group in groupby(reversed(moves), key=_record_of):
        _put_back(model, pk, list(group), merge, by=by)
    merge.undone_at, merge.undone_by = timezone.now(), by


def changed_since(merge: Merge, moves: Iterable[Move]) -> Iterator[str]:
    """What is not as the merge left it, in words."""
    for model, group in groupby(sorted(moves, key=lambda move: move.model), key=lambda move: move.of):
        own = [move for move in group if move.field]
        rows = model._default_manager.in_bulk([_key(model, move.pk) for move in own])
        for move in own:
            row = rows.get(_key(model, move.pk))
            if row is None or not _as_left(move, row):
                yield _words(model, row)


def _as_left(move: Move, row: models.Model) -> bool:
    if move.version is not None:
        return getattr(row, "version", None) == move.version
    if move.state is not None:
        return state_of(row) == move.state
    field = row._meta.get_field(move.field)
    return field.value_from_object(row) == move.value(move.after)  # type: ignore[union-attr]


def _words(model: type[models.Model], row: models.Model | None) -> str:
    noun = str(model._meta.verbose_name)
    if row is None:
        return f"{noun} that is not there any more"
    on = getattr(row, "engagement", None) if isinstance(row, EngagementPart) else None
    said = type(row).__str__ is not models.Model.__str__
    return f"{noun} {row}{f' at {on}' if on else ''}" if said else noun


def _record_of(move: Move) -> tuple[type[models.Model], str]:
    """The record whose history tells of a move."""
    if issubclass(move.of, EngagementPart):
        return Engagement, move.whole
    return (Organisation, "both") if move.of in (Organisation, Identifier) else (move.of, move.pk)


def _put_back(model: type[models.Model], pk: str, moves: list[Move], merge: Merge, *, by) -> None:
    """`moves` come latest first."""
    if pk == "both":
        _part_again(moves, merge, by=by)
    elif model is Engagement:
        with recording.changing(Engagement.objects.get(pk=pk), by=by, verb=UNDONE):
            for move in moves:
                _put_row_back(move)
    elif not moves[0].field:
        recording.create(_record(model, moves[0]), by=by, verb=UNDONE)
    else:
        record: Any = model._default_manager.get(pk=pk)
        with recording.changing(record, by=by, verb=UNDONE) as now:
            for move in moves:
                move.put_back(now)


def _record(model: type[models.Model], move: Move) -> Record:
    record = from_state(model, move.state or {})
    assert isinstance(record, Record)
    return record


def _put_row_back(move: Move) -> None:
    """A row that moved goes back; one that was taken out for it comes in again, under the id that it had."""
    if not move.field:
        from_state(move.of, move.state or {}).save(force_insert=True)
        return
    row = move.of._default_manager.get(pk=move.pk)
    move.put_back(row)
    row.save()


def _part_again(moves: list[Move], merge: Merge, *, by) -> None:
    """The two records themselves, and earlier ones that had been merged into the loser."""
    for move in (move for move in moves if move.of is Organisation and _other(move, merge)):
        with recording.changing(Organisation.objects.get(pk=move.pk), by=by, verb=UNDONE) as now:
            move.put_back(now)
    with (
        recording.changing(merge.loser, by=by, verb=UNDONE) as loser,
        recording.changing(merge.winner, by=by, verb=UNDONE) as winner,
    ):
        both = {str(loser.pk): loser, str(winner.pk): winner}
        for move in moves:
            if move.of is Identifier:
                _put_row_back(move)
            elif move.pk in both:
                move.put_back(both[move.pk])


def _other(move: Move, merge: Merge) -> bool:
    return move.pk not in (str(merge.winner_id), str(merge.loser_id))


def _key(model: type[models.Model], pk: str) -> Any:
    return model._meta.pk.to_python(pk)  # type: ignore[union-attr]


def _conflict(message: str) -> Conflict:
    return Conflict({"moved": Conflict(message, code="overtaken")})
