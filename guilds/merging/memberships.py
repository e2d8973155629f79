"""Two organisations that become one were in one guild: times that overlap become one time."""

from collections import defaultdict
from datetime import date

from guilds.merging.moves import Move, change, remove
from guilds.organisations.models import Membership, Organisation


def merge_memberships(winner: Organisation, loser: Organisation, *, by) -> list[Move]:
    """Move the loser's memberships to the winner; of times that overlap the winner's own stays, and covers all."""
    rows = Membership.objects.filter(organisation__in=(winner, loser)).order_by("joined_on", "id")
    by_guild: dict[str, list[Membership]] = defaultdict(list)
    for row in rows:
        by_guild[row.guild_id].append(row)
    moves: list[Move] = []
    for times in by_guild.values():
        for overlapping in _overlapping(times):
            moves += _as_one(overlapping, winner, by=by)
    return moves


def _overlapping(times: list[Membership]) -> list[list[Membership]]:
    """Groups of times of which each overlaps another of its group; the day of leaving is the first without."""
    groups: list[list[Membership]] = []
    for row in times:
        if groups and row.joined_on < _end(groups[-1]):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _end(times: list[Membership]) -> date:
    return max(row.left_on or date.max for row in times)


def _as_one(times: list[Membership], winner: Organisation, *, by) -> list[Move]:
    stays = next((row for row in times if row.organisation_id == winner.pk), times[0])
    moves = [remove(row, by=by) for row in times if row is not stays]
    end = _end(times)
    wanted = {
        "organisation_id": winner.pk,
        "joined_on": min(row.joined_on for row in times),
        "left_on": None if end == date.max else end,
    }
    different = {name: value for name, value in wanted.items() if getattr(stays, name) != value}
    return moves + (change(stays, different, by=by) if different else [])
