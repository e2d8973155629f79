"""Links by which an employer shows others what it did in a year: each can be ended at any time."""

from datetime import date

from django.db import models
from django.db.models import Q

from guilds.audit.models import Record


class StatementShareQuerySet(models.QuerySet):
    def visible_to(self, user) -> "StatementShareQuerySet":
        """Staff all, an employer its own."""
        if user.is_authenticated and user.is_staff_member:
            return self
        if user.is_authenticated and user.is_employer_member:
            return self.filter(organisation=user.organisation_id)
        return self.none()

    def working(self, today: date) -> "StatementShareQuerySet":
        """Those that still answer."""
        lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
        return self.filter(lasting, revoked_at__isnull=True)


class StatementShare(Record):
    """A link to an employer's statement of one academic year. Its address is signed, not kept: see crm.documents.links."""

    organisation = models.ForeignKey("guilds.Organisation", on_delete=models.PROTECT, related_name="statement_shares")
    period = models.CharField(max_length=20)
    shared_by = models.ForeignKey("guilds.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    #: The last day on which it answers; empty: until it is ended.
    ends_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = StatementShareQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["organisation", "-created_at"], name="share_by_organisation")]

    def __str__(self) -> str:
        return f"Statement of {self.organisation} for {self.period}"
