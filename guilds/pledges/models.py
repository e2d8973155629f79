"""Promises, the parts of them given to schools and colleges, and what fulfilled them."""

from datetime import date, timedelta
from functools import cache

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils.functional import cached_property

from guilds.audit.lifecycle import Lifecycle, step
from guilds.audit.models import Record
from guilds.opportunities.models import STARTED_STATUSES, Programme
from guilds.pledges.kinds import MadeThrough, PledgeKind, counted
from guilds.pledges.totals import TotalOfParts

#: What a pledge of a kind is fulfilled by: the field of a Delivery. All other kinds are fulfilled by engagements.
FULFILLED_BY = {PledgeKind.PLACEMENT: "placement", PledgeKind.APPRENTICESHIP: "apprenticeship"}


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


#: What is left to give of a pledge that is read `with_given`.
REMAINING = Greatest(F("current_quantity") - F("allocated") - F("delivered"), Value(0))
#: How long before its validity is over an open pledge is about to lapse.
LAPSING = timedelta(days=30)


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

    def about_to_lapse(self, today: date) -> "PledgeQuerySet":
        """Open, something still to be delivered, and its validity over within `LAPSING`."""
        return self.filter(valid_until__range=(today, today + LAPSING)).unfulfilled()

    def unmatched(self) -> "PledgeQuerySet":
        """Open, and nothing of it agreed with anybody or delivered."""
        parts = {"pledge": OuterRef("pk")}
        agreed = Allocation.objects.filter(**parts, status=AllocationStatus.AGREED)
        return self.open().filter(~Exists(agreed), ~Exists(Delivery.objects.happened().filter(**parts)))

    def asked_for(self) -> "PledgeQuerySet":
        """Open, with places that a school or college has asked for and nobody has answered yet."""
        asked = Allocation.objects.filter(pledge=OuterRef("pk"), status=AllocationStatus.REQUESTED)
        return self.open().filter(Exists(asked))

    def unfulfilled(self) -> "PledgeQuerySet":
        """Open, and less delivered than is promised now."""
        return self.open().alias(done_so_far=delivered_total()).filter(done_so_far__lt=F("current_quantity"))

    def with_given(self) -> "PledgeQuerySet":
        """Adds `allocated` (agreed, not yet delivered) and `delivered`: `remaining` and `standing` follow from them."""
        return self.annotate(allocated=_agreed_total(), delivered=delivered_total())

    def with_progress(self) -> "PledgeQuerySet":
        """Adds `remaining` and `standing` as well, for asking the database about them; see `Pledge.standing`."""
        return self.with_given().annotate(
            remaining=REMAINING,
            standing=Case(
                When(status="open", delivered__gte=F("current_quantity"), then=Value("fulfilled")),
                default=F("status"),
                output_field=models.CharField(),
            ),
        )

    def for_list(self) -> "PledgeQuerySet":
        """With all that a list shows of each."""
        return self.with_given().select_related("employer", "guild", "engagement")


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
    programme = models.CharField(max_length=30, choices=Programme, blank=True)
    #: The technical qualification area that it belongs to: a route of the apprenticeship standards.
    route = models.CharField(max_length=100, blank=True)
    #: When the places are, as far as the employer says; nothing to do with how long the promise runs.
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
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
                name="pledge_places_in_order",
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="The last day of the places must not be before the first",
            ),
            models.CheckConstraint(
                name="pledge_programme_of_placements",
                condition=Q(programme="") | Q(kind="placement"),
                violation_error_message="Only work placements have a programme: leave it empty",
            ),
            models.CheckConstraint(
                name="pledge_fulfilled_is_not_stored",
                condition=~Q(status="fulfilled"),
                violation_error_message="Fulfilled follows from what was delivered",
            ),
            models.CheckConstraint(
                name="pledge_open_was_verified",
                condition=~Q(status__in=("open", "lapsed")) | Q(verified_on__isnull=False),
                violation_error_message="Only a verified pledge is open or lapsed",
            ),
            models.CheckConstraint(
                name="pledge_unverified_was_not",
                condition=~Q(status__in=("unverified", "rejected")) | Q(verified_on__isnull=True),
                violation_error_message="A pledge that is not verified has no day on which it was",
            ),
            models.CheckConstraint(
                name="pledge_amended_once_verified",
                condition=Q(verified_on__isnull=False) | Q(current_quantity=F("quantity")),
                violation_error_message="Only a verified pledge is amended; change its quantity until then",
            ),
            models.CheckConstraint(
                name="pledge_still_of_something",
                condition=Q(current_quantity__gte=1),
                violation_error_message="Promise 1 or more; a pledge of nothing is withdrawn",
            ),
            models.CheckConstraint(
                name="pledge_ending_has_a_reason",
                condition=~Q(status__in=("withdrawn", "rejected")) | ~Q(status_reason=""),
                violation_error_message="Say why",
            ),
        ]
        indexes = [
            # How many have come how far: the board counts them by what they promise.
            models.Index(fields=["status", "current_quantity"], name="pledge_by_quantity"),
            models.Index(fields=["-made_on", "-id"], name="pledge_by_made"),
            models.Index(fields=["guild", "made_on"], name="pledge_by_cell"),
            models.Index(fields=["status", "-made_on", "-id"], name="pledge_by_status"),
            models.Index(fields=["employer", "-made_on"], name="pledge_by_employer"),
            models.Index(fields=["status", "valid_until"], name="pledge_by_validity"),
            models.Index(
                fields=["reference"],
                name="pledge_by_reference",
                condition=~Q(reference=""),
                opclasses=["varchar_pattern_ops"],
            ),
        ]

    #: What `with_given` adds.
    allocated: int
    delivered: int

    @cached_property
    def remaining(self) -> int:
        """What is left to give, of one that was read `with_given`."""
        return max(self.current_quantity - self.allocated - self.delivered, 0)

    @cached_property
    def standing(self) -> str:
        """The status that people see, of one that was read `with_given`: an open one all of which is delivered is fulfilled."""
        done = self.status == PledgeStatus.OPEN and self.delivered >= self.current_quantity
        return PledgeStatus.FULFILLED.value if done else self.status

    def __str__(self) -> str:
        return counted(self.quantity, self.kind)

    @property
    def promise(self) -> str:
        """What is promised by now, in words."""
        return counted(self.current_quantity, self.kind)

    def audit_state(self) -> dict:
        """With the districts it is for."""
        codes = [] if self._state.adding else sorted(self.districts.values_list("code", flat=True))
        return super().audit_state() | {"districts": codes}


