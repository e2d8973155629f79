"""Promises, the parts of them given to schools and colleges, and what fulfilled them."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest

from guilds.audit.lifecycle import Lifecycle, step
from guilds.audit.models import Record
from guilds.opportunities.models import STARTED_STATUSES


class PledgeKind(models.TextChoices):
    PLACEMENT = "placement", "Work placements"
    APPRENTICESHIP = "apprenticeship", "Apprenticeships"
    INDUSTRY_VISIT = "industry_visit", "Visits to the workplace"
    SCHOOL_TALK = "school_talk", "Talks at schools or colleges"
    WORKSHOP = "workshop", "Workshops"
    MOCK_INTERVIEWS = "mock_interviews", "Mock interviews"
    MENTORING = "mentoring", "Mentoring"
    CURRICULUM_PROJECT = "curriculum_project", "Curriculum projects"
    STAFF_TRAINING = "staff_training", "Training for school or college staff"
    ENTERPRISE_ADVISER = "enterprise_adviser", "Enterprise advisers"


class PledgeStatus(models.TextChoices):
    """What was decided about a pledge. `fulfilled` is never stored: it follows from what was delivered."""

    UNVERIFIED = "unverified", "To be verified"
    OPEN = "open", "Open"
    FULFILLED = "fulfilled", "Fulfilled"
    LAPSED = "lapsed", "Lapsed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REJECTED = "rejected", "Rejected"


LIFECYCLE = Lifecycle(
    "pledge",
    {
        "verify": step(["unverified"], "open"),
        "reject": step(["unverified"], "rejected", needs_reason=True),
        "withdraw": step(["unverified", "open"], "withdrawn", needs_reason=True),
        "lapse": step(["open"], "lapsed"),
        "reopen": step(["lapsed"], "open", needs_reason=True),
    },
)


class MadeThrough(models.TextChoices):
    COORDINATOR = "coordinator", "A coordinator"
    PORTAL = "portal", "The employer's own page"
    DESK = "desk", "A pledge desk"
    IMPORT = "import", "A file"
    API = "api", "Another system"


def _total(queryset, field: str):
    """A sum over a pledge's parts as a subquery: never by joining, which would multiply."""
    summed = queryset.filter(pledge=OuterRef("pk")).order_by().values("pledge").annotate(total=Sum(field))
    return Coalesce(Subquery(summed.values("total")), 0)


