"""What a school or college asks for, whether or not anybody has promised it yet."""

from django.db import models
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest

from guilds.audit.lifecycle import Lifecycle, step
from guilds.audit.models import Record
from guilds.pledges.kinds import PledgeKind, counted
from guilds.pledges.models import Allocation, AllocationStatus


class RequestStatus(models.TextChoices):
    """What was decided about a request. `met` is never stored: it follows from what was agreed."""

    OPEN = "open", "Open"
    MET = "met", "Met"
    WITHDRAWN = "withdrawn", "Withdrawn"
    CLOSED = "closed", "Closed"


REQUEST_LIFECYCLE = Lifecycle(
    "request",
    {
        "withdraw": step(["open"], "withdrawn", needs_reason=True),
        "close": step(["open"], "closed", needs_reason=True),
        "reopen": step(["withdrawn", "closed"], "open", needs_reason=True),
    },
)


class RequestQuerySet(models.QuerySet):
    def visible_to(self, user) -> "RequestQuerySet":
        """The team all, a school or college its own; nobody else."""
        if user.is_authenticated and user.is_staff_member:
            return self
        if user.is_authenticated and user.is_school_member:
            return self.filter(provider=user.organisation_id)
        return self.none()

    def open(self) -> "RequestQuerySet":
        """Neither withdrawn nor closed; may be met already."""
        return self.filter(status=RequestStatus.OPEN)

    def waiting(self) -> "RequestQuerySet":
        """Open, and more asked for than was agreed."""
        return self.open().alias(agreed_so_far=Coalesce(Subquery(_agreed()), 0)).filter(agreed_so_far__lt=F("quantity"))

    def with_progress(self) -> "RequestQuerySet":
        """Adds `agreed`, `remaining` and `standing`: the status that people see, where all was agreed it is met."""
        counted = self.annotate(agreed=Coalesce(Subquery(_agreed()), 0))
        return counted.annotate(
            remaining=Greatest(F("quantity") - F("agreed"), Value(0)),
            standing=Case(
                When(status="open", agreed__gte=F("quantity"), then=Value("met")),
                default=F("status"),
                output_field=models.CharField(),
            ),
        )

    def for_list(self) -> "RequestQuerySet":
        """With all that a list shows."""
        return self.with_progress().select_related("provider__district", "guild")


def _agreed() -> QuerySet:
    given = Allocation.objects.filter(request=OuterRef("pk"), status=AllocationStatus.AGREED)
    return given.order_by().values("request").annotate(total=Sum("quantity")).values("total")


class Request(Record):
    """Places, visits and the like that a school or college would like. What was agreed of it are allocations."""

    provider = models.ForeignKey("guilds.Organisation", on_delete=models.PROTECT, related_name="pledge_requests")
    kind = models.CharField("what is asked for", max_length=20, choices=PledgeKind)
    quantity = models.PositiveIntegerField()
    guild = models.ForeignKey(
        "guilds.Guild", to_field="slug", null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    year_groups = models.JSONField(default=list, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    for_send = models.BooleanField(default=False)
    for_reengagement = models.BooleanField(default=False)
    for_t_level = models.BooleanField(default=False)
    wanted_from = models.DateField(null=True, blank=True)
    wanted_until = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=RequestStatus, default=RequestStatus.OPEN)
    status_reason = models.TextField(blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="request_of_something", condition=Q(quantity__gte=1), violation_error_message="Ask for 1 or more"
            ),
            models.CheckConstraint(
                name="request_days_in_order",
                condition=Q(wanted_from__isnull=True)
                | Q(wanted_until__isnull=True)
                | Q(wanted_until__gte=F("wanted_from")),
                violation_error_message="The last day must not be before the first",
            ),
            models.CheckConstraint(
                name="request_met_is_not_stored",
                condition=~Q(status="met"),
                violation_error_message="Met follows from what was agreed",
            ),
            models.CheckConstraint(
                name="request_ending_has_a_reason",
                condition=~Q(status__in=("withdrawn", "closed")) | ~Q(status_reason=""),
                violation_error_message="Say why",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="request_by_creation"),
            models.Index(fields=["status", "kind"], name="request_by_status"),
            models.Index(fields=["provider", "-created_at"], name="request_by_provider"),
        ]

    def __str__(self) -> str:
        return counted(self.quantity, self.kind)

    @property
    def standing_label(self) -> str:
        """The standing in words, of one that was read `with_progress`."""
        return RequestStatus(self.standing).label  # type: ignore[attr-defined]
