"""Enterprise advisers: schools that signed up for one, and those that were matched with one (strategy, section 2.7)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet, Value

from guilds.audit.lifecycle import Lifecycle, step
from guilds.audit.models import Record


class AdviserStatus(models.TextChoices):
    SIGNED_UP = "signed_up", "Waiting for an adviser"
    MATCHED = "matched", "Matched"
    ENDED = "ended", "Ended"
    WITHDRAWN = "withdrawn", "Withdrawn"


ADVISER_LIFECYCLE = Lifecycle(
    "place with an enterprise adviser",
    {
        "match": step(["signed_up"], "matched"),
        "end": step(["matched"], "ended", needs_reason=True),
        "withdraw": step(["signed_up", "matched"], "withdrawn", needs_reason=True),
    },
)
OPEN_STATUSES = (AdviserStatus.SIGNED_UP, AdviserStatus.MATCHED)


class AdviserPlaceQuerySet(models.QuerySet):
    def visible_to(self, user) -> "AdviserPlaceQuerySet":
        """The team and the Commission all, a school its own, an employer those that its people advise."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member or user.is_commission_member:
            return self
        return self.filter(Q(organisation=user.organisation_id) | Q(employer=user.organisation_id))

    def signed_up(self) -> "AdviserPlaceQuerySet":
        """With the days between which a school took part, as memberships have them."""
        return self._between("signed_up_on")

    def matched(self) -> "AdviserPlaceQuerySet":
        """With the days between which a school had an adviser."""
        return self.filter(matched_on__isnull=False)._between("matched_on")

    def open_on(self, day: date) -> QuerySet:
        """Of those read `signed_up` or `matched`: the ones that were so on a day."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gt=day), joined_on__lte=day)

    def for_list(self) -> "AdviserPlaceQuerySet":
        """With all that a list shows."""
        return self.select_related("organisation__district", "employer", "contact", "matched_by", "pledge")

    def _between(self, day: str) -> "AdviserPlaceQuerySet":
        return self.annotate(
            joined_on=F(day), left_on=F("ended_on"), guild=Value(None, output_field=models.CharField())
        )


class AdviserPlace(Record):
    """A school's place in the scheme: signed up, matched with somebody of an employer, and at some time ended.

    `organisation` is the school; `contact` is the adviser, `matched_by` who brought them together. A school whose adviser
    left and that looks for another signs up again. `pledge`: the employer's promise that it keeps.
    """

    organisation = models.ForeignKey(
        "guilds.Organisation", on_delete=models.PROTECT, related_name="adviser_places", verbose_name="school"
    )
    signed_up_on = models.DateField()
    employer = models.ForeignKey(
        "guilds.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="advised_places"
    )
    contact = models.ForeignKey("guilds.Contact", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    matched_on = models.DateField(null=True, blank=True)
    matched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pledge = models.ForeignKey(
        "guilds.Pledge", null=True, blank=True, on_delete=models.PROTECT, related_name="adviser_places"
    )
    ended_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=20, choices=AdviserStatus, default=AdviserStatus.SIGNED_UP)
    status_reason = models.TextField(blank=True)

    objects = AdviserPlaceQuerySet.as_manager()

    class Meta:
        ordering = ["signed_up_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(status__in=("signed_up", "matched")),
                name="adviserplace_one_at_a_time",
                violation_error_message="This school is signed up already",
            ),
            models.CheckConstraint(
                name="adviserplace_matched_has_an_employer",
                condition=~Q(status="matched") | Q(matched_on__isnull=False, employer__isnull=False),
                violation_error_message="Say whose adviser it is, and since when",
            ),
            models.CheckConstraint(
                name="adviserplace_matched_after_signing_up",
                condition=Q(matched_on__isnull=True) | Q(matched_on__gte=F("signed_up_on")),
                violation_error_message="A school is matched on the day it signed up or later",
            ),
            models.CheckConstraint(
                name="adviserplace_ended_has_a_day",
                condition=Q(status__in=("ended", "withdrawn"), ended_on__isnull=False)
                | Q(status__in=("signed_up", "matched"), ended_on__isnull=True),
                violation_error_message="Say when it ended",
            ),
            models.CheckConstraint(
                name="adviserplace_days_in_order",
                condition=Q(ended_on__isnull=True)
                | Q(ended_on__gte=F("signed_up_on")) & (Q(matched_on__isnull=True) | Q(ended_on__gte=F("matched_on"))),
                violation_error_message="It can't end before it began",
            ),
        ]
        indexes = [models.Index(fields=["status", "signed_up_on"], name="adviserplace_by_status")]

    def __str__(self) -> str:
        return f"{self.get_status_display()} since {self.matched_on or self.signed_up_on:%-d %B %Y}"
