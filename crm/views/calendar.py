"""The calendar: a month, a week, or a list, as links and tables that need no script."""

from calendar import Calendar
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from crm.addresses import record_address
from crm.forms.calendar import CalendarFilters
from crm.views.base import Page
from guilds.access.models import User
from guilds.calendar.entries import KINDS, Entry, Wanted, entries

#: Entries shown on one day.
SHOWN = {"month": 4, "week": 20, "list": 50}
CALLED_OFF = mark_safe(" <strong>(cancelled)</strong>")
VIEWS = {"month": "Month", "week": "Week", "list": "List"}


class CalendarPage(Page):
    """What happens when, as far as its reader may see it."""

    permission_name = "calendar.view"
    template_name = "calendar/calendar.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The days that the address asks for; what can't be read counts as not asked."""
        user, today = cast(User, request.user), timezone.localdate()
        filters = CalendarFilters(request.GET, user=user)
        filters.is_valid()
        asked = filters.cleaned_data
        day = asked.get("day") or today
        view = asked.get("view") or "month"
        start, end = span(view, day)
        guild = asked["guild"].slug if asked.get("guild") else ""
        kinds = (asked["kind"],) if asked.get("kind") else tuple(KINDS)
        wanted = Wanted(user, start, end, guild, kinds, mine=not guild and asked.get("whose") != "all")
        found, numbers = entries(wanted, SHOWN[view])
        days = [self._day(d, found.get(d, []), numbers.get(d, 0), day, today) for d in days_of(start, end)]
        return self.page(
            filters=filters,
            view_name=view,
            weeks=[days[at : at + 7] for at in range(0, len(days), 7)],
            days=[row for row in days if row["number"]],
            links=self._links(view, day, today),
            heading=words_of(view, day, start, end),
        )

    def _day(self, on: date, rows: list[Entry], number: int, asked: date, today: date) -> dict[str, Any]:
        return {
            "on": on,
            "iso": on.isoformat(),
            "month": f"{on:%B}",
            "lines": lines_of(rows),
            "number": number,
            "more": number - len(rows),
            "address": self._to("list", on),
            "outside": on.month != asked.month,
            "today": on == today,
        }

    def _links(self, view: str, day: date, today: date) -> dict[str, Any]:
        before, after = neighbours(view, day)
        return {
            "previous": self._to(view, before),
            "next": self._to(view, after),
            "today": self._to(view, today),
            "views": [(words, self._to(name, day), name == view) for name, words in VIEWS.items()],
        }

    def _to(self, view: str, day: date) -> str:
        kept = {name: self.request.GET[name] for name in ("guild", "kind", "whose") if self.request.GET.get(name)}
        return f"?{urlencode(kept | {'view': view, 'day': day.isoformat()})}"


def span(view: str, day: date) -> tuple[date, date]:
    """The first and the last day shown."""
    if view == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if view == "list":
        return day, day + timedelta(days=30)
    weeks = Calendar().monthdatescalendar(day.year, day.month)
    return weeks[0][0], weeks[-1][-1]


def neighbours(view: str, day: date) -> tuple[date, date]:
    """A day of the stretch before, and of the one after."""
    if view == "month":
        first = day.replace(day=1)
        return (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=32)).replace(day=1)
    step = timedelta(days=7 if view == "week" else 31)
    return day - step, day + step


def words_of(view: str, day: date, start: date, end: date) -> str:
    """What the page is called."""
    if view == "month":
        return f"{day:%B %Y}"
    return f"{start.day} {start:%B %Y} to {end.day} {end:%B %Y}"


def days_of(start: date, end: date) -> list[date]:
    """Every day, both ends included."""
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


def lines_of(rows: list[Entry]) -> SafeString:
    """What a day's list says of each. In Python: a month has a hundred and fifty."""
    return format_html_join("", '<li>{}<a class="govuk-link" href="{}">{}</a>{}</li>', (_line(row) for row in rows))


def _line(entry: Entry) -> tuple[str, str, str, str]:
    at = entry.at and format_html('<span class="guildhall-quiet">{}</span> ', f"{entry.at:%H:%M}")
    cancelled = CALLED_OFF if entry.state == "cancelled" else ""
    return at or "", address_of(entry), entry.title, cancelled


def address_of(entry: Entry) -> str:
    """The page of what stands there."""
    if entry.kind == "follow_up":
        return reverse("follow_up_verb", args=[entry.pk, "snooze"])
    name = entry.kind.split("_")[0]
    return record_address(f"{name}_detail", entry.pk)
