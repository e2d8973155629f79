"""Private calendar feeds: the page on which their owner makes and ends them, and what calendar programs fetch."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event, Timezone

from crm.views.base import Page
from guilds.calendar import actions
from guilds.calendar.entries import Entry, Wanted, entries
from guilds.calendar.models import CalendarFeed
from guilds.reference.models import Guild

LONDON = ZoneInfo("Europe/London")
YEAR = timedelta(days=365)
#: At most so many entries on one day: a bound that no ordinary day meets.
PER_DAY = 200
STATES = {"confirmed": "CONFIRMED", "tentative": "TENTATIVE", "cancelled": "CANCELLED"}


class Feeds(Page):
    """One's own feeds: add, give a new address, end."""

    permission_name = "calendar.view"
    template_name = "calendar/feeds.html"

    def get(self, request: HttpRequest, address: str = "") -> HttpResponse:
        """What there is. A new address is shown once."""
        feeds = CalendarFeed.objects.visible_to(request.user).filter(revoked_at=None).select_related("guild")
        guilds = Guild.objects.all() if request.user.is_staff_member else Guild.objects.none()  # type: ignore[union-attr]
        return self.page(feeds=feeds, guilds=guilds, new_address=request.session.pop("new_feed", ""))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do what a button says."""
        if request.POST.get("revoke"):
            actions.revoke_feed(by=request.user, feed=self._own(request.POST["revoke"]))
            messages.success(request, "The feed is ended")
            return redirect("calendar_feeds")
        if request.POST.get("renew"):
            _, token = actions.renew_feed(by=request.user, feed=self._own(request.POST["renew"]))
        else:
            slug = request.POST.get("guild", "")
            token = self._added(get_object_or_404(Guild, slug=slug) if slug else None)
        if token:
            request.session["new_feed"] = request.build_absolute_uri(reverse("calendar_feed", args=[token]))
        return redirect("calendar_feeds")

    def _added(self, guild: Guild | None) -> str:
        """The new feed's token; none where a double click has made it already."""
        mine = CalendarFeed.objects.visible_to(self.request.user).filter(revoked_at=None, guild=guild)
        return "" if mine.exists() else actions.add_feed(by=self.request.user, guild=guild)[1]

    def _own(self, pk: str) -> CalendarFeed:
        seen = CalendarFeed.objects.visible_to(self.request.user)
        return next((feed for feed in seen if str(feed.pk) == pk), None) or _nothing()


def _nothing() -> Any:
    raise Http404


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """A calendar as its owner sees it now. Unknown, ended, or of somebody who is gone: 404."""
    working = CalendarFeed.objects.working().select_related("owner", "guild")
    found = get_object_or_404(working, token_digest=actions.digest_of(token))
    body = ical(found, timezone.localdate())
    found = actions.feed_was_read(feed=found, at=timezone.now(), content=hashlib.sha256(body).hexdigest())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    changed = found.content_changed_at
    assert changed
    etag, stamp = f'"{found.content_digest}"', int(changed.timestamp())
    for name, value in {"ETag": etag, "Last-Modified": http_date(stamp), "Cache-Control": "private, no-cache"}.items():
        response.headers[name] = value
    return get_conditional_response(request, etag=etag, last_modified=stamp, response=response) or response


feed.permission_name = "public"  # type: ignore[attr-defined]


def ical(found: CalendarFeed, today: date) -> bytes:
    """The feed's words: a year back and two ahead."""
    kinds = ("engagement", "placement_start", "placement_end", "pledge") + (() if found.guild_id else ("follow_up",))
    slug = str(found.guild_id or "")
    wanted = Wanted(found.owner, today - YEAR, today + 2 * YEAR, slug, kinds, mine=not slug, stamped=True)
    of_days, _ = entries(wanted, PER_DAY)
    calendar = Calendar()
    calendar.add("prodid", "-//Guildhall//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Guildhall: {found.guild.name if found.guild else 'my calendar'}")
    calendar.add("x-wr-timezone", "Europe/London")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", timedelta(hours=1))
    calendar.add_component(Timezone.from_tzid("Europe/London", first_date=date(2000, 1, 1)))
    for day in sorted(of_days):
        for entry in of_days[day]:
            calendar.add_component(_event(entry))
    return calendar.to_ical()


def _event(entry: Entry) -> Event:
    """Names and places only: whoever is to be met stays where it is asked for by name."""
    event = Event()
    event.add("uid", f"{entry.kind}-{entry.pk}@guildhall")
    event.add("dtstamp", entry.updated_at)
    event.add("last-modified", entry.updated_at)
    event.add("sequence", entry.version)
    event.add("summary", entry.title)
    event.add("status", STATES[entry.state])
    if entry.place:
        event.add("location", entry.place)
    _add_times(event, entry)
    return event


def _add_times(event: Event, entry: Entry) -> None:
    if entry.at is None:
        event.add("dtstart", entry.on)
        last = timezone.localdate(entry.until) if entry.until else entry.on
        event.add("dtend", last + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        return
    event.add("dtstart", entry.at.astimezone(LONDON))
    until: datetime | None = entry.until
    if until and until > entry.at:
        event.add("dtend", until.astimezone(LONDON))
