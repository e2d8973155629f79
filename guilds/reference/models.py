"""Guilds, districts, postcodes and apprenticeship standards: data, not code. Values are retired, never deleted."""

from collections.abc import Iterator

from django.db import models
from django.db.models import F, Q

from guilds.audit.models import Record

#: The code of the district row for places beyond Kent and Medway; no district at all means "not known".
OUTSIDE = "outside"


class OpenReferenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Reference data is for everybody who has signed in."""
        return self if user.is_authenticated else self.none()

    def iterator(self, chunk_size: int | None = None) -> Iterator:
        """At once: there are few, and the lists to choose from would have a cursor opened, read and closed for each."""
        return iter(self)


class GuildQuerySet(OpenReferenceQuerySet):
    def active(self, on) -> "GuildQuerySet":
        """Guilds that exist on a day."""
        return self.filter(
            Q(active_from__isnull=True) | Q(active_from__lte=on), Q(active_to__isnull=True) | Q(active_to__gte=on)
        )


class Guild(Record):
    """A sector partnership of employers and providers (strategy, section 2.3)."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100, unique=True)
    description = models.TextField(blank=True)
    sic_prefixes = models.JSONField(default=list, blank=True)
    chair = models.ForeignKey("guilds.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    active_from = models.DateField(null=True, blank=True)
    active_to = models.DateField(null=True, blank=True)

    objects = GuildQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="guild_dates_in_order",
                condition=Q(active_to__isnull=True) | Q(active_from__isnull=True) | Q(active_to__gte=F("active_from")),
                violation_error_message="It can't end before it begins",
            )
        ]

    def __str__(self) -> str:
        return self.name


class DistrictQuerySet(OpenReferenceQuerySet):
    def local(self) -> "DistrictQuerySet":
        """The twelve districts of Kent, and Medway."""
        return self.exclude(code=OUTSIDE)


class District(Record):
    """A local authority district by its GSS code, or the row for "Outside Kent and Medway"."""

    code = models.CharField(max_length=9, unique=True)
    name = models.CharField(max_length=100, unique=True)
    former_names = models.JSONField(default=list, blank=True)
    area = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    objects = DistrictQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="district_dates_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="It can't end before it begins",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Boundary(Record):
    """The outline of a district for drawing a map, thinned: rings of longitude and latitude, the largest first.

    The first is the mainland or the largest island; the others are islands and holes.
    """

    district = models.OneToOneField(District, to_field="code", on_delete=models.PROTECT, related_name="boundary")
    rings = models.JSONField()

    objects = OpenReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["district"]

    def __str__(self) -> str:
        return f"the outline of {self.district_id}"


class Postcode(models.Model):
    """A postcode's district, from an official postcode file. Written without a space: ME141XX."""

    visible_to_reason = "Read only to place an address; never listed"

    postcode = models.CharField(max_length=7, primary_key=True)
    district = models.ForeignKey(District, to_field="code", on_delete=models.PROTECT, related_name="+")


class Outcode(models.Model):
    """The district in which most of an outcode's postcodes lie: good for a guess, marked as one."""

    visible_to_reason = "Read only to place an address; never listed"

    outcode = models.CharField(max_length=4, primary_key=True)
    district = models.ForeignKey(District, to_field="code", on_delete=models.PROTECT, related_name="+")
    #: Whether the border of Kent and Medway runs through it.
    on_border = models.BooleanField(default=False)


class StandardQuerySet(OpenReferenceQuerySet):
    def approved(self) -> "StandardQuerySet":
        """Standards that may be delivered."""
        return self.filter(approved_for_delivery=True)

    def routes(self) -> list[str]:
        """The technical qualification areas that the list knows, in order."""
        return list(self.exclude(route="").order_by("route").values_list("route", flat=True).distinct())


class ApprenticeshipStandard(Record):
    """An apprenticeship standard of the official list."""

    reference = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=250)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    route = models.CharField(max_length=100, blank=True)
    approved_for_delivery = models.BooleanField(default=False)
    approved_on = models.DateField(null=True, blank=True)

    objects = StandardQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                name="standard_level_2_to_8",
                condition=Q(level__isnull=True) | Q(level__range=(2, 8)),
                violation_error_message="Levels go from 2 to 8",
            ),
        ]

    def __str__(self) -> str:
        return self.title
