"""The geometry of a bar, in the units of its drawing: 100 wide."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """How far a bar and the mark of its target reach, from 0 to 100."""

    value: float
    target: float | None
    percent: int | None

    @classmethod
    def of(cls, value: float | None, target: float | None = None, most: float | None = None) -> "Bar":
        """The bar of a value; the scale ends at the largest of value, target and ``most``. Nothing known draws nothing."""
        known = value or 0
        top = max(known, target or 0, most or 0) or 1
        return cls(
            value=round(100 * known / top, 2),
            target=round(100 * target / top, 2) if target else None,
            percent=round(100 * known / target) if target else None,
        )

    @property
    def target_mark(self) -> float:
        """Where the target's mark starts, so that one at the very end is still inside the drawing."""
        return min(self.target or 0, 99.2)
