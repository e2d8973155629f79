"""A school's or college's home: numbers to answer, placements to confirm, what it asked for, what is on offer, its coverage."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from crm import figures
from crm.views.engagement_verbs import own_number_form
from crm.views.opportunities import open_verbs
from crm.views.organisation_impact import own_figures
from crm.views.placements import PlacementVerb
from guilds.access.models import User
from guilds.engagement import queries
from guilds.impact.measures import MEASURES
from guilds.impact.periods import academic_year
from guilds.impact.year_groups import YearGroup, coverage_of
from guilds.mailing.asked import times_asked
from guilds.mailing.due import ASKED_AT_MOST
from guilds.opportunities.models import Placement
from guilds.pledges.models import Allocation, AllocationStatus
from guilds.pledges.offers import on_offer
from guilds.pledges.requests import Request

#: How many rows each list of the page has at most; the whole is a link away.
SHOWN = 5
WAITING_SHOWN = 20


def for_school(user: User, today: date) -> dict[str, Any]:
    """All that a school or college member's home shows. The organisation is there: the role has one."""
    return {
        "organisation": user.organisation,
        **_to_answer(user),
        **_to_confirm(user, today),
        **_asked_for(user),
        "on_offer": list(on_offer(user, on=today).select_related("employer").order_by("-made_on", "-id")[:SHOWN]),
        "coming": list(queries.to_come(user, today)[:SHOWN]),
        **_done(user, today),
    }


def _to_answer(user: User) -> dict[str, Any]:
    """The numbers claimed for it, each with the form for its own and how often it was reminded."""
    waiting = list(queries.waiting_for(user)[: WAITING_SHOWN + 1])
    asked = times_asked(waiting, user.organisation_id) if waiting else {}
    return {
        "waiting": [(row, own_number_form(row), asked[row.pk]) for row in waiting[:WAITING_SHOWN]],
        "more_waiting": len(waiting) > WAITING_SHOWN,
        "asked_at_most": ASKED_AT_MOST,
    }


def _to_confirm(user: User, today: date) -> dict[str, Any]:
    """Placements of which only the school knows whether its learners came."""
    rows = Placement.objects.visible_to(user).to_confirm(today).for_list().order_by("starts_on", "id")
    found = list(rows[: SHOWN + 1])
    return {
        "placements": [(row, _said(user, row)) for row in found[:SHOWN]],
        "more_placements": len(found) > SHOWN,
    }


def _said(user: User, placement: Placement) -> list[dict[str, Any]]:
    return open_verbs(PlacementVerb, user, placement)


def _asked_for(user: User) -> dict[str, Any]:
    """Parts of pledges that it asked for or was given, and what it asks for that nobody has promised."""
    held = (AllocationStatus.REQUESTED, AllocationStatus.AGREED, AllocationStatus.DECLINED)
    parts: QuerySet = Allocation.objects.visible_to(user).filter(status__in=held).with_progress()
    asked = Request.objects.visible_to(user).for_list().filter(standing="open").order_by("-created_at", "-id")
    return {
        "parts": list(parts.select_related("pledge__employer").order_by("-updated_at", "-id")[:SHOWN]),
        "requests": list(asked[:SHOWN]),
    }


def _done(user: User, today: date) -> dict[str, Any]:
    """Its figures, and which of its year groups met employers this year."""
    school: Any = user.organisation
    year = academic_year(today)
    return {
        "own": own_figures(school, today),
        "year": year,
        "coverage": [_line(row) for row in coverage_of(school, year)],
    }


def _line(row: YearGroup) -> dict[str, Any]:
    return {
        "year_group": row.year_group,
        "engagements": figures.number(row.engagements.value or 0),
        "encounters": figures.worded(MEASURES["encounters"], row.encounters),
        "notes": list(figures.notes_of(row.encounters)) if row.engagements.value else [],
        "none": not row.engagements.value,
    }
