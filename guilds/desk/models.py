"""A desk for the promises of one event, and what somebody wrote at it."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from guilds.audit.lifecycle import Lifecycle, step
from guilds.audit.models import Record
from guilds.pledges.kinds import PledgeKind, counted
from guilds.pledges.models import PledgeStatus

#: No vowels, so that no code is a word; nothing that is read as something else from a wall: 0 and O, 1 and I and L, 5 and S.
CODE_LETTERS = "2346789BCDFGHJKMNPQRTVWXZ"
CODE_LENGTH = 6
#: More than one person promises at a desk; beyond it, somebody is joking.
MOST_OF_ONE_ENTRY = 500


def new_code() -> str:
    """A short code that nobody guesses: one of 244 million."""
    return get_random_string(CODE_LENGTH, CODE_LETTERS)


class EntryStatus(models.TextChoices):
    """What the coordinator decided about an entry."""

    WAITING = "waiting", "To be cleared"
    CLEARED = "cleared", "Cleared"
    REJECTED = "rejected", "Rejected"


ENTRY_LIFECYCLE = Lifecycle(
    "entry",
    {
        "clear": step(["waiting"], "cleared"),
        "reject": step(["waiting"], "rejected", needs_reason=True),
        "reopen": step(["cleared", "rejected"], "waiting"),
    },
)


def _led_by(user: Any, engagement: str) -> Q:
    """Those of engagements that a coordinator's guilds lead, or no guild does."""
    return Q(**{f"{engagement}__guild__isnull": True}) | Q(**{f"{engagement}__guild__in": user.guild_slugs})


class DeskQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DeskQuerySet":
        """Those who lead its engagement: what is written at a desk names people."""
        if not user.is_authenticated or not user.is_staff_member:
            return self.none()
        return self if user.is_administrator else self.filter(_led_by(user, "engagement"))

    def open_at(self, moment: datetime) -> "DeskQuerySet":
        """Neither closed by hand nor by the clock."""
        return self.filter(closed_at__isnull=True, closes_at__gt=moment)


class Desk(Record):
    """Where promises are made at one event. `code` is in its public address; it closes by itself at `closes_at`.

    `entries_at_most` in all, and `per_minute` from one network address (a whole hall may share one), keep a prankster
    from drowning it.
    """

    engagement = models.ForeignKey("guilds.Engagement", on_delete=models.PROTECT, related_name="desks")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    opened_by = models.ForeignKey("guilds.User", null=True, on_delete=models.PROTECT, related_name="+")
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    entries_at_most = models.PositiveIntegerField(default=5000)
    per_minute = models.PositiveIntegerField(default=240)

    objects = DeskQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["engagement", "-created_at"], name="desk_by_engagement")]

    def __str__(self) -> str:
        return f"Pledge desk {self.code}"

    @property
    def ends_at(self) -> datetime:
        """When it closes, or closed."""
        return min(self.closes_at, self.closed_at) if self.closed_at else self.closes_at

    def is_open(self, moment: datetime) -> bool:
        """Whether anybody may write at it."""
        return moment < self.ends_at

    @property
    def is_open_now(self) -> bool:
        """The same, for pages."""
        return self.is_open(timezone.now())


class DeskEntryQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DeskEntryQuerySet":
        """Those who lead the desk's engagement."""
        if not user.is_authenticated or not user.is_staff_member:
            return self.none()
        return self if user.is_administrator else self.filter(_led_by(user, "desk__engagement"))

    def to_clear(self) -> "DeskEntryQuerySet":
        """Waiting, and its pledge (where it has one) not decided elsewhere."""
        undecided = Q(pledge__isnull=True) | Q(pledge__status=PledgeStatus.UNVERIFIED)
        return self.filter(undecided, status=EntryStatus.WAITING)


class DeskEntry(Record):
    """One promise as somebody wrote it. `key` was made on their phone: however often it is sent, it is one entry.

    `organisation` was picked from those that take part; `organisation_name` is what they typed instead.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="entries")
    key = models.UUIDField()
    organisation = models.ForeignKey(
        "guilds.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="desk_entries"
    )
    organisation_name = models.CharField(max_length=200, blank=True)
    search_name = models.CharField(max_length=250, editable=False, blank=True)
    name = models.CharField(max_length=100)
    email = models.EmailField(max_length=200)
    kind = models.CharField("what is promised", max_length=20, choices=PledgeKind)
    quantity = models.PositiveIntegerField()
    note = models.CharField(max_length=300, blank=True)
    consent_version = models.CharField(max_length=20)
    consent_wording = models.TextField()
    status = models.CharField(max_length=20, choices=EntryStatus, default=EntryStatus.WAITING)
    status_reason = models.CharField(max_length=300, blank=True)
    pledge = models.OneToOneField(
        "guilds.Pledge", null=True, blank=True, on_delete=models.PROTECT, related_name="desk_entry"
    )

    personal_fields = ("organisation_name", "search_name", "name", "email", "note", "status_reason")
    unaudited_fields = Record.unaudited_fields | {"search_name"}
    objects = DeskEntryQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "key"], name="deskentry_once", violation_error_message="This was received already"
            ),
            models.CheckConstraint(
                name="deskentry_of_something",
                condition=Q(quantity__gte=1, quantity__lte=MOST_OF_ONE_ENTRY),
                violation_error_message=f"Give a number from 1 to {MOST_OF_ONE_ENTRY}",
            ),
            models.CheckConstraint(
                name="deskentry_cleared_is_a_pledge",
                condition=~Q(status="cleared") | Q(pledge__isnull=False),
                violation_error_message="Only what has become a pledge is cleared",
            ),
            models.CheckConstraint(
                name="deskentry_rejected_has_a_reason",
                condition=~Q(status="rejected") | ~Q(status_reason=""),
                violation_error_message="Say why",
            ),
        ]
        indexes = [models.Index(fields=["desk", "status", "created_at"], name="deskentry_by_status")]

    def __str__(self) -> str:
        return counted(self.quantity, self.kind)

    @property
    def called(self) -> str:
        """The organisation as the person named it."""
        return self.organisation.name if self.organisation else self.organisation_name
