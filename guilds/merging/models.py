"""Records that may be the same organisation, and what was done about them."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from guilds.audit.models import Record


class StaffQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team keeps the registry tidy; nobody else hears of it."""
        return self if user.is_authenticated and user.is_staff_member else self.none()


class PairQuerySet(StaffQuerySet):
    def offered(self) -> "PairQuerySet":
        """Pairs that somebody should look at: nobody has decided, and both records still stand for themselves."""
        standing = Q(first__status="active", second__status="active")
        return self.filter(standing, different=False)


class DuplicatePair(Record):
    """Two records that look like one organisation, or that somebody has said are two (`different`).

    `first` has the lower id, so that a pair is a pair whichever way round.
    """

    first = models.ForeignKey("guilds.Organisation", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("guilds.Organisation", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    likeness = models.PositiveSmallIntegerField(default=100)
    different = models.BooleanField(default=False)

    objects = PairQuerySet.as_manager()

    class Meta:
        ordering = ["-likeness", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                name="duplicate_pair_once",
                violation_error_message="These two are a pair already",
            ),
            models.CheckConstraint(
                name="duplicate_pair_in_order",
                condition=Q(first__lt=F("second")),
                violation_error_message="The lower id comes first, and an organisation is no pair with itself",
            ),
        ]
        indexes = [models.Index(fields=["different", "-likeness", "-id"], name="duplicate_pair_to_offer")]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"


class Merge(Record):
    """One record went into another. `moved` says each thing that was moved, so that it can be taken back exactly.

    Each of `moved` is a guilds.merging.moves.Move as a dict.
    """

    winner = models.ForeignKey("guilds.Organisation", on_delete=models.PROTECT, related_name="+")
    loser = models.ForeignKey("guilds.Organisation", on_delete=models.PROTECT, related_name="+")
    merged_by = models.ForeignKey("guilds.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField(default=list, blank=True, encoder=DjangoJSONEncoder)
    undone_by = models.ForeignKey("guilds.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    unaudited_fields = Record.unaudited_fields | {"moved"}
    objects = StaffQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="merge_undone_by_and_undone_at_together",
                condition=Q(undone_at__isnull=False) | Q(undone_by__isnull=True),
                violation_error_message="Who undid it comes with when",
            ),
            models.CheckConstraint(
                name="merge_of_two",
                condition=~Q(winner=F("loser")),
                violation_error_message="An organisation can't be merged into itself",
            ),
            models.UniqueConstraint(
                fields=["loser"],
                condition=Q(undone_at__isnull=True),
                name="merge_stands_once",
                violation_error_message="It has been merged already",
            ),
        ]
        indexes = [models.Index(fields=["winner", "-created_at"], name="merge_by_winner")]

    def __str__(self) -> str:
        return f"{self.loser} into {self.winner}"
