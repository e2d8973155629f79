"""Our own columns for what happened: engagements, pledges, placements, apprenticeships, memberships.

References to organisations, guilds and districts stay words here; they are resolved for many rows at once.
"""

import re

from django.db.models import TextChoices

from guilds.engagement.models import EngagementKind, ParticipationRole
from guilds.engagement.models import Status as EngagementStatus
from guilds.importing.layouts.base import layout
from guilds.importing.models import Kind
from guilds.importing.rows import Row
from guilds.importing.values import read_date, read_hours, read_whole
from guilds.opportunities.models import ApprenticeshipStatus, Intake, PlacementStatus, Programme
from guilds.organisations.models import MemberRole
from guilds.pledges.models import PledgeKind, PledgeStatus


def _required_choice(row: Row, column: str, choices: type[TextChoices]) -> str:
    found = row.choice(column, choices)
    if not row.text(column):
        row.refuse(column, f"Choose one of: {', '.join(choices.values)}")
    return found


def _words(row: Row, *columns: str) -> dict[str, str]:
    return {column: row.text(column) for column in columns}


def _at_least_one(row: Row, column: str, default: int | None = None) -> int | None:
    count = row.read(column, read_whole)
    if count == 0:
        row.refuse(column, "It must be 1 or more")
    return default if count is None else count


def read_engagement(row: Row) -> None:
    """One row per school or employer; rows with the same reference are one engagement."""
    row.values = _words(row, "guild", "supporting_guilds", "district", "venue", "provider", "employer") | {
        "reference": row.text("reference", required=True, longest=60),
        "title": row.text("title", required=True, longest=200),
        "kind": _required_choice(row, "kind", EngagementKind),
        "date": row.read("date", read_date, required=True), "end_date": row.read("end_date", read_date),
        "status": row.choice("status", EngagementStatus, EngagementStatus.PLANNED), "notes": row.cell("notes"),
        "year_group": row.text("year_group", longest=10), "learners": row.read("learners", read_whole),
        "staff": row.read("staff", read_whole), "role": row.choice("employer_role", ParticipationRole),
        "volunteers": row.read("volunteers", read_whole), "hours": row.read("hours", read_hours),
        "job_offers": row.read("job_offers", read_whole), "send": row.read("send", read_whole),
        "fsm": row.read("fsm", read_whole), "gatsby_benchmarks": _benchmarks(row),
    }  # fmt: skip
    _refuse_numbers_of_nobody(row, "provider", "year_group", "learners", "staff", "send", "fsm")
    _refuse_numbers_of_nobody(row, "employer", "volunteers", "hours", "job_offers")


def _benchmarks(row: Row) -> list[int]:
    """Numbers of Gatsby benchmarks, such as 5;6."""
    words = [word.strip() for word in re.split(r"[;,|]", row.cell("gatsby_benchmarks")) if word.strip()]
    if any(word not in "12345678" or len(word) > 1 for word in words):
        row.refuse("gatsby_benchmarks", "Give the numbers of Gatsby benchmarks, from 1 to 8, such as 5;6")
        return []
    return sorted({int(word) for word in words})


def _refuse_numbers_of_nobody(row: Row, whose: str, *columns: str) -> None:
    given = [column for column in columns if row.text(column)]
    if given and not row.text(whose):
        row.refuse(whose, f"Say which {whose} the {given[0].replace('_', ' ')} belongs to")


def read_pledge(row: Row) -> None:
    """An employer's promise. `fulfilled` follows from what was delivered, so such a pledge comes in as open."""
    status = row.choice("status", PledgeStatus, PledgeStatus.UNVERIFIED)
    row.values = _words(row, "guild", "engagement") | {
        "employer": row.text("employer", required=True),
        "reference": row.text("reference", required=True, longest=60),
        "kind": _required_choice(row, "kind", PledgeKind), "quantity": _at_least_one(row, "quantity"),
        "made_on": row.read("made_on", read_date, required=True),
        "valid_until": row.read("valid_until", read_date), "notes": row.cell("notes"),
        "districts": [name.strip() for name in re.split(r"[;,|\n]", row.cell("districts")) if name.strip()],
        "status": PledgeStatus.OPEN if status == PledgeStatus.FULFILLED else status,
    }  # fmt: skip
    if status == PledgeStatus.FULFILLED:
        row.warn("status", "Whether it is fulfilled follows from what was delivered on it: it came in as open")
    if row.values["quantity"] is None and not row.cell("quantity"):
        row.refuse("quantity", "Enter how many were promised, 1 or more")


def read_placement(row: Row) -> None:
    """A placement for a number of learners."""
    row.values = _words(row, "provider", "guild", "pledge") | {
        "employer": row.text("employer", required=True),
        "reference": row.text("reference", required=True, longest=60),
        "programme": row.choice("programme", Programme, Programme.WORK_EXPERIENCE),
        "learners": _at_least_one(row, "learners", default=1),
        "arranged_on": row.read("arranged_on", read_date, required=True),
        "starts_on": row.read("starts_on", read_date), "ends_on": row.read("ends_on", read_date),
        "hours": row.read("hours", read_whole), "status": row.choice("status", PlacementStatus, "arranged"),
    }  # fmt: skip


def read_apprenticeship(row: Row) -> None:
    """Positions that an employer opened."""
    row.values = _words(row, "guild", "standard", "pledge") | {
        "employer": row.text("employer", required=True),
        "reference": row.text("reference", required=True, longest=60),
        "level": row.read("level", read_whole), "positions": _at_least_one(row, "positions", default=1),
        "opened_on": row.read("opened_on", read_date, required=True),
        "starts_on": row.read("starts_on", read_date), "intake": row.choice("intake", Intake),
        "status": row.choice("status", ApprenticeshipStatus, "open"),
    }  # fmt: skip


def read_membership(row: Row) -> None:
    """An organisation's time in a guild."""
    row.values = {
        "organisation": row.text("organisation", required=True), "guild": row.text("guild", required=True),
        "role": row.choice("role", MemberRole, MemberRole.MEMBER),
        "joined_on": row.read("joined_on", read_date, required=True), "left_on": row.read("left_on", read_date),
    }  # fmt: skip


LAYOUTS = (
    layout("Engagements", Kind.ENGAGEMENTS, "reference|title|kind|date", read_engagement),
    layout("Pledges", Kind.PLEDGES, "reference|employer|kind|quantity|made_on", read_pledge),
    layout("Placements", Kind.PLACEMENTS, "reference|employer|arranged_on", read_placement),
    layout("Apprenticeships", Kind.APPRENTICESHIPS, "reference|employer|opened_on", read_apprenticeship),
    layout("Memberships", Kind.MEMBERSHIPS, "organisation|guild|joined_on", read_membership),
)
