"""Several parts of pledges given at once: all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from guilds.audit.refusals import Conflict, Refusals, RowRefusal
from guilds.pledges import actions
from guilds.pledges.models import Allocation, Pledge


@dataclass(frozen=True)
class Share:
    """How many of a pledge go to a school or college, and which of its requests that meets."""

    pledge: Pledge
    provider: Any
    quantity: int
    request: Any = None


@transaction.atomic
def give_many(*, by, shares: Sequence[Share], note: str = "") -> list[Allocation]:
    """Give each share, or none of them.

    Raises Conflict where more is given than remains, ValidationError otherwise; both keyed by `shares`, with the row.
    The pledges are locked in the order of their ids, so that two people who do this at once can't block each other.
    """
    ids = sorted({share.pledge.pk for share in shares})
    list(Pledge.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    given, late, wrong = [], Refusals(), Refusals()
    for row, share in enumerate(shares):
        try:
            given.append(
                actions.allocate(
                    by=by,
                    pledge=share.pledge,
                    provider=share.provider,
                    quantity=share.quantity,
                    note=note,
                    request=share.request,
                )
            )
        except ValidationError as refusal:
            gathered = late if isinstance(refusal, Conflict) else wrong
            gathered.add_row("shares", " ".join(refusal.messages), "refused", row=row)
    wrong.raise_if_any()
    if late.errors:
        raise Conflict(late.errors)
    return given


def refused_rows(refusal: ValidationError) -> dict[int, str]:
    """Which shares were refused, and why."""
    errors = refusal.error_dict.get("shares", []) if hasattr(refusal, "error_dict") else []
    return {error.row: " ".join(error.messages) for error in errors if isinstance(error, RowRefusal)}
