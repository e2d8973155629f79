"""Packs: the documents that are made of figures, kept with the publication or the district that they are about."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from guilds.audit.lifecycle import Lifecycle, step
from guilds.audit.models import Record
from guilds.impact import periods
from guilds.impact.periods import Period


class PackKind(models.TextChoices):
    BOARD = "board", "Board pack"
    DISTRICT = "district", "District data pack"


class PackStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


#: One that was begun and never ended, because its worker was stopped, is begun again.
PACK_LIFECYCLE = Lifecycle(
    "pack",
    {
        "start": step([PackStatus.WAITING, PackStatus.RUNNING], PackStatus.RUNNING),
        "finish": step([PackStatus.RUNNING], PackStatus.READY),
        "fail": step([PackStatus.WAITING, PackStatus.RUNNING], PackStatus.FAILED),
    },
)
UNDER_WAY = (PackStatus.WAITING, PackStatus.RUNNING)


def unguessable_path(pack: "Pack", name: str) -> str:
    """Where a pack is kept: a name that says nothing."""
    return f"packs/{uuid4().hex}"


class PackQuerySet(models.QuerySet):
    def visible_to(self, user) -> "PackQuerySet":
        """The team and the Commission: they hold every table, and members of organisations see the totals."""
        may = user.is_authenticated and (user.is_staff_member or user.is_commission_member)
        return self if may else self.none()

    def ready(self) -> "PackQuerySet":
        """Those that can be read, latest first."""
        return self.filter(status=PackStatus.READY).order_by("-created_at", "-id")

    def under_way(self) -> "PackQuerySet":
        """Those that somebody waits for."""
        return self.filter(status__in=UNDER_WAY)


class Pack(Record):
    """One document: of a publication, whose frozen figures it holds, or of a district and a period as they were that day.

    A pack is never changed once it is ready: it is made again, and the earlier one stays.
    """

    kind = models.CharField(max_length=10, choices=PackKind)
    publication = models.ForeignKey(
        "guilds.Publication", null=True, blank=True, on_delete=models.PROTECT, related_name="packs"
    )
    district = models.ForeignKey(
        "guilds.District", to_field="code", null=True, blank=True, on_delete=models.PROTECT, related_name="packs"
    )
    period = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=PackStatus, default=PackStatus.WAITING)
    made_by = models.ForeignKey("guilds.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file = models.FileField(upload_to=unguessable_path, max_length=60, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    #: Why it could not be made, in words for whoever waits for it.
    trouble = models.CharField(max_length=250, blank=True)

    unaudited_fields = Record.unaudited_fields | {"file"}
    objects = PackQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="pack_about_one_thing",
                condition=Q(kind="board", publication__isnull=False, district__isnull=True)
                | Q(kind="district", publication__isnull=True, district__isnull=False),
                violation_error_message="A board pack is of a publication, a district data pack of a district",
            ),
            models.CheckConstraint(
                name="pack_ready_has_a_file",
                condition=~Q(status="ready") | (~Q(file="") & Q(size__gte=1, pages__gte=1)),
                violation_error_message="A pack that is ready has a file with pages in it",
            ),
            models.CheckConstraint(
                name="pack_failed_says_why",
                condition=~Q(status="failed") | ~Q(trouble=""),
                violation_error_message="Say why it could not be made",
            ),
        ]
        indexes = [
            models.Index(fields=["publication", "-created_at"], name="pack_by_publication"),
            models.Index(fields=["district", "-created_at"], name="pack_by_district"),
            models.Index(fields=["id"], condition=Q(status__in=("waiting", "running")), name="pack_under_way"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.publication or self.district}"

    @property
    def span(self) -> Period:
        """The period that it is about."""
        return periods.parse(self.period)

    @property
    def is_under_way(self) -> bool:
        """Whether somebody still waits for it."""
        return self.status in UNDER_WAY
