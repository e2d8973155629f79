"""What an employer says that it did of a pledge, until a coordinator has seen to it."""

from django.db import models
from django.db.models import Q

from guilds.audit.lifecycle import Lifecycle, step
from guilds.audit.models import Record
from guilds.pledges.models import Allocation, Delivery, Pledge


class ClaimStatus(models.TextChoices):
    """How far a claim has come. Accepted ones are credited by what they led to: a delivery."""

    WAITING = "waiting", "Waiting"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Taken back"


CLAIM_LIFECYCLE = Lifecycle(
    "claim",
    {
        "accept": step(["waiting"], "accepted"),
        "decline": step(["waiting"], "declined", needs_reason=True),
        "withdraw": step(["waiting"], "withdrawn"),
    },
)


class DeliveryClaimQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DeliveryClaimQuerySet":
        """Staff all, an employer its own; nobody else: until it is accepted it is no more than a word."""
        if user.is_authenticated and user.is_staff_member:
            return self
        if user.is_authenticated and user.is_employer_member:
            return self.filter(pledge__employer=user.organisation_id)
        return self.none()

    def waiting(self) -> "DeliveryClaimQuerySet":
        """Those that a coordinator has to see to."""
        return self.filter(status=ClaimStatus.WAITING)


class DeliveryClaim(Record):
    """An employer's word that it did some of what it promised: when and how many. It counts once it is accepted."""

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="claims")
    allocation = models.ForeignKey(Allocation, null=True, blank=True, on_delete=models.PROTECT, related_name="claims")
    happened_on = models.DateField()
    quantity = models.PositiveIntegerField()
    note = models.TextField(blank=True)
    claimed_by = models.ForeignKey("guilds.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=ClaimStatus, default=ClaimStatus.WAITING)
    status_reason = models.TextField(blank=True)
    #: What it was accepted as; empty again where that credit was taken back.
    delivery = models.ForeignKey(Delivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="claims")

    personal_fields = ("note",)
    objects = DeliveryClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="claim_of_something", condition=Q(quantity__gte=1), violation_error_message="Say 1 or more"
            ),
            models.CheckConstraint(
                name="claim_declined_has_a_reason",
                condition=~Q(status="declined") | ~Q(status_reason=""),
                violation_error_message="Say why",
            ),
            models.CheckConstraint(
                name="claim_credited_once_accepted",
                condition=Q(delivery__isnull=True) | Q(status="accepted"),
                violation_error_message="Only an accepted claim is credited",
            ),
        ]
        indexes = [models.Index(fields=["pledge"], condition=Q(status="waiting"), name="claim_waiting")]

    def __str__(self) -> str:
        return f"{self.quantity} on {self.happened_on:%-d %B %Y}"
