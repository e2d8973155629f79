"""Private calendar feeds: an unguessable address for each, of which only a digest is kept."""

from django.db import models
from django.db.models import Q

from guilds.audit.models import Record


class CalendarFeedQuerySet(models.QuerySet):
    def visible_to(self, user) -> "CalendarFeedQuerySet":
        """Everybody their own: what a feed shows is its owner's sight."""
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def working(self) -> "CalendarFeedQuerySet":
        """Those that still answer."""
        return self.filter(revoked_at__isnull=True, owner__is_active=True)


class CalendarFeed(Record):
    """One person's calendar, or a guild's as that person sees it, for a calendar program to fetch."""

    owner = models.ForeignKey("guilds.User", on_delete=models.CASCADE, related_name="calendar_feeds")
    guild = models.ForeignKey(
        "guilds.Guild", to_field="slug", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    read_at = models.DateTimeField(null=True, blank=True, editable=False)
    content_digest = models.CharField(max_length=64, blank=True, editable=False)
    content_changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    unaudited_fields = Record.unaudited_fields | {"token_digest", "read_at", "content_digest", "content_changed_at"}
    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(guild__isnull=True, revoked_at__isnull=True),
                name="calendarfeed_own_once",
                violation_error_message="You have this feed already: renew it for a new address",
            ),
            models.UniqueConstraint(
                fields=["owner", "guild"],
                condition=Q(guild__isnull=False, revoked_at__isnull=True),
                name="calendarfeed_of_guild_once",
                violation_error_message="You have this feed already: renew it for a new address",
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.guild}" if self.guild else "My calendar"
