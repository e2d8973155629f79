"""Making one organisation of two records, taking that back, and saying that two are two."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from guilds.audit import recording
from guilds.audit.models import Record
from guilds.audit.refusals import Refusals, refuse
from guilds.engagement.follow_up_actions import remember_contact
from guilds.merging import facts, relations
from guilds.merging.at_events import merge_parts
from guilds.merging.memberships import merge_memberships
from guilds.merging.models import DuplicatePair, Merge
from guilds.merging.moves import MERGED, Move, change, name_of
from guilds.merging.undoing import take_back
from guilds.organisations.models import Identifier, Organisation, Status, Succession
from guilds.organisations.words import keep_words


@transaction.atomic
def merge(*, by, winner: Organisation, loser: Organisation, reason: str = "") -> Merge:
    """Make one organisation of two: everything of `loser` becomes `winner`'s, and `loser` is archived and points to it.

    Raises ValidationError where one of them can't be merged, or something points to organisations of which nobody
    has decided what a merge does with it.
    """
    locked = _lock(winner, loser)
    winner_now, loser_now = locked[winner.pk], locked[loser.pk]
    _check(winner_now, loser_now)
    moves = merge_memberships(winner_now, loser_now, by=by)
    moves += merge_parts(winner_now, loser_now, by=by)
    moves += _repoint(winner_now, loser_now, by=by)
    moves += _join(winner_now, loser_now, by=by, reason=reason)
    _follow(winner, loser)
    done = Merge(winner=winner_now, loser=loser_now, merged_by=by, moved=[move.kept() for move in moves])
    return recording.create(done, by=by, verb=MERGED, reason=reason)


@transaction.atomic
def undo(*, by, merge: Merge) -> Merge:
    """Make two of one again, exactly as they were. What was added to the winner since stays with it.

    Raises Conflict where it has been undone already, or where something that was moved has been changed since.
    """
    _lock(merge.winner, merge.loser)
    with recording.changing(merge, by=by, verb="undone") as now:
        take_back(now, by=by)
    _follow(merge.winner, merge.loser)
    return merge


def tell_apart(*, by, one: Organisation, other: Organisation) -> DuplicatePair:
    """Remember that two are no duplicates: they are not offered again. Saying it twice says it once."""
    first, second = sorted((one, other), key=lambda organisation: organisation.pk)
    pair = DuplicatePair.objects.filter(first=first, second=second).first()
    if pair is None:
        pair = DuplicatePair(first=first, second=second, reason="Compared by hand", different=True)
        return recording.create(pair, by=by, verb="told apart")
    with recording.changing(pair, by=by, verb="told apart") as now:
        now.different = True
    return pair


def _follow(*organisations: Organisation) -> None:
    """What follows from their records: the words that find them, and the day of the last contact."""
    for organisation in organisations:
        organisation.refresh_from_db()
        remember_contact(organisation)
    keep_words(organisations)


def _lock(*organisations: Organisation) -> dict[Any, Organisation]:
    """Both, always in the same order, so that two merges at once wait for each other."""
    rows = Organisation.objects.select_for_update(of=("self",)).order_by("pk")
    return {row.pk: row for row in rows.filter(pk__in=[organisation.pk for organisation in organisations])}


def _check(winner: Organisation, loser: Organisation) -> None:
    if missing := relations.unlisted():
        raise refuse("loser", f"Nobody has said what a merge does with: {', '.join(missing)}", "unlisted")
    refusals = Refusals()
    refusals.add_when(winner == loser, "loser", "Choose another organisation: this is the same one", "same")
    for field, one in (("winner", winner), ("loser", loser)):
        refusals.add_when(one.merged_into_id is not None, field, f"{one} has been merged already", "merged")
        archived = one.status == Status.ARCHIVED and one.merged_into_id is None
        refusals.add_when(archived, field, f"{one} is in the archive: take it out first", "archived")
    refusals.add_when(
        winner.status == Status.CLOSED and loser.status == Status.ACTIVE,
        "winner",
        f"{winner} is closed and {loser} is not: keep the one that is active",
        "closed",
    )
    refusals.raise_if_any()


def _repoint(winner: Organisation, loser: Organisation, *, by) -> list[Move]:
    """Records that point to the loser point to the winner; each of them is changed once."""
    moves: list[Move] = []
    for model, names in relations.moving().items():
        pointing = Q(*((name, loser.pk) for name in names), _connector=Q.OR)
        for record in model._default_manager.filter(pointing).order_by("pk"):  # type: ignore[attr-defined]
            fields = {f"{name}_id": winner.pk for name in names if getattr(record, f"{name}_id") == loser.pk}
            if not _linked_already(record, fields):
                moves += change(record, fields, by=by)
    return moves


def _linked_already(record: Record, fields: dict[str, Any]) -> bool:
    """A link of a school with itself says nothing, and the same link twice no more than once: it stays with the loser."""
    if not isinstance(record, Succession):
        return False
    ends = {name: fields.get(name, getattr(record, name)) for name in ("predecessor_id", "successor_id")}
    same = Succession.objects.filter(**ends).exclude(pk=record.pk)
    return ends["predecessor_id"] == ends["successor_id"] or same.exists()


def _join(winner: Organisation, loser: Organisation, *, by, reason: str) -> list[Move]:
    """The two records themselves: numbers and facts go over, the loser goes into the archive and points to the winner."""
    got = facts.taken_over(winner, loser)
    had = {name: getattr(winner, name) for name in got}
    status = loser.status
    with (
        recording.changing(loser, by=by, verb="merged away", reason=reason) as gone,
        recording.changing(winner, by=by, verb=MERGED, reason=reason) as stays,
    ):
        moves = [_move_number(number, stays) for number in Identifier.objects.filter(organisation=gone)]
        for name, value in got.items():
            setattr(stays, name, value)
        gone.status, gone.merged_into = Status.ARCHIVED, stays
    moves += [_fact(winner, name, had[name], value) for name, value in got.items()]
    moves += [_fact(loser, "status", status, Status.ARCHIVED.value), _fact(loser, "merged_into_id", None, winner.pk)]
    return moves


def _move_number(number: Identifier, winner: Organisation) -> Move:
    before, number.organisation = number.organisation_id, winner
    number.save()
    return Move("identifier", str(number.pk), "organisation", str(before), str(winner.pk), whole=str(winner.pk))


def _fact(organisation: Organisation, column: str, before: Any, after: Any) -> Move:
    field = next(field.name for field in Organisation._meta.concrete_fields if field.attname == column)
    return Move(name_of(Organisation), str(organisation.pk), field, before, after)
