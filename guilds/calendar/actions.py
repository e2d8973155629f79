"""Every change to private calendar feeds. Their address is told once; only a digest of it is kept."""

import hashlib
import secrets
from datetime import datetime

from django.utils import timezone

from guilds.audit import recording
from guilds.audit.refusals import refuse
from guilds.calendar.models import CalendarFeed


def add_feed(*, by, guild=None) -> tuple[CalendarFeed, str]:
    """A feed of one's own calendar, or of a guild's, and the token of its address: the only time that it is known.

    Raises ValidationError where there is one already, or on "guild" for somebody who is not of the team.
    """
    if guild is not None and not by.is_staff_member:
        raise refuse("guild", "Only the team has calendars of guilds", "not_staff")
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed(owner=by, guild=guild, token_digest=digest_of(token))
    return recording.create(feed, by=by, verb="added"), token


def renew_feed(*, by, feed: CalendarFeed) -> tuple[CalendarFeed, str]:
    """Another address; the old one answers no more. Raises ValidationError for one that was ended."""
    if feed.revoked_at is not None:
        raise refuse("feed", "This feed was ended: add a new one", "ended")
    token = secrets.token_urlsafe(32)
    feed.token_digest, feed.read_at = digest_of(token), None
    feed.save(update_fields=["token_digest", "read_at"])
    return recording.note(feed, by=by, verb="renewed"), token


def revoke_feed(*, by, feed: CalendarFeed) -> CalendarFeed:
    """End a feed at once."""
    with recording.changing(feed, by=by, verb="revoked") as now:
        now.revoked_at = now.revoked_at or timezone.now()
    return feed


def feed_was_read(*, feed: CalendarFeed, at: datetime, content: str) -> CalendarFeed:
    """Note that somebody fetched it, and since when it says what it says. Of no interest to history."""
    if feed.content_digest != content:
        feed.content_digest, feed.content_changed_at = content, at
    feed.read_at = at
    feed.save(update_fields=["read_at", "content_digest", "content_changed_at"])
    return feed


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
