"""The first page after signing in: to each role, what it has to do and what it wants to know."""

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from crm import figures
from crm.views.base import Page
from crm.views.employer import for_employer
from crm.views.impact import HEADLINES
from crm.views.needs import A_WEEK, list_address, needs_of
from crm.views.school import for_school
from guilds.access.models import Role, User
from guilds.engagement import queries
from guilds.impact.periods import academic_year, previous
from guilds.impact.totals import Scope, summary
from guilds.importing.models import Import
from guilds.publishing.models import Publication
from guilds.reading import read_at_once
from guilds.rights.models import RightsRequest

#: How many rows each list of the home page has at most; the whole is a link away.
SHOWN = 5
#: What the page says of a follow-up, and of an engagement of this week.
FOLLOW_UP_SHOWN = ("what", "due_on", "engagement__title", "organisation__name")
WEEK_SHOWN = ("title", "kind", "status", "starts_on", "guild__name")


class Home(Page):
    """Home of whoever is signed in."""

    permission_name = "home.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page of the reader's role."""
        user, today = cast(User, request.user), timezone.localdate()
        template, context = HOMES[user.role]
        return render(request, template, {"today": today} | context(user, today))


def for_coordinator(user: User, today: date) -> dict[str, Any]:
    """What needs a coordinator, and what happens this week."""
    monday, sunday = queries.week_of(today)
    led = queries.led_by(user).on_days(monday, sunday).select_related("guild")
    week = led.only(*WEEK_SHOWN).order_by("starts_at", "id")[: SHOWN + 1]
    follow_ups = queries.follow_ups_due(user, today + A_WEEK).only(*FOLLOW_UP_SHOWN)[:SHOWN]
    read_at_once(week, follow_ups)
    needs = needs_of(user, today)
    return {
        "needs": needs,
        "suggestions": [] if any(need.number for need in needs) else suggestions(user),
        "follow_ups": follow_ups,
        "week": week,
        "week_address": list_address("engagement_list", user, **{"from": monday, "to": sunday}),
        "monday": monday,
        "sunday": sunday,
    }


def for_administrator(user: User, today: date) -> dict[str, Any]:
    """What needs anybody, and how the system does."""
    people = dict(
        User.objects.visible_to(user).filter(is_active=True).order_by().values_list("role").annotate(Count("pk"))
    )
    return for_coordinator(user, today) | {
        "imports": list(Import.objects.visible_to(user).select_related("imported_by")[:SHOWN]),
        "people": [(Role(role).label, people.get(role, 0)) for role in Role.values],
        "rights": RightsRequest.objects.visible_to(user).waiting().count(),
    }


def for_commission(user: User, today: date) -> dict[str, Any]:
    """The chief figures of this academic year."""
    period = academic_year(today)
    total = summary(period=period, by="total", measures=list(HEADLINES)).total
    line = figures.line(total, list(HEADLINES), period=period, scope=Scope())
    published = (
        Publication.objects.visible_to(user).select_related("guild", "district").order_by("-published_at", "-id")
    )
    return {
        "period": period,
        "before": previous(period),
        "headlines": line.shown,
        "publications": list(published[:SHOWN]),
    }


HOMES: dict[str, tuple[str, Callable[[User, date], dict[str, Any]]]] = {
    Role.ADMINISTRATOR: ("home/administrator.html", for_administrator),
    Role.COORDINATOR: ("home/coordinator.html", for_coordinator),
    Role.EMPLOYER: ("home/employer.html", for_employer),
    Role.SCHOOL: ("home/school.html", for_school),
    Role.COMMISSION: ("home/commission.html", for_commission),
}


def suggestions(user: User) -> list[tuple[str, str]]:
    """What is useful when nothing needs anybody: words and address."""
    guild = {"guild": next(iter(user.guild_slugs))} if len(user.guild_slugs) == 1 else {}
    quiet = list_address("organisation_list", None, ordering="last_contact_on", **guild)
    schools = list_address("organisation_list", None, role="provider", ordering="last_contact_on")
    return [
        ("Ring a member that nobody has spoken with for long", quiet),
        ("Find schools and colleges that nobody has been in touch with", schools),
        ("Look how far the pledges have come", reverse("pledge_board")),
    ]
