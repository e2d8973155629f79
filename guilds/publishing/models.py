"""What was published: figures that are never changed again, and the versions that follow one another."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from guilds.audit.lifecycle import Lifecycle, step
from guilds.audit.models import Record
from guilds.impact import periods
from guilds.impact.periods import Period
from guilds.impact.scopes import Scope


class PublicationStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    PROVISIONAL = "provisional", "Provisional"
    FINAL = "final", "Final"
    REVISED = "revised", "Revised: there is a newer version"


#: A provisional version becomes final with the very same figures; what has been replaced stays readable as it was.
LIFECYCLE = Lifecycle(
    "publication",
    {
        "provisional": step([PublicationStatus.DRAFT], PublicationStatus.PROVISIONAL),
        "final": step([PublicationStatus.DRAFT, PublicationStatus.PROVISIONAL], PublicationStatus.FINAL),
        "supersede": step([PublicationStatus.PROVISIONAL, PublicationStatus.FINAL], PublicationStatus.REVISED),
    },
)


def new_token() -> str:
    """The part of a public page's address that nobody guesses."""
    return secrets.token_urlsafe(16)


class PublicationQuerySet(models.QuerySet):
    def visible_to(self, user) -> "PublicationQuerySet":
        """The team also drafts; whoever else has signed in what is published."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_staff_member else self.published()

    def published(self) -> "PublicationQuerySet":
        """Those whose figures are frozen, replaced ones too."""
        return self.exclude(status=PublicationStatus.DRAFT)

    def public(self) -> "PublicationQuerySet":
        """Those that anybody may read who has the address."""
        return self.published().filter(is_public=True)

    def to_sign_off(self, user) -> "PublicationQuerySet":
        """Those for which somebody asked for a sign-off that this person could give: anybody's but their own."""
        asked = self.filter(sign_off_asked_at__isnull=False, signed_off_by__isnull=True)
        waiting = asked.filter(status__in=(PublicationStatus.DRAFT, PublicationStatus.PROVISIONAL))
        return waiting.exclude(author=user.pk)

    def versions_of(self, publication: "Publication") -> "PublicationQuerySet":
        """All versions of the same thing, first to last."""
        same = self.filter(period=publication.period, guild=publication.guild_id, district=publication.district_id)
        return same.order_by("edition")

    def for_list(self) -> "PublicationQuerySet":
        """With what a list shows."""
        return self.select_related("guild", "district", "author", "signed_off_by")


