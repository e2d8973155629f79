"""What came in from files: each import, the rows it could not take as they were, and what undoing it needs."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from guilds.audit.models import Record


class Kind(models.TextChoices):
    """What one file holds; interfaces.md, "Files for import"."""

    PROVIDERS = "providers", "Schools and colleges"
    EMPLOYERS = "employers", "Employers"
    MEMBERSHIPS = "memberships", "Guild memberships"
    ENGAGEMENTS = "engagements", "Engagements"
    PLEDGES = "pledges", "Pledges"
    PLACEMENTS = "placements", "Placements"
    APPRENTICESHIPS = "apprenticeships", "Apprenticeships"
    POSTCODES = "postcodes", "Postcodes"
    STANDARDS = "standards", "Apprenticeship standards"
    SCHOOL_LINKS = "school_links", "Links between schools"
    BOUNDARIES = "boundaries", "Outlines of districts"
    INDICATORS = "indicators", "Indicators of the strategy"


class ImportStatus(models.TextChoices):
    """A file that is uploaded is checked first, and loaded when somebody has seen what that would do."""

    RECEIVED = "received", "Being checked"
    UNNAMED = "unnamed", "Columns to be named"
    PLANNED = "planned", "Checked, not loaded yet"
    FAILED = "failed", "Could not be read"
    RUNNING = "running", "Running"
    STOPPED = "stopped", "Stopped part-way"
    DONE = "done", "Done"
    UNDONE = "undone", "Undone"


class Outcome(models.TextChoices):
    """What became of a row. A warned row came in; a suggestion is only shown. What was kept is about no row (0)."""

    REFUSED = "refused", "Refused"
    WARNED = "warned", "Taken with a warning"
    SUGGESTED = "suggested", "Suggestion"
    KEPT = "kept", "Kept when the import was undone"


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ImportQuerySet":
        """Files are the team's work: administrators and coordinators see all imports, others none."""
        return self if user.is_authenticated and user.is_staff_member else self.none()


class Import(Record):
    """One file that was loaded. Its events in history carry `tag` as their request id."""

    kind = models.CharField(max_length=20, choices=Kind)
    filename = models.CharField(max_length=250)
    checksum = models.CharField(max_length=64)
    layout = models.CharField(max_length=60)
    encoding = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.RUNNING)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    warned = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    #: How many rows are safely in: where a stopped import goes on.
    rows_done = models.PositiveIntegerField(default=0)
    #: How many rows the file has, once it was checked.
    rows_total = models.PositiveIntegerField(null=True, blank=True)
    #: What an uploaded file is called where it waits; empty once it is gone.
    stored_as = models.CharField(max_length=32, blank=True)
    #: The file's titles for our columns, where somebody has said which is which.
    columns = models.JSONField(default=dict, blank=True)
    #: Why it could not be read.
    trouble = models.TextField(blank=True)
    #: The file's own titles, for handing back the refused rows.
    titles = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["checksum", "kind"], name="import_by_file")]
        constraints = [
            models.CheckConstraint(
                name="import_undone_by_paired_with_undone_at",
                condition=Q(status="undone", undone_at__isnull=False)
                | ~Q(status="undone") & Q(undone_at__isnull=True, undone_by__isnull=True),
                violation_error_message="An import that was undone has a time, and only such a one has",
            )
        ]

    def __str__(self) -> str:
        return f"{self.filename} ({self.get_kind_display()})"

    @property
    def tag(self) -> str:
        """What marks this import's events in history."""
        return f"import:{self.pk}"


class ImportPartQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the import sees its rows."""
        return self if user.is_authenticated and user.is_staff_member else self.none()


class ImportRow(models.Model):
    """One thing to say about one row; `row` is the number that a spreadsheet shows."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    field = models.CharField(max_length=60, blank=True)
    message = models.TextField()
    #: The row as it stood in the file; kept for refused rows only, so that they can be corrected and loaded again.
    raw = models.JSONField(null=True)

    personal_fields = ("message", "raw")
    objects = ImportPartQuerySet.as_manager()

    class Meta:
        ordering = ["row", "id"]
        indexes = [models.Index(fields=["batch", "outcome", "row"], name="importrow_by_outcome")]


class ImportBefore(models.Model):
    """How reference rows stood before an import changed them (they have no history of their own).

    `states` maps each key to its former values, or to null where the row was new.
    """

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="befores")
    model = models.CharField(max_length=40)
    states = models.JSONField(default=dict)

    objects = ImportPartQuerySet.as_manager()
