"""The strategy's own indicators: what each says from when on, and what became of it in each period.

Codes and wording change over the years, and a code has been given twice: so an indicator is known by a reference of ours, and
its code, wording and target are those of a dated version. Nothing that was once published is overwritten.
"""

from datetime import date

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from guilds.audit.models import Record

#: Before all days: where nobody said from when on a wording holds.
ALWAYS = date(1900, 1, 1)


class Better(models.TextChoices):
    """Which way of the value is an improvement."""

    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"


class Progress(models.TextChoices):
    """How the strategy judges an indicator in a period."""

    OVER_ACHIEVING = "over_achieving", "Over-achieving"
    ACHIEVING = "achieving", "Achieving"
    REQUIRES_IMPROVEMENT = "requires_improvement", "Requires improvement"


class Travel(models.TextChoices):
    """The direction of travel: is it getting better? (Not whether a number rises: of some, fewer are better.)"""

    IMPROVING = "improving", "Improving"
    LEVEL = "level", "No change"
    WORSENING = "worsening", "Getting worse"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


class IndicatorQuerySet(models.QuerySet):
    def visible_to(self, user) -> "IndicatorQuerySet":
        """Staff and the Commission."""
        may = user.is_authenticated and (user.is_staff_member or user.is_commission_member)
        return self if may else self.none()


class Indicator(Record):
    """One thing that is watched over the years, whatever it is called in each. `note` says what is odd about it."""

    reference = models.SlugField(max_length=60, unique=True)
    note = models.TextField(blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=250, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["reference"]
        constraints = [
            models.CheckConstraint(
                name="indicator_ended_has_a_reason",
                condition=Q(ended_on__isnull=True) | ~Q(ended_because=""),
                violation_error_message="Say why it is not followed any more",
            )
        ]

    def __str__(self) -> str:
        return f"indicator {self.reference}"


class IndicatorVersion(Record):
    """What an indicator is called, says and aims at, from a day on until the next version; `reason`: why it changed.

    `measure`: the measure of ours that its value is read from, where there is one.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="versions")
    valid_from = models.DateField(default=ALWAYS)
    code = models.CharField(max_length=20)
    statement = models.TextField()
    unit = models.CharField(max_length=60, blank=True)
    better = models.CharField(max_length=10, choices=Better, blank=True)
    target = models.CharField(max_length=200, blank=True)
    measure = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=250, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "valid_from"],
                name="indicatorversion_once_a_day",
                violation_error_message="It has a wording from that day on already: correct that one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.statement}"

    @property
    def since(self) -> date | None:
        """The day from which it holds; None where nobody said."""
        return None if self.valid_from == ALWAYS else self.valid_from


class IndicatorValue(Record):
    """What an indicator was in a period, for the whole county or one district; and from where that is known.

    `period` is a year (`2016`) or a slug of counting.md. No `value`: the source judges without giving a number.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="values")
    period = models.CharField(max_length=20)
    district = models.ForeignKey(
        "guilds.District", to_field="code", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    #: Not `status`: it is no step of a life.
    judged = models.CharField(max_length=25, choices=Progress, blank=True)
    travel = models.CharField(max_length=20, choices=Travel, blank=True)
    source = models.CharField(max_length=250)
    note = models.TextField(blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "period", "id"]
        constraints = [
            # Coalesced, because SQLite takes two empty districts for two different ones.
            models.UniqueConstraint(
                "indicator",
                "period",
                Coalesce("district", Value("")),
                name="indicatorvalue_once",
                violation_error_message="There is a value for this period already: correct that one",
            ),
            models.CheckConstraint(
                name="indicatorvalue_says_something",
                condition=Q(value__isnull=False) | ~Q(judged="") | ~Q(travel=""),
                violation_error_message="Give a value, a status or a direction of travel",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} of an indicator"
