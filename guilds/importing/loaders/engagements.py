"""Engagements: rows with one reference are one engagement, and come in together or not at all."""

from datetime import date, datetime, time
from itertools import groupby

from guilds.engagement import actions
from guilds.engagement.models import LIFECYCLE, Attendance, Engagement
from guilds.importing.loaders.base import Run, attempt
from guilds.importing.loaders.progress import bring_to
from guilds.importing.references import Organisations, any_pairs, by_reference, employer_pairs, provider_pairs
from guilds.importing.rows import Row, refuse_together
from guilds.reference.calendars import LONDON, local_day

#: Columns that say the same in every row of one engagement.
_SHARED = ("title", "kind", "guild", "supporting_guilds", "date", "end_date", "district", "venue", "status", "notes",
           "gatsby_benchmarks")  # fmt: skip
_COLUMNS = {
    "starts_at": "date",
    "ends_at": "end_date",
    "attendances": "learners",
    "participations": "employer",
    "reason": "status",
}


class EngagementLoader:
    """Loads engagements with who came."""

    grouped_by = "reference"
    chunk = 2_000
    permission = "engagement.add"

    def take(self, rows: list[Row], run: Run) -> None:
        """Look up the organisations of all rows at once, then log or correct one engagement after the other."""
        people = _People(rows)
        known = by_reference(Engagement, (row.values["reference"] for row in rows if row.values.get("reference")))
        for reference, group in groupby(rows, key=lambda row: row.values.get("reference")):
            self._take_one(list(group), run, people, known.get(reference))

    def _take_one(self, rows: list[Row], run: Run, people: "_People", known: Engagement | None) -> None:
        _refuse_contradictions(rows)
        facts = _facts(rows[0], run, people)
        attendances, participations = _parts(rows, people, facts.get("district"))
        if known and not any(row.refusals for row in rows):
            run.may("engagement.change", known, rows[0])
        run.may("engagement.change", Engagement(guild=facts["guild"]), rows[0])
        if not any(row.refusals for row in rows):
            attempt(
                rows,
                _COLUMNS,
                lambda: (
                    _log(run, rows[0], facts, attendances, participations)
                    if known is None
                    else _correct(run, rows[0], known, facts, attendances, participations)
                ),
            )
        refuse_together(rows, "engagement")


class _People:
    """The organisations that the rows mean: schools, employers, venues."""

    def __init__(self, rows: list[Row]) -> None:
        self.providers = Organisations((row.text("provider") for row in rows), provider_pairs, "school or college")
        self.employers = Organisations((row.text("employer") for row in rows), employer_pairs, "employer")
        self.venues = Organisations((row.text("venue") for row in rows), any_pairs, "organisation")


def _refuse_contradictions(rows: list[Row]) -> None:
    first = rows[0]
    for row in rows[1:]:
        for column in _SHARED:
            said, says = first.values.get(column), row.values.get(column)
            if says not in (None, "") and says != said and not (column == "status" and not row.text("status")):
                row.refuse(column, f"Row {first.number} says otherwise of the same engagement")


def _facts(row: Row, run: Run, people: _People) -> dict:
    values, venue = row.values, people.venues.only(row.text("venue"))
    facts = {
        "kind": values["kind"], "title": values["title"], "guild": run.places.guild(row),
        "starts_at": _midnight(values["date"]), "ends_at": _midnight(values["end_date"]), "notes": values["notes"],
        "venue": venue, "venue_address": "" if venue else values["venue"][:300],
    }  # fmt: skip
    district = run.places.district(row, "district", values["district"])
    if row.has("gatsby_benchmarks"):
        facts["gatsby_benchmarks"] = values["gatsby_benchmarks"]
    if row.has("supporting_guilds"):
        facts["supporting_guilds"] = run.places.guilds(row, "supporting_guilds")
    return facts | ({"district": district} if district else {})


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), LONDON) if day else None


def _parts(rows: list[Row], people: _People, district) -> tuple[list[dict], list[dict]]:
    attendances: dict = {}
    participations: dict = {}
    for row in rows:
        provider = people.providers.find(row, "provider", district.code if district else None)
        employer = people.employers.find(row, "employer")
        if provider:
            said = {name: row.values[name] for name in ("year_group", "learners", "staff", *_counted(row))}
            _add(attendances, (provider.pk, said["year_group"]), {"provider": provider} | said, row, "provider")
        if employer:
            said = {name: row.values[name] for name in ("role", "volunteers", "hours", "job_offers")}
            brought = {name: value for name, value in said.items() if value not in (None, "")}
            _add(participations, employer.pk, {"employer": employer} | brought, row, "employer")
    return list(attendances.values()), list(participations.values())


def _counted(row: Row) -> list[str]:
    """Which groups of young people the file has a column for."""
    return [name for name in ("send", "fsm") if row.has(name)]


def _add(parts: dict, key, part: dict, row: Row, column: str) -> None:
    """A part that stands in several rows is taken once; if its rows differ, nobody knows which is meant."""
    if parts.setdefault(key, part) != part:
        row.refuse(column, "It stands twice in this engagement, with different numbers")


def _log(run: Run, row: Row, facts: dict, attendances: list, participations: list) -> str:
    status = row.values["status"]
    reason = facts["notes"] or run.reason if status in ("cancelled", "postponed") else ""
    actions.log(
        by=run.by,
        reference=row.values["reference"],
        status=status,
        reason=reason,
        attendances=attendances,
        participations=participations,
        **facts,
    )
    return "created"


def _correct(run: Run, row: Row, known: Engagement, facts: dict, attendances: list, participations: list) -> str:
    version = known.version
    if known.starts_on == row.values["date"]:
        del facts["starts_at"]
    if known.ends_at and row.values["end_date"] and local_day(known.ends_at) == row.values["end_date"]:
        del facts["ends_at"]
    actions.correct(
        by=run.by,
        engagement=known,
        attendances=_with_what_is_known(known, attendances, _counted(row)),
        participations=participations,
        **facts,
    )
    if row.text("status"):
        reason = facts["notes"] or run.reason
        bring_to(known, row.values["status"], LIFECYCLE, lambda verb: _move(run, known, verb, reason))
    return "unchanged" if known.version == version else "updated"


def _move(run: Run, engagement: Engagement, verb: str, reason: str) -> None:
    why = {"reason": reason} if LIFECYCLE.steps[verb].needs_reason else {}
    getattr(actions, verb)(by=run.by, engagement=engagement, **why)


def _with_what_is_known(known: Engagement, attendances: list[dict], told: list[str]) -> list[dict]:
    """Numbers that a file has no column for stay as they are."""
    now = {(a.provider_id, a.year_group): a for a in Attendance.objects.filter(engagement=known)}
    kept = [name for name in ("send", "fsm", "looked_after") if name not in told]
    return [
        row | {name: getattr(now.get((row["provider"].pk, row["year_group"])), name, None) for name in kept}
        for row in attendances
    ]
