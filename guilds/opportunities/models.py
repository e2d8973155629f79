"""Placements and apprenticeships: what employers gave young people. They know nothing of pledges."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from guilds.audit.lifecycle import Lifecycle, step
from guilds.audit.models import Record


class Programme(models.TextChoices):
    WORK_EXPERIENCE = "work_experience", "Work experience"
    INDUSTRY_PLACEMENT = "industry_placement", "Industry placement"
    SUPPORTED_INTERNSHIP = "supported_internship", "Supported internship"
    TRAINEESHIP = "traineeship", "Traineeship"
    ASSISTED_APPRENTICESHIP = "assisted_apprenticeship", "Assisted apprenticeship"
    VOLUNTEERING = "volunteering", "Volunteering"


class PlacementStatus(models.TextChoices):
    ARRANGED = "arranged", "Arranged"
    STARTED = "started", "Started"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"
    WITHDRAWN = "withdrawn", "Withdrawn (left early)"
    DID_NOT_ATTEND = "did_not_attend", "Did not attend"


#: The statuses of a placement or apprenticeship on which somebody did start.
STARTED_STATUSES = ("started", "completed", "withdrawn")
#: Those of them on which it is over.
ENDED_STATUSES = ("completed", "withdrawn")

PLACEMENT_LIFECYCLE = Lifecycle(
    "placement",
    {
        "start": step(["arranged"], "started"),
        "complete": step(["started"], "completed"),
        "cancel": step(["arranged"], "cancelled", needs_reason=True),
        "withdraw": step(["started"], "withdrawn", needs_reason=True),
        "did_not_attend": step(["arranged"], "did_not_attend"),
    },
)


class Canceller(models.TextChoices):
    EMPLOYER = "employer", "The employer"
    PROVIDER = "provider", "The school or college"
    LEARNER = "learner", "The young person"
    GUILD = "guild", "The guild"


class OpportunityQuerySet(models.QuerySet):
    provider_field: str

    def visible_to(self, user):
        """Staff all, the Commission what may count, members what their organisation is part of."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member:
            return self
        if user.is_commission_member:
            return self.exclude(status="cancelled")
        field = "employer" if user.is_employer_member else self.provider_field
        return self.filter(**{field: user.organisation_id})

    def started(self):
        """Those on which somebody did start, whatever came after."""
        return self.filter(status__in=STARTED_STATUSES)


class PlacementQuerySet(OpportunityQuerySet):
    provider_field = "provider"

    def for_list(self) -> "PlacementQuerySet":
        """With all that a list or an API answer shows."""
        return self.select_related("employer", "provider", "guild", "district")

    def to_confirm(self, on: date) -> "PlacementQuerySet":
        """Those that should have started or ended by a day, and nobody has said whether they did."""
        begun = Q(status=PlacementStatus.ARRANGED, starts_on__lte=on)
        return self.filter(begun | Q(status=PlacementStatus.STARTED, ends_on__lt=on))


class Outcome(models.TextChoices):
    """What had become of the learners thirteen weeks after the end of a supported route, as the strategy asks."""

    PAID_WORK = "paid_work", "In paid work"
    APPRENTICESHIP = "apprenticeship", "On an apprenticeship"
    LEARNING = "learning", "In education or training"
    VOLUNTEERING = "volunteering", "Volunteering"
    NONE = "none", "None of these"


