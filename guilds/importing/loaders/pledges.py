"""Pledges, each by its reference."""

from guilds.engagement.models import Engagement
from guilds.importing.loaders.base import Run, attempt
from guilds.importing.loaders.progress import bring_to
from guilds.importing.references import Organisations, by_reference, employer_pairs
from guilds.importing.rows import Row
from guilds.pledges import actions
from guilds.pledges.models import LIFECYCLE, MadeThrough, Pledge

_FACTS = ("kind", "quantity", "made_on", "valid_until", "notes")
_ENDED = ("withdrawn", "rejected")


class PledgeLoader:
    """Loads promises. What fulfilled them comes with the placements, apprenticeships and engagements."""

    grouped_by = None
    chunk = 2_000
    permission = "pledge.add"

    def take(self, rows: list[Row], run: Run) -> None:
        """Look up what all rows refer to at once, then record or correct each."""
        employers = Organisations((row.text("employer") for row in rows), employer_pairs, "employer")
        engagements = by_reference(Engagement, (row.text("engagement") for row in rows))
        known = by_reference(Pledge, (row.values.get("reference") for row in rows))
        for row in rows:
            self._take_one(row, run, employers, engagements, known)

    def _take_one(self, row: Row, run: Run, employers: Organisations, engagements: dict, known: dict) -> None:
        facts = _facts(row, run, employers, engagements)
        districts = [run.places.district(row, "districts", name) for name in row.values["districts"]]
        pledge = known.get(row.values["reference"])
        run.may("pledge.match", Pledge(guild=facts["guild"]), row)
        if pledge:
            run.may("pledge.match", pledge, row)
        if row.refusals:
            return
        attempt(
            [row],
            {"reason": "status"},
            lambda: (
                _correct(run, row, pledge, facts, districts) if pledge else _record(run, row, known, facts, districts)
            ),
        )


def _facts(row: Row, run: Run, employers: Organisations, engagements: dict) -> dict:
    facts = {name: row.values[name] for name in _FACTS}
    facts |= {"employer": employers.find(row, "employer"), "guild": run.places.guild(row)}
    made_at = row.text("engagement")
    if made_at and made_at not in engagements:
        row.refuse("engagement", f"There is no engagement {made_at}: load it first")
    return facts | ({"engagement": engagements.get(made_at)} if made_at else {})


def _record(run: Run, row: Row, known: dict, facts: dict, districts: list) -> str:
    status = row.values["status"]
    reason = facts["notes"] or run.reason if status in _ENDED else ""
    known[row.values["reference"]] = actions.record(
        by=run.by,
        reference=row.values["reference"],
        status=status,
        reason=reason,
        districts=districts,
        made_through=MadeThrough.IMPORT,
        **facts,
    )
    return "created"


def _correct(run: Run, row: Row, pledge: Pledge, facts: dict, districts: list) -> str:
    version = pledge.version
    actions.correct(by=run.by, pledge=pledge, districts=districts if row.has("districts") else None, **facts)
    if row.text("status"):
        bring_to(pledge, row.values["status"], LIFECYCLE, lambda verb: _move(run, pledge, verb, facts))
    return "unchanged" if pledge.version == version else "updated"


def _move(run: Run, pledge: Pledge, verb: str, facts: dict) -> None:
    reason = facts["notes"] or run.reason
    if verb == "verify":
        actions.verify(by=run.by, pledge=pledge, on=pledge.made_on)
    elif verb == "lapse":
        actions.lapse(by=run.by, pledge=pledge, on=run.today)
    elif verb == "reopen":
        actions.extend(by=run.by, pledge=pledge, valid_until=facts["valid_until"], reason=reason)
    else:
        getattr(actions, verb)(by=run.by, pledge=pledge, reason=reason)
