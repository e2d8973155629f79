"""One figure held against another of the same measure: of another period."""

from dataclasses import dataclass

from guilds.impact.figures import Figure


@dataclass(frozen=True)
class Change:
    """`difference`: now less then, None where one of them is not known. `share`: of what it was, unrounded.

    For measures that are shares themselves the difference is one of shares, and `share` is None: a share of a share
    says nothing that anybody could use.
    """

    then: int | float | None
    difference: int | float | None
    share: float | None


def change(now: Figure, then: Figure) -> Change:
    """What became of a figure. Nothing over zero is no share."""
    if now.value is None or then.value is None:
        return Change(then.value, None, None)
    difference = now.value - then.value
    is_share = now.denominator is not None
    return Change(then.value, difference, None if is_share or not then.value else difference / then.value)