class AllocationStatus(models.TextChoices):
    """What was decided about an allocation. `delivered` is never stored: it follows from what was delivered."""

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
    },
)


class PledgePartQuerySet(models.QuerySet):
    provider_field: str

    def visible_to(self, user):
        """Staff all, the employer that promised, the school or college concerned; not the Commission."""
        if not user.is_authenticated or user.is_commission_member:
            return self.none()
        if user.is_staff_member:
            return self
        if user.is_employer_member:
            return self.filter(pledge__employer=user.organisation_id)
        return self._of_provider(user.organisation_id)

    def _of_provider(self, organisation_id):
        return self.filter(**{self.provider_field: organisation_id})


class AllocationQuerySet(PledgePartQuerySet):
    provider_field = "provider"

    def with_done(self) -> "AllocationQuerySet":
        """Adds `done`, what was delivered of it: its `standing` follows."""
        return self.annotate(done=_done_total())

    def with_progress(self) -> "AllocationQuerySet":
        """Adds `outstanding` (agreed, not yet delivered) and `standing` as well, for asking the database about them."""
        agreed = Q(status=AllocationStatus.AGREED)
        return self.with_done().annotate(
            outstanding=Case(When(agreed, then=Greatest(F("quantity") - F("done"), Value(0))), default=Value(0)),
            standing=Case(
                When(agreed & Q(done__gte=F("quantity")), then=Value(AllocationStatus.DELIVERED.value)),
                default=F("status"),
                output_field=models.CharField(),
            ),
        )


class Allocation(Record):
    """A part of a pledge asked for by, or offered to, a school or college."""

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="allocations")
    provider = models.ForeignKey("guilds.Organisation", on_delete=models.PROTECT, related_name="allocations")
    request = models.ForeignKey(
        "guilds.Request", null=True, blank=True, on_delete=models.PROTECT, related_name="allocations"
    )
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
            ),
            models.CheckConstraint(
                name="allocation_delivered_is_not_stored",
                condition=~Q(status="delivered"),
                violation_error_message="Delivered follows from what is credited to it",
            ),
        ]
        indexes = [models.Index(fields=["pledge", "status"], name="allocation_by_pledge")]

    @cached_property
    def standing(self) -> str:
        """The status that people see, of one that was read `with_done`: an agreed one of which all is delivered is delivered."""
        kept = self.status == AllocationStatus.AGREED and self.done >= self.quantity  # type: ignore[attr-defined]
        return AllocationStatus.DELIVERED.value if kept else self.status

    @property
    def standing_label(self) -> str:
        """The standing in words."""
        return AllocationStatus(self.standing).label


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
        "guilds.Placement",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="delivery",
        error_messages={"unique": "This placement is credited to a pledge already"},
    )
    apprenticeship = models.OneToOneField(
        "guilds.Apprenticeship",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="delivery",
        error_messages={"unique": "This apprenticeship is credited to a pledge already"},
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
                violation_error_message="This engagement is credited to this pledge already: correct its number",
            ),
            models.CheckConstraint(
                name="delivery_of_something",
                condition=Q(quantity__isnull=True) | Q(quantity__gte=1),
                violation_error_message="Credit 1 or more",
            ),
        ]


@cache
def _agreed_total() -> TotalOfParts:
    """What was agreed of a pledge and not yet delivered."""
    return TotalOfParts(
        Allocation.objects.filter(status=AllocationStatus.AGREED).with_progress(), "outstanding", of="pledge"
    )


@cache
def delivered_total() -> TotalOfParts:
    """What was delivered on a pledge, for annotating pledges."""
    return TotalOfParts(Delivery.objects.happened().with_quantity(), "done", of="pledge")


@cache
def _done_total() -> TotalOfParts:
    """What was delivered of an allocation."""
    return TotalOfParts(Delivery.objects.happened().with_quantity(), "done", of="allocation")


class AmendmentQuerySet(PledgePartQuerySet):
    def _of_provider(self, organisation_id) -> "AmendmentQuerySet":
        """Once each, however many parts of the pledge the school or college has."""
        mine = Allocation.objects.filter(provider=organisation_id)
        return self.filter(pledge__in=mine.values("pledge"))


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
            ),
            models.CheckConstraint(
                name="amendment_changes_the_quantity",
                condition=~Q(quantity_after=F("quantity_before")),
                violation_error_message="That is what is promised already: give another number",
            ),
            models.CheckConstraint(
                name="amendment_to_something",
                condition=Q(quantity_after__gte=1),
                violation_error_message="Promise 1 or more; to promise nothing, withdraw the pledge",
            ),
        ]
