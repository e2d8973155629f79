"""The calendar: a month, a week, or a list, as links and tables that need no script."""

from calendar import Calendar, day_name
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import mark_safe

from crm.addresses import record_address
from crm.forms.calendar import CalendarFilters
from crm.views.base import Page
from guilds.access.models import User
from guilds.calendar.entries import KINDS, Entry, Wanted, entries

#: Entries shown on one day.
SHOWN = {"month": 4, "week": 20, "list": 50}
VIEWS = {"month": "Month", "week": "Week", "list": "List"}
PAGES = {
    "engagement": ("engagement_detail",),
    "follow_up": ("follow_up_verb", "snooze"),
    "pledge": ("pledge_detail",),
    "placement_start": ("placement_detail",),
    "placement_end": ("placement_detail",),
}


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
        address = self._to("list")
        days = [Day(on, on == today, found.get(on, []), numbers.get(on, 0), address) for on in days_of(start, end)]
        drawn = weeks_of(days, day.month) if view == "month" else "".join(day.section() for day in days if day.number)
        return self.page(
            filters=filters,
            view_name=view,
            weekdays=day_name,
            days=mark_safe(drawn),  # noqa: S308 (escaped where it is put together, below)
            empty=not numbers,
            links=self._links(view, day, today),
            heading=words_of(view, day, start, end),
        )

    def _links(self, view: str, day: date, today: date) -> dict[str, Any]:
        before, after = neighbours(view, day)
        return {
            "previous": self._to(view, before),
            "next": self._to(view, after),
            "today": self._to(view, today),
            "views": [(words, self._to(name, day), name == view) for name, words in VIEWS.items()],
        }

    def _to(self, view: str, day: date | str = "") -> str:
        """The address of a day, or its beginning, which wants the day yet."""
        kept = {name: self.request.GET[name] for name in ("guild", "kind", "whose") if self.request.GET.get(name)}
        return f"?{urlencode(kept | {'view': view, 'day': str(day)})}"


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


@dataclass(frozen=True)
class Day:
    """A day, its entries as far as they are shown, and how many it has. Drawn in Python: a month has two hundred lines."""

    on: date
    today: bool
    rows: list[Entry]
    number: int
    #: Of a list of one day's entries, without the day.
    address: str

    def section(self) -> str:
        """With a heading, for a week or a list."""
        on, place = self.on, f"day-{self.on:%Y%m%d}"
        words = f"{on:%A} {on.day} {on:%B %Y}{' (today)' if self.today else ''}"
        heading = f'<h2 class="govuk-heading-s" id="{place}">{words}</h2>'
        return f'<section aria-labelledby="{place}">{heading}{self.entries()}</section>'

    def cell(self, month: int) -> str:
        """In the table of a month; days of the months around it are paler."""
        on, shown = self.on, "guildhall-calendar__"
        look = f" {shown}outside" if on.month != month else ""
        look += f" {shown}today" if self.today else ""
        look += "" if self.number else f" {shown}empty"
        said = f'{on.day}<span class="{shown}long"> {on:%B}</span>'
        today = ' <span class="govuk-visually-hidden">(today)</span>' if self.today else ""
        heading = f'<p class="{shown}day"><time datetime="{on}">{said}</time>{today}</p>'
        return f'\n<td role="cell" class="govuk-table__cell{look}">{heading}{self.entries()}</td>'

    def entries(self) -> str:
        """Its lines, and a link to the rest where there are more."""
        if not self.rows:
            return ""
        lines, more = "".join(map(line_of, self.rows)), self.number - len(self.rows)
        if more:
            hidden = f'<span class="govuk-visually-hidden"> on {self.on.day} {self.on:%B}</span>'
            lines += f'<li><a class="govuk-link" href="{escape(self.address)}{self.on}">{more} more{hidden}</a></li>'
        return f'<ul class="govuk-list guildhall-calendar__rows">{lines}</ul>'


def weeks_of(days: list[Day], month: int) -> str:
    """The rows of a month's table."""
    weeks = (days[at : at + 7] for at in range(0, len(days), 7))
    return "".join(f'<tr role="row">{"".join(day.cell(month) for day in week)}</tr>' for week in weeks)


def line_of(entry: Entry) -> str:
    """An entry in its day."""
    page, *which = PAGES[entry.kind]
    hour = f'<span class="guildhall-quiet">{entry.at:%H:%M}</span> ' if entry.at else ""
    cancelled = " <strong>(cancelled)</strong>" if entry.state == "cancelled" else ""
    address = record_address(page, entry.pk, *which)
    return f'<li>{hour}<a class="govuk-link" href="{address}">{escape(entry.title)}</a>{cancelled}</li>'
