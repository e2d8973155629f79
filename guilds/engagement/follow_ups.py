"""What was said to an organisation, and what somebody must do next."""

from functools import reduce
from operator import or_

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Exists, OuterRef, Q

from guilds.audit.lifecycle import Lifecycle, step
from guilds.audit.models import Record


class InteractionKind(models.TextChoices):
    CALL = "call", "Call"
    MEETING = "meeting", "Meeting"
    MESSAGE = "message", "Message"


class StaffOnlyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team's own notes and tasks."""
        return self if user.is_authenticated and user.is_staff_member else self.none()


class Interaction(Record):
    """A call, meeting or message with an organisation."""

    organisation = models.ForeignKey("guilds.Organisation", on_delete=models.PROTECT, related_name="interactions")
    contact = models.ForeignKey(
        "guilds.Contact", null=True, blank=True, on_delete=models.SET_NULL, related_name="interactions"
    )
    guild = models.ForeignKey(
        "guilds.Guild", to_field="slug", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=InteractionKind)
    happened_on = models.DateField()
    summary = models.TextField()

    personal_fields = ("summary",)
    objects = StaffOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="interaction_says_something",
                condition=~Q(summary=""),
                violation_error_message="Say what was said or agreed",
            )
        ]
        indexes = [models.Index(fields=["organisation", "-happened_on"], name="interaction_by_organisation")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.happened_on:%-d %B %Y}"


#: What a follow-up may be about that a guild leads.
LED = ("engagement", "pledge", "placement", "apprenticeship")


class FollowUpStatus(models.TextChoices):
    OPEN = "open", "To do"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


FOLLOW_UP_LIFECYCLE = Lifecycle(
    "follow-up",
    {
        "finish": step(["open"], "done"),
        "drop": step(["open"], "dropped", needs_reason=True),
        "reopen": step(["done", "dropped"], "open"),
    },
)


class FollowUpQuerySet(StaffOnlyQuerySet):
    def of_guilds(self, slugs) -> "FollowUpQuerySet":
        """About what these guilds lead, or given to somebody who works for one of them."""
        people = Exists(
            get_user_model().guilds.through.objects.filter(user=OuterRef("assigned_to"), guild__slug__in=slugs)
        )
        led = (Q(**{f"{about}__guild__in": slugs}) for about in LED)
        return self.filter(reduce(or_, led, Q(people)))

    def about(self, record: models.Model) -> "FollowUpQuerySet":
        """What is to be done about one record."""
        return self.filter(**{str(record._meta.model_name): record})


class FollowUp(Record):
    """Something somebody must do by a date; nobody yet, where nobody has taken it."""

    what = models.CharField(max_length=300)
    due_on = models.DateField()
    assigned_to = models.ForeignKey(
        "guilds.User", null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    #: Who gave it to them, so that whoever is given something by somebody else is told.
    assigned_by = models.ForeignKey(
        "guilds.User", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        "guilds.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    engagement = models.ForeignKey(
        "guilds.Engagement", null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    pledge = models.ForeignKey(
        "guilds.Pledge", null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    placement = models.ForeignKey(
        "guilds.Placement", null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    apprenticeship = models.ForeignKey(
        "guilds.Apprenticeship", null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    status = models.CharField(max_length=10, choices=FollowUpStatus, default=FollowUpStatus.OPEN)
    #: What came of it, in the words of whoever did it.
    outcome = models.CharField(max_length=500, blank=True)

    personal_fields = ("outcome",)
    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["assigned_to", "status", "due_on"], name="followup_by_person"),
            models.Index(fields=["status", "due_on", "id"], name="followup_by_day"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_about_something(self) -> bool:
        """Whether there is a record to open."""
        return any(getattr(self, f"{noun}_id") for noun in ("organisation", *LED))