class Placement(Record):
    """A time at a workplace for a number of learners (never their names). `hours`: hours for each learner."""

    reference = models.CharField(max_length=60, blank=True)
    employer = models.ForeignKey("guilds.Organisation", on_delete=models.PROTECT, related_name="placements")
    workplace = models.ForeignKey(
        "guilds.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    district = models.ForeignKey(
        "guilds.District", to_field="code", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    provider = models.ForeignKey(
        "guilds.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="placements_for_learners"
    )
    guild = models.ForeignKey(
        "guilds.Guild", to_field="slug", null=True, blank=True, on_delete=models.PROTECT, related_name="placements"
    )
    programme = models.CharField(max_length=30, choices=Programme, default=Programme.WORK_EXPERIENCE)
    learners = models.PositiveIntegerField(default=1)
    hours = models.PositiveIntegerField(null=True, blank=True)
    arranged_on = models.DateField()
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=20, choices=PlacementStatus, default=PlacementStatus.ARRANGED)
    status_reason = models.TextField(blank=True)
    cancelled_by = models.CharField(max_length=10, choices=Canceller, blank=True)
    suits_send = models.BooleanField(default=False)
    suits_reengagement = models.BooleanField(default=False)
    #: Thirteen weeks after the end; empty: not known (yet).
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["-arranged_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reference"],
                condition=~Q(reference=""),
                name="placement_reference_once",
                violation_error_message="Another placement has this reference",
            ),
            models.CheckConstraint(
                name="placement_for_somebody",
                condition=Q(learners__gte=1),
                violation_error_message="A placement is for 1 learner or more",
            ),
            models.CheckConstraint(
                name="placement_dates_in_order",
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="The end must not be before the start",
            ),
            models.CheckConstraint(
                name="placement_started_has_a_start",
                condition=~Q(status__in=STARTED_STATUSES) | Q(starts_on__isnull=False),
                violation_error_message="A placement that has started has a start date",
            ),
            models.CheckConstraint(
                name="placement_completed_has_an_end",
                condition=~Q(status="completed") | Q(ends_on__isnull=False),
                violation_error_message="A completed placement has an end date",
            ),
            models.CheckConstraint(
                name="placement_ending_has_a_reason",
                condition=~Q(status__in=("cancelled", "withdrawn")) | ~Q(status_reason=""),
                violation_error_message="Say why it was cancelled, or why they left",
            ),
            models.CheckConstraint(
                name="placement_canceller_of_a_cancelled_one",
                condition=Q(cancelled_by="") | Q(status="cancelled"),
                violation_error_message="Only a cancelled placement was cancelled by somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["-arranged_on", "-id"], name="placement_by_arranged"),
            models.Index(fields=["guild", "arranged_on"], name="placement_by_cell_arranged"),
            models.Index(fields=["starts_on", "id"], name="placement_by_start"),
            models.Index(fields=["ends_on", "id"], name="placement_by_end"),
            models.Index(fields=["guild", "starts_on"], name="placement_by_cell_start"),
            models.Index(fields=["guild", "ends_on"], name="placement_by_cell_end"),
            models.Index(fields=["status", "-arranged_on", "-id"], name="placement_by_status"),
            models.Index(
                fields=["reference"],
                name="placement_by_reference",
                condition=~Q(reference=""),
                opclasses=["varchar_pattern_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.reference or f"{self.get_programme_display()} from {self.arranged_on}"


class ApprenticeshipStatus(models.TextChoices):
    OPEN = "open", "Open"
    FILLED = "filled", "Filled"
    STARTED = "started", "Started"
    COMPLETED = "completed", "Completed"
    CLOSED_UNFILLED = "closed_unfilled", "Closed unfilled"
    CANCELLED = "cancelled", "Cancelled"
    WITHDRAWN = "withdrawn", "Withdrawn (left early)"


APPRENTICESHIP_LIFECYCLE = Lifecycle(
    "apprenticeship",
    {
        "fill": step(["open"], "filled"),
        "start": step(["filled"], "started"),
        "complete": step(["started"], "completed"),
        "close_unfilled": step(["open"], "closed_unfilled"),
        "cancel": step(["open", "filled"], "cancelled", needs_reason=True),
        "withdraw": step(["started"], "withdrawn", needs_reason=True),
    },
)


class Intake(models.TextChoices):
    SEPTEMBER = "september", "September"
    JANUARY = "january", "January"
    APRIL = "april", "April"
    JULY = "july", "July"


class ApprenticeshipQuerySet(OpportunityQuerySet):
    provider_field = "training_provider"

    def for_list(self) -> "ApprenticeshipQuerySet":
        """With all that a list or an API answer shows."""
        return self.select_related("employer", "training_provider", "guild", "district", "standard")


class Apprenticeship(Record):
    """Positions that an employer opened on one standard. The standard's title and level are copied: lists change."""

    reference = models.CharField(max_length=60, blank=True)
    employer = models.ForeignKey("guilds.Organisation", on_delete=models.PROTECT, related_name="apprenticeships")
    workplace = models.ForeignKey(
        "guilds.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    district = models.ForeignKey(
        "guilds.District", to_field="code", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    guild = models.ForeignKey(
        "guilds.Guild", to_field="slug", null=True, blank=True, on_delete=models.PROTECT, related_name="apprenticeships"
    )
    standard = models.ForeignKey(
        "guilds.ApprenticeshipStandard", null=True, blank=True, on_delete=models.PROTECT, related_name="apprenticeships"
    )
    standard_title = models.CharField(max_length=250, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    positions = models.PositiveIntegerField(default=1)
    intake = models.CharField(max_length=10, choices=Intake, blank=True)
    assisted = models.BooleanField(default=False)
    #: Of an assisted one, thirteen weeks after the end; empty: not known (yet).
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    training_provider = models.ForeignKey(
        "guilds.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="apprenticeships_trained"
    )
    opened_on = models.DateField()
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=20, choices=ApprenticeshipStatus, default=ApprenticeshipStatus.OPEN)
    status_reason = models.TextField(blank=True)

    objects = ApprenticeshipQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reference"],
                condition=~Q(reference=""),
                name="apprenticeship_reference_once",
                violation_error_message="Another apprenticeship has this reference",
            ),
            models.CheckConstraint(
                name="apprenticeship_has_positions",
                condition=Q(positions__gte=1),
                violation_error_message="There must be 1 position or more",
            ),
            models.CheckConstraint(
                name="apprenticeship_level_2_to_8",
                condition=Q(level__isnull=True) | Q(level__range=(2, 8)),
                violation_error_message="Levels go from 2 to 8",
            ),
            models.CheckConstraint(
                name="apprenticeship_started_has_a_start",
                condition=~Q(status__in=STARTED_STATUSES) | Q(starts_on__isnull=False),
                violation_error_message="An apprenticeship that has started has a start date",
            ),
            models.CheckConstraint(
                name="apprenticeship_dates_in_order",
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="The end must not be before the start",
            ),
            models.CheckConstraint(
                name="apprenticeship_ending_has_a_reason",
                condition=~Q(status__in=("cancelled", "withdrawn")) | ~Q(status_reason=""),
                violation_error_message="Say why it was cancelled, or why they left",
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_on", "-id"], name="apprenticeship_by_opened"),
            models.Index(fields=["guild", "opened_on"], name="apprenticeship_by_cell_opened"),
            models.Index(fields=["guild", "starts_on"], name="apprenticeship_by_cell_start"),
            models.Index(fields=["status", "-opened_on", "-id"], name="apprenticeship_by_status"),
            models.Index(
                fields=["reference"],
                name="apprenticeship_by_reference",
                condition=~Q(reference=""),
                opclasses=["varchar_pattern_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.standard_title or self.reference or f"Apprenticeship opened {self.opened_on}"