class Publication(Record):
    """The figures of a period for a guild, a district or the whole county. `edition`: which version it is, from 1.

    `reason` is public: why there is this version. `as_of`: the moment up to which changes are in its figures.
    The database refuses to change what is published (freezing.py); its status moves on, and it may be shown in public.
    """

    period = models.CharField(max_length=20)
    guild = models.ForeignKey(
        "guilds.Guild", to_field="slug", null=True, blank=True, on_delete=models.PROTECT, related_name="publications"
    )
    district = models.ForeignKey(
        "guilds.District", to_field="code", null=True, blank=True, on_delete=models.PROTECT, related_name="publications"
    )
    edition = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=12, choices=PublicationStatus, default=PublicationStatus.DRAFT)
    reason = models.TextField(blank=True)
    methodology_version = models.CharField(max_length=10, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    as_of = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sign_off_asked_at = models.DateTimeField(null=True, blank=True)
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_off_at = models.DateTimeField(null=True, blank=True)
    signed_digest = models.CharField(max_length=64, blank=True)
    scheduled_for = models.DateTimeField(null=True, blank=True)
    scheduled_as = models.CharField(max_length=12, blank=True)
    is_public = models.BooleanField(default=False)
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)

    unaudited_fields = Record.unaudited_fields | {"token"}
    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            # Coalesced, because SQLite takes two empty values for two different ones.
            models.UniqueConstraint(
                "period", Coalesce("guild", Value("")), Coalesce("district", Value("")), "edition",
                name="publication_edition_once", violation_error_message="There is this version already",
            ),
            models.UniqueConstraint(
                "period", Coalesce("guild", Value("")), Coalesce("district", Value("")),
                condition=Q(status="draft"), name="publication_one_draft",
                violation_error_message="There is an open draft of this already",
            ),
            models.CheckConstraint(
                name="publication_for_guild_or_district",
                condition=Q(guild__isnull=True) | Q(district__isnull=True),
                violation_error_message="A publication is about a guild, a district or the whole county",
            ),
            models.CheckConstraint(
                name="publication_published_has_day",
                condition=Q(status="draft", published_at__isnull=True) | (
                    ~Q(status="draft") & Q(published_at__isnull=False)
                ),
                violation_error_message="What is published has the time when, and a draft has none",
            ),
            models.CheckConstraint(
                name="publication_later_version_says_why",
                condition=Q(edition=1) | ~Q(reason=""),
                violation_error_message="Say why there is another version: everybody can read it",
            ),
            models.CheckConstraint(
                name="publication_signed_off_by_and_at",
                condition=Q(signed_off_by__isnull=True, signed_off_at__isnull=True)
                | Q(signed_off_by__isnull=False, signed_off_at__isnull=False),
                violation_error_message="A sign-off has both who and when",
            ),
            models.CheckConstraint(
                name="publication_schedule_is_whole",
                condition=Q(scheduled_for__isnull=True, scheduled_as="")
                | Q(scheduled_for__isnull=False, scheduled_as__in=["provisional", "final"]),
                violation_error_message="A schedule has both when and as what",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.span.label}, {self.about}, version {self.edition}"

    @property
    def span(self) -> Period:
        """The period itself."""
        return periods.parse(self.period)

    @property
    def scope(self) -> Scope:
        """What it is about, as figures are asked for."""
        return Scope(guild=self.guild_id, district=self.district_id)

    @property
    def about(self) -> str:
        """What it is about, in words."""
        part = self.guild or self.district
        return part.name if part else "whole county"

    @property
    def is_draft(self) -> bool:
        """Whether its figures still follow the records."""
        return self.status == PublicationStatus.DRAFT


class PublishedFigureQuerySet(models.QuerySet):
    def visible_to(self, user) -> "PublishedFigureQuerySet":
        """The team and the Commission every figure; members of organisations the totals."""
        rows = self.filter(publication__in=Publication.objects.visible_to(user))
        whole = user.is_authenticated and (user.is_staff_member or user.is_commission_member)
        return rows if whole else rows.filter(by="total")


class PublishedFigure(models.Model):
    """One figure as it was published. `value` empty: what `symbol` says (c, x, z).

    `digest`: of the records behind it and what each added, so that anybody can tell whether they are the same.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="figures")
    place = models.PositiveIntegerField()
    measure = models.CharField(max_length=40)
    by = models.CharField(max_length=10)
    key = models.CharField(max_length=50)
    label = models.CharField(max_length=200)
    value = models.FloatField(null=True)
    confirmed = models.IntegerField(null=True)
    missing = models.IntegerField(null=True)
    target = models.IntegerField(null=True)
    numerator = models.IntegerField(null=True)
    denominator = models.IntegerField(null=True)
    parts = models.JSONField(null=True)
    adds_up = models.BooleanField(default=True)
    symbol = models.CharField(max_length=3, blank=True)
    rows = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    objects = PublishedFigureQuerySet.as_manager()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "measure", "by", "key"],
                name="publishedfigure_once",
                violation_error_message="This figure is published already",
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.by} {self.key}"


class PublishedRows(models.Model):
    """The records behind one measure of a publication and what each added, packed: they say what has changed since.

    Empty where there were more than are kept; then only the figures' digests tell that something has changed.
    """

    visible_to_reason = "Read through differences, which tells of each record only what its reader may see"

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="kept_rows")
    measure = models.CharField(max_length=40)
    record = models.CharField(max_length=20)
    packed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "measure"], name="publishedrows_once")]