class PledgeQuerySet(models.QuerySet):
    def visible_to(self, user) -> "PledgeQuerySet":
        """Staff all; the Commission what was verified; employers their own; schools what is offered to them."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member:
            return self
        if user.is_commission_member:
            return self.verified()
        if user.is_employer_member:
            return self.filter(employer=user.organisation_id)
        return self._offered_to(user.organisation)

    def _offered_to(self, provider) -> "PledgeQuerySet":
        mine = Exists(Allocation.objects.filter(pledge=OuterRef("pk"), provider=provider))
        through = Pledge.districts.through.objects.filter(pledge=OuterRef("pk"))
        here = Exists(through.filter(district__code=provider.district_id))
        return self.filter(mine | Q(status="open") & (here | ~Exists(through)))

    def verified(self) -> "PledgeQuerySet":
        """Pledges that were real, whatever came of them."""
        return self.filter(verified_on__isnull=False)

    def open(self) -> "PledgeQuerySet":
        """Verified and still to be kept; may be fulfilled already."""
        return self.filter(status=PledgeStatus.OPEN)

    def with_progress(self) -> "PledgeQuerySet":
        """Adds `allocated` (agreed, not yet delivered), `delivered`, `remaining` and `standing`.

        `standing` is the status that people see: an open pledge of which everything is delivered is fulfilled.
        """
        agreed = Allocation.objects.filter(status=AllocationStatus.AGREED)
        counted = self.annotate(allocated=_total(agreed, "quantity"), delivered=delivered_total())
        return counted.annotate(
            remaining=Greatest(F("current_quantity") - F("allocated") - F("delivered"), Value(0)),
            standing=Case(
                When(status="open", delivered__gte=F("current_quantity"), then=Value("fulfilled")),
                default=F("status"),
                output_field=models.CharField(),
            ),
        )

    def for_list(self) -> "PledgeQuerySet":
        """With all that a list or an API answer shows."""
        return self.with_progress().select_related("employer", "guild", "engagement").prefetch_related("districts")


class Pledge(Record):
    """An employer's promise. `quantity` is what was promised at first and stays; amendments move `current_quantity`."""

    reference = models.CharField(max_length=60, blank=True)
    employer = models.ForeignKey("guilds.Organisation", on_delete=models.PROTECT, related_name="pledges")
    guild = models.ForeignKey(
        "guilds.Guild", to_field="slug", null=True, blank=True, on_delete=models.PROTECT, related_name="pledges"
    )
    kind = models.CharField(max_length=20, choices=PledgeKind)
    quantity = models.PositiveIntegerField()
    current_quantity = models.PositiveIntegerField(editable=False)
    made_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    districts = models.ManyToManyField("guilds.District", blank=True, related_name="pledges")
    year_groups = models.JSONField(default=list, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    suits_send = models.BooleanField(default=False)
    suits_reengagement = models.BooleanField(default=False)
    suits_t_level = models.BooleanField(default=False)
    engagement = models.ForeignKey(
        "guilds.Engagement", null=True, blank=True, on_delete=models.PROTECT, related_name="pledges"
    )
    made_through = models.CharField(max_length=20, choices=MadeThrough, default=MadeThrough.COORDINATOR)
    contact = models.ForeignKey(
        "guilds.Contact", null=True, blank=True, on_delete=models.SET_NULL, related_name="pledges"
    )
    conditions = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=PledgeStatus, default=PledgeStatus.UNVERIFIED)
    status_reason = models.TextField(blank=True)
    verified_on = models.DateField(null=True, blank=True, editable=False)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reference"],
                condition=~Q(reference=""),
                name="pledge_reference_once",
                violation_error_message="Another pledge has this reference",
            ),
            models.CheckConstraint(
                name="pledge_of_something", condition=Q(quantity__gte=1), violation_error_message="Promise 1 or more"
            ),
            models.CheckConstraint(
                name="pledge_valid_after_made",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("made_on")),
                violation_error_message="It can't run out before it was made",
            ),
            models.CheckConstraint(
                name="pledge_fulfilled_is_not_stored",
                condition=~Q(status="fulfilled"),
                violation_error_message="Fulfilled follows from what was delivered",
            ),
            models.CheckConstraint(
                name="pledge_open_was_verified",
                condition=~Q(status__in=("open", "lapsed")) | Q(verified_on__isnull=False),
            ),
            models.CheckConstraint(
                name="pledge_ending_has_a_reason",
                condition=~Q(status__in=("withdrawn", "rejected")) | ~Q(status_reason=""),
                violation_error_message="Say why",
            ),
        ]
        indexes = [
            models.Index(fields=["-made_on", "-id"], name="pledge_by_made"),
            models.Index(fields=["guild", "made_on"], name="pledge_by_cell"),
            models.Index(fields=["status", "-made_on", "-id"], name="pledge_by_status"),
            models.Index(fields=["employer", "-made_on"], name="pledge_by_employer"),
            models.Index(fields=["status", "valid_until"], name="pledge_by_validity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.get_kind_display().lower()}"

    def audit_state(self) -> dict:
        """With the districts it is for."""
        codes = [] if self._state.adding else sorted(self.districts.values_list("code", flat=True))
        return super().audit_state() | {"districts": codes}


class AllocationStatus(models.TextChoices):
    REQUESTED = "requested", "Asked for"
    AGREED = "agreed", "Agreed"
    DELIVERED = "delivered", "Delivered"
    DECLINED = "declined", "Declined"
    RELEASED = "released", "Released"


ALLOCATION_LIFECYCLE = Lifecycle(
    "allocation",
    {
        "agree": step(["requested"], "agreed"),
        "decline": step(["requested"], "declined", needs_reason=True),
        "release": step(["requested", "agreed"], "released"),
        "deliver": step(["agreed"], "delivered"),
    },
)


class PledgePartQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff all, the employer that promised, the school or college concerned; not the Commission."""
        if not user.is_authenticated or user.is_commission_member:
            return self.none()
        if user.is_staff_member:
            return self
        field = "pledge__employer" if user.is_employer_member else self.provider_field
        return self.filter(**{field: user.organisation_id})


class AllocationQuerySet(PledgePartQuerySet):
    provider_field = "provider"


class Allocation(Record):
    """A part of a pledge asked for by, or offered to, a school or college."""

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="allocations")
    provider = models.ForeignKey("guilds.Organisation", on_delete=models.PROTECT, related_name="allocations")
    quantity = models.PositiveIntegerField()
    status = models.CharField(max_length=20, choices=AllocationStatus, default=AllocationStatus.REQUESTED)
    note = models.TextField(blank=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="allocation_of_something",
                condition=Q(quantity__gte=1),
                violation_error_message="Ask for 1 or more",
            )
        ]
        indexes = [models.Index(fields=["pledge", "status"], name="allocation_by_pledge")]


class DeliveryQuerySet(PledgePartQuerySet):
    provider_field = "allocation__provider"

    def happened(self) -> "DeliveryQuerySet":
        """Links to what really took place; counting.md, rule 1: a plan delivers nothing."""
        return self.filter(
            Q(placement__status__in=STARTED_STATUSES)
            | Q(apprenticeship__status__in=STARTED_STATUSES)
            | Q(engagement__status="delivered")
        )

    def with_quantity(self) -> "DeliveryQuerySet":
        """Adds `done`: learners, positions, or the number recorded for an engagement; and the day `done_on`."""
        return self.annotate(
            done=Coalesce(F("placement__learners"), F("apprenticeship__positions"), F("quantity")),
            done_on=Coalesce(F("placement__starts_on"), F("apprenticeship__starts_on"), F("engagement__starts_on")),
        )


class Delivery(Record):
    """The link from a pledge to what fulfilled it: one placement, apprenticeship or engagement.

    How many and when follow from what it links to; only an engagement needs a `quantity` of its own.
    """

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="deliveries")
    allocation = models.ForeignKey(
        Allocation, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    placement = models.OneToOneField(
        "guilds.Placement", null=True, blank=True, on_delete=models.PROTECT, related_name="delivery"
    )
    apprenticeship = models.OneToOneField(
        "guilds.Apprenticeship", null=True, blank=True, on_delete=models.PROTECT, related_name="delivery"
    )
    engagement = models.ForeignKey(
        "guilds.Engagement", null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    quantity = models.PositiveIntegerField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="delivery_of_one_thing",
                condition=Q(
                    placement__isnull=False, apprenticeship__isnull=True, engagement__isnull=True, quantity__isnull=True
                )
                | Q(
                    placement__isnull=True, apprenticeship__isnull=False, engagement__isnull=True, quantity__isnull=True
                )
                | Q(
                    placement__isnull=True,
                    apprenticeship__isnull=True,
                    engagement__isnull=False,
                    quantity__isnull=False,
                ),
                violation_error_message="Link one placement, one apprenticeship, or one engagement with a number",
            ),
            models.UniqueConstraint(
                fields=["pledge", "engagement"],
                condition=Q(engagement__isnull=False),
                name="delivery_by_engagement_once",
            ),
        ]


def delivered_total():
    """What was delivered on a pledge, for annotating pledges."""
    return _total(Delivery.objects.happened().with_quantity(), "done")


class AmendmentQuerySet(PledgePartQuerySet):
    provider_field = "pledge__allocations__provider"


class Amendment(Record):
    """An employer changed its mind after verification: dated, with a reason; the first promise stays on record."""

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="amendments")
    quantity_before = models.PositiveIntegerField()
    quantity_after = models.PositiveIntegerField()
    amended_on = models.DateField()
    reason = models.TextField()

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ["amended_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="amendment_has_a_reason", condition=~Q(reason=""), violation_error_message="Say why it was changed"
            )
        ]
