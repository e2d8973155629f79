"""What people ask about their own data, what was done about it, and what was forgotten by the clock."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guilds.audit.lifecycle import Lifecycle, step
from guilds.audit.models import Record, new_id


class RequestKind(models.TextChoices):
    """UK GDPR, articles 15, 16 and 17."""

    ACCESS = "access", "A copy of what is held"
    CORRECT = "correct", "A correction"
    ERASE = "erase", "Erasure"


class RequestStatus(models.TextChoices):
    """What became of a request."""

    OPEN = "open", "To be answered"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"


REQUEST_LIFECYCLE = Lifecycle(
    "request",
    {
        "answer": step(["open"], "done", needs_reason=True),
        "refuse": step(["open"], "refused", needs_reason=True),
    },
)


class RightsRequestQuerySet(models.QuerySet):
    def visible_to(self, user) -> "RightsRequestQuerySet":
        """Administrators all, everybody else what they asked themselves."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_administrator else self.filter(asked_by=user)

    def waiting(self) -> "RightsRequestQuerySet":
        """Those that are to be answered, the most urgent first."""
        return self.filter(status=RequestStatus.OPEN).order_by("due_on", "id")


class RightsRequest(Record):
    """Somebody asks for what is held about them, or to have it corrected or erased. There is a month to answer."""

    kind = models.CharField("what is asked for", max_length=10, choices=RequestKind)
    #: Empty where somebody asked who does not sign in; then `about` says who.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="rights_requests"
    )
    about = models.CharField("who asks", max_length=300)
    wish = models.TextField("what they ask", blank=True)
    received_on = models.DateField()
    due_on = models.DateField()
    status = models.CharField(max_length=10, choices=RequestStatus, default=RequestStatus.OPEN)
    #: What was done, or why not: whoever asked reads it.
    status_reason = models.TextField(blank=True)

    personal_fields = ("about", "wish", "status_reason")
    objects = RightsRequestQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="rightsrequest_answer_says_what",
                condition=Q(status="open") | ~Q(status_reason=""),
                violation_error_message="Say what was done, or why not",
            ),
            models.CheckConstraint(
                name="rightsrequest_due_after_it_came",
                condition=Q(due_on__gt=models.F("received_on")),
                violation_error_message="It is due after it came",
            ),
        ]
        indexes = [models.Index(fields=["status", "due_on", "id"], name="rightsrequest_by_day")]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def standing(self) -> str:
        """The status that people see."""
        late = self.status == RequestStatus.OPEN and self.due_on < timezone.localdate()
        return "overdue" if late else self.status

    @property
    def standing_label(self) -> str:
        """The standing in words."""
        return "Overdue" if self.standing == "overdue" else str(self.get_status_display())


class Why(models.TextChoices):
    """For which reason something was erased: a choice, so that nobody writes a name into it."""

    ASKED = "asked", "The person asked for it"
    CONSENT = "consent", "Consent was taken back"
    MISTAKE = "mistake", "It should never have been kept"
    AGE = "age", "It is no longer needed"


class AdministratorsQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Administrators answer for what is kept."""
        return self if user.is_authenticated and user.is_administrator else self.none()


class ErasureRecord(models.Model):
    """That somebody's details were erased: who did it, when, why, and how many of what. Nothing of what they were."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=Why)
    request = models.ForeignKey(RightsRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="erasures")
    #: What was erased → how many.
    counts = models.JSONField(default=dict)

    objects = AdministratorsQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["-at", "-id"], name="erasurerecord_by_time")]

    def __str__(self) -> str:
        return f"Erasure of {self.at:%-d %B %Y}"


class RetentionRun(models.Model):
    """What the rules of retention would erase on a day, or did."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    applied = models.BooleanField(default=False)
    #: Name of the rule → how many.
    counts = models.JSONField(default=dict)

    objects = AdministratorsQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"Retention of {self.at:%-d %B %Y}"
