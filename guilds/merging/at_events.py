"""Two organisations that become one were at engagements: each row moves, and of two at one event one stays."""

from typing import Any

from django.db.models import Q

from guilds.audit import recording
from guilds.engagement.models import Answer, Attendance, Engagement, Participation
from guilds.merging.moves import MERGED, Move, name_of, state_of
from guilds.organisations.models import Organisation

#: Who came, and the field that says who; what must differ for two rows of one organisation to stand side by side.
_PARTS: tuple[tuple[Any, str, str], ...] = ((Attendance, "provider", "year_group"), (Participation, "employer", ""))
_NUMBERS = ("learners", "staff", "send", "fsm", "looked_after", "volunteers", "hours", "job_offers")


def merge_parts(winner: Organisation, loser: Organisation, *, by) -> list[Move]:
    """Move the loser's attendances and participations; each engagement's history says so."""
    there = Q(attendances__provider=loser) | Q(participations__employer=loser)
    moves: list[Move] = []
    for engagement in Engagement.objects.filter(there).distinct().order_by("pk"):
        with recording.changing(engagement, by=by, verb=MERGED) as now:
            for model, who, apart in _PARTS:
                moves += _move_rows(now, model, who, apart, winner, loser)
    return moves


def _move_rows(engagement: Engagement, model: Any, who: str, apart: str, winner: Any, loser: Any) -> list[Move]:
    rows = model.objects.filter(engagement=engagement)
    standing = {getattr(row, apart, ""): row for row in rows.filter(**{who: winner})}
    moves: list[Move] = []
    for row in rows.filter(**{who: loser}):
        twin = standing.get(getattr(row, apart, ""))
        stays, goes = (row, twin) if twin is None or worth(row) > worth(twin) else (twin, row)
        if goes is not None:
            moves.append(Move(name_of(model), str(goes.pk), "", whole=str(engagement.pk), state=state_of(goes)))
            goes.delete()
        if stays is row:
            setattr(row, who, winner)
            row.save()
            moves.append(Move(name_of(model), str(row.pk), who, str(loser.pk), str(winner.pk),
                              whole=str(engagement.pk), state=state_of(row)))  # fmt: skip
    return moves


def worth(row: Any) -> tuple[bool, int]:
    """Which of two rows of one organisation at one event says more: one that the school answered, then more numbers."""
    answered = getattr(row, "answer", Answer.UNANSWERED) != Answer.UNANSWERED
    return answered, sum(getattr(row, name, None) is not None for name in _NUMBERS)
