"""Postcodes, apprenticeship standards, and links between schools."""

from collections import Counter

from guilds.importing.loaders.base import Run, attempt
from guilds.importing.references import holders, in_chunks
from guilds.importing.rows import Row
from guilds.organisations import actions as organisations
from guilds.organisations.models import Scheme, Status, Succession
from guilds.reference import actions as reference
from guilds.reference.bulk import load_postcodes
from guilds.reference.models import OUTSIDE, ApprenticeshipStandard, District

_STANDARD_FIELDS = ("title", "level", "route", "approved_for_delivery", "approved_on")


class PostcodeLoader:
    """Loads postcode → district. Districts that we don't have lie outside Kent and Medway."""

    grouped_by = None
    chunk = 10_000
    permission = "reference.change"

    def take(self, rows: list[Row], run: Run) -> None:
        """Save a chunk of postcodes in a few statements."""
        ours = set(District.objects.values_list("code", flat=True))
        if not ours:
            rows[0].refuse("district", "There are no districts yet: run load_reference first")
        sound = [row for row in rows if not row.refusals]
        districts = {
            row.values["postcode"]: code if (code := row.values["district"]) in ours else OUTSIDE for row in sound
        }
        before = load_postcodes(districts) if ours else {}
        run.before.setdefault("postcode", {}).update(before)
        for row in sound:
            row.outcome = _outcome(before, row.values["postcode"])


def _outcome(before: dict[str, str | None], key: str) -> str:
    if key not in before:
        return "unchanged"
    return "created" if before[key] is None else "updated"


class StandardLoader:
    """Loads the official list. It has one reference twice (a standard and what it became): both are kept."""

    grouped_by = None
    chunk = 2_000
    permission = "reference.change"

    def __init__(self) -> None:
        self._seen: Counter = Counter()

    def take(self, rows: list[Row], run: Run) -> None:
        """Save what is new or has changed."""
        sound = [row for row in rows if not row.refusals]
        for row in sound:
            self._tell_apart(row)
        references = [row.values["reference"] for row in sound]
        known = {
            standard.reference: standard
            for chunk in in_chunks(references)
            for standard in ApprenticeshipStandard.objects.filter(reference__in=chunk)
        }
        for row in sound:
            self._save(row, run, known.get(row.values["reference"]))

    def _tell_apart(self, row: Row) -> None:
        reference = row.values["reference"]
        self._seen[reference] += 1
        if self._seen[reference] > 1:
            row.values["reference"] = f"{reference}-{row.values['lars'] or self._seen[reference]}"
            row.warn("Reference", f"{reference} stands in the file before: kept as {row.values['reference']}")

    def _save(self, row: Row, run: Run, known: ApprenticeshipStandard | None) -> None:
        fields = {name: row.values[name] for name in _STANDARD_FIELDS}
        if known and all(getattr(known, name) == value for name, value in fields.items()):
            row.outcome = "unchanged"
            return

        def change() -> str:
            reference.save_standard(by=run.by, reference=row.values["reference"], **fields)
            return "updated" if known else "created"

        attempt([row], {}, change)


class LinkLoader:
    """Loads successor links between schools that are in the registry."""

    grouped_by = None
    chunk = 2_000
    permission = "organisation.change"

    def take(self, rows: list[Row], run: Run) -> None:
        """Save the links that are new. The same link told from its other end is unchanged."""
        sound = [row for row in rows if not row.refusals]
        urns = {urn for row in sound for urn in (row.values["urn"], row.values["other"])}
        schools = {urn: school for (_, urn), school in holders((Scheme.URN, urn) for urn in urns).items()}
        known = {
            pair
            for chunk in in_chunks({school.pk for school in schools.values()})
            for pair in Succession.objects.filter(predecessor__in=chunk).values_list("predecessor", "successor")
        }
        for row in sound:
            self._link(row, run, schools, known)

    def _link(self, row: Row, run: Run, schools: dict, known: set) -> None:
        values = row.values
        first, second = schools.get(values["urn"]), schools.get(values["other"])
        if not values["direction"]:
            row.warn("LinkType", f"“{values['kind']}” is not a succession: nothing to keep")
            row.outcome = "unchanged"
            return
        for column, urn, school in (("URN", values["urn"], first), ("LinkURN", values["other"], second)):
            if school is None:
                row.refuse(column, f"There is no school with URN {urn}: load it first")
        if row.refusals:
            return
        older, newer = _in_order(values["direction"], first, second)
        if older is None:
            row.warn("LinkType", f"“{values['kind']}” does not say which of the two went on: nothing to keep")
            row.outcome = "unchanged"
        elif (older.pk, newer.pk) in known or older.pk == newer.pk:
            row.outcome = "unchanged"
        else:
            attempt([row], {}, lambda: self._save(run, older, newer, values, known))

    def _save(self, run: Run, older, newer, values: dict, known: set) -> str:
        kind = "Successor" if values["direction"] == "predecessor" else values["kind"]
        organisations.link_successor(
            by=run.by, predecessor=older, successor=newer, kind=kind, happened_on=values["happened_on"]
        )
        known.add((older.pk, newer.pk))
        return "created"


def _in_order(direction: str, first, second) -> tuple:
    """Who came before whom; nobody, where that can't be told."""
    if direction == "either":
        first_ended, second_ended = (school.status == Status.CLOSED for school in (first, second))
        if first_ended == second_ended:
            return None, None
        direction = "successor" if first_ended else "predecessor"
    return (first, second) if direction == "successor" else (second, first)
