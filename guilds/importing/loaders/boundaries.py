"""Outlines of districts, for the maps."""

from guilds.importing.loaders.base import Run, attempt
from guilds.importing.rows import Row
from guilds.reference import actions as reference
from guilds.reference.models import Boundary, District


class BoundaryLoader:
    """Loads outlines. A file of the whole country may be given: districts that we don't have are passed over."""

    grouped_by = None
    chunk = 500
    permission = "reference.change"

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def take(self, rows: list[Row], run: Run) -> None:
        """Save the outlines that are new or have changed."""
        ours = set(District.objects.local().values_list("code", flat=True))
        known = {str(code): rings for code, rings in Boundary.objects.values_list("district__code", "rings")}
        if not ours:
            rows[0].refuse("code", "There are no districts yet: run load_reference first")
        for row in rows:
            if not row.refusals:
                self._take_one(row, run, ours, known)

    def _take_one(self, row: Row, run: Run, ours: set[str], known: dict[str, list]) -> None:
        code, rings = row.values["code"], row.values["rings"]
        first = self._seen.setdefault(code, row.number)
        if first != row.number:
            row.refuse("code", f"Row {first} is the outline of {code} already: put all its parts in one MultiPolygon")
        elif code not in ours:
            row.warn("code", f"{code} is not a district of Kent and Medway: nothing to keep")
            row.outcome = "unchanged"
        elif known.get(code) == rings:
            row.outcome = "unchanged"
        else:
            attempt([row], {}, lambda: self._save(run, code, rings, known))

    def _save(self, run: Run, code: str, rings: list, known: dict[str, list]) -> str:
        reference.save_boundary(by=run.by, district=code, rings=rings)
        return "updated" if code in known else "created"
