"""What has been counted, and what was aimed at."""

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from guilds.audit.models import Record


class Cell(models.Model):
    """One additive figure: month × guild × district × measure × kind; a pure function of the records in it.

    Empty `guild` is county-wide, empty `district` is not known. `kind` is an engagement's, or a pledge's for what
    became of pledges; empty for all other measures. A cell of nothing has no row.
    """

    visible_to_reason = "A total without rows; read through totals.summary, which asks the permission table"

    month = models.DateField()
    guild = models.CharField(max_length=50, blank=True)
    district = models.CharField(max_length=9, blank=True)
    measure = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=1)
    confirmed = models.DecimalField(max_digits=14, decimal_places=1, default=0)
    missing = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "guild", "district", "measure", "kind"], name="cell_once")
        ]
        indexes = [models.Index(fields=["measure", "month"], name="cell_by_measure")]


class Presence(models.Model):
    """An organisation took part in what counts, in a month, guild, district and kind. Distinct measures rest on it.

    `measure` is the one that counts it; `district` is the organisation's own; `kind` is empty for placements and
    apprenticeships. Only the counting job removes rows, so that the kept counts follow.
    """

    visible_to_reason = "Read through totals.summary, which asks the permission table"

    month = models.DateField()
    guild = models.CharField(max_length=50, blank=True)
    district = models.CharField(max_length=9, blank=True)
    measure = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, blank=True)
    organisation = models.ForeignKey(
        "guilds.Organisation", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "guild", "district", "measure", "kind", "organisation"], name="presence_once"
            )
        ]
        indexes = [
            models.Index(fields=["measure", "month", "organisation"], name="presence_by_measure"),
            models.Index(fields=["organisation", "month"], name="presence_by_organisation"),
        ]


class DistinctCount(models.Model):
    """How many organisations a distinct measure counts in a standard period and scope, kept so that no page counts.

    The period is `months` (1, 3 or 12) from `starts`. In `guild`, `district` and `kind`, "*" is any.
    """

    visible_to_reason = "A total without rows; read through totals.summary, which asks the permission table"

    measure = models.CharField(max_length=20)
    starts = models.DateField()
    months = models.PositiveSmallIntegerField()
    guild = models.CharField(max_length=50, blank=True)
    district = models.CharField(max_length=9, blank=True)
    kind = models.CharField(max_length=20)
    value = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["starts", "months", "measure", "guild", "district", "kind"], name="distinctcount_once"
            )
        ]


class StaleSlice(models.Model):
    """A slice of the figures that is to be counted again: more were touched at once than one turn counts."""

    visible_to_reason = "The counting job's own list of what it still has to do"

    family = models.CharField(max_length=20)
    month = models.DateField()
    guild = models.CharField(max_length=50, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["family", "month", "guild"], name="staleslice_once")]


class Freshness(models.Model):
    """When the figures were last brought up to date. Its only row is also the lock that counting holds."""

    visible_to_reason = "One moment, shown beside the figures"

    at = models.DateTimeField(null=True)


class TargetQuerySet(models.QuerySet):
    def visible_to(self, user) -> "TargetQuerySet":
        """Staff and the Commission."""
        may = user.is_authenticated and (user.is_staff_member or user.is_commission_member)
        return self if may else self.none()

    def in_force(self) -> "TargetQuerySet":
        """Those that are still aimed at."""
        return self.filter(ended_on__isnull=True)


class Target(Record):
    """A value aimed at for a measure: for one guild, one district, or the whole county, over a period.

    `period` is a slug of counting.md (`2017-18`, `FY2017-18-Q1`, `2018-03`). Earlier values are in its history.
    """

    measure = models.CharField(max_length=40)
    guild = models.ForeignKey(
        "guilds.Guild", to_field="slug", null=True, blank=True, on_delete=models.PROTECT, related_name="targets"
    )
    district = models.ForeignKey(
        "guilds.District", to_field="code", null=True, blank=True, on_delete=models.PROTECT, related_name="targets"
    )
    period = models.CharField(max_length=20)
    value = models.PositiveIntegerField()
    #: Since when nobody aims at it any more; a new value takes it up again.
    ended_on = models.DateField(null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["period", "measure", "id"]
        constraints = [
            # Coalesced, because SQLite takes two empty values for two different ones.
            models.UniqueConstraint(
                "measure",
                "period",
                Coalesce("guild", Value("")),
                Coalesce("district", Value("")),
                name="target_once",
                violation_error_message="There is a target for this already",
            ),
            models.CheckConstraint(
                name="target_for_guild_or_district",
                condition=Q(guild__isnull=True) | Q(district__isnull=True),
                violation_error_message="A target is for a guild, a district or the whole county",
            ),
        ]
