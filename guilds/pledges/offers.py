"""Pledges as schools and colleges look at them: what is on offer now, and what they have asked for of it."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from guilds.pledges.models import REMAINING, Allocation, AllocationStatus, Pledge, PledgeQuerySet

#: Parts that somebody waits for, or has.
_LIVE = (AllocationStatus.REQUESTED, AllocationStatus.AGREED)
#: What is read of an offer, and of a part of it.
_OF_AN_OFFER = (
    "reference", "employer__name", "guild__name", "kind", "current_quantity", "made_on", "valid_until", "starts_on", "ends_on",
    "level", "suits_send", "suits_reengagement", "suits_t_level", "programme", "route", "conditions", "status",
)  # fmt: skip
_OF_A_PART = ("pledge", "quantity", "status", "provider__name")


def on_offer(reader, *, on: date) -> PledgeQuerySet:
    """Open pledges that `reader` may see, not run out by a day, with something left to give.

    A school or college also keeps those of which it has asked for a part, or was given one, until they are over.
    """
    seen = Pledge.objects.visible_to(reader).open().filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
    left = Q(remaining__gt=0)
    if reader.is_school_member:
        left |= Q(pk__in=_parts(reader).filter(status__in=_LIVE).values("pledge"))
    return seen.with_given().alias(remaining=REMAINING).filter(left)


def with_parts(offers: PledgeQuerySet, reader) -> QuerySet[Pledge]:
    """With all that a list of offers shows; `parts` are those that `reader` may know of, whatever came of them."""
    parts = _parts(reader).with_done().select_related("provider").order_by("created_at", "id").only(*_OF_A_PART)
    with_names = offers.select_related("employer", "guild").only(*_OF_AN_OFFER)
    return with_names.prefetch_related(Prefetch("allocations", queryset=parts, to_attr="parts"))


def asked_for(offers: QuerySet[Pledge], reader, asked: bool) -> QuerySet[Pledge]:
    """Those of which a part was asked for or given, as far as `reader` may know; or all others."""
    live = Exists(_parts(reader).filter(pledge=OuterRef("pk"), status__in=_LIVE))
    return offers.filter(live if asked else ~live)


def within(offers: QuerySet[Pledge], *, first: date | None = None, last: date | None = None) -> QuerySet[Pledge]:
    """Offers whose places fall into some days, wholly or in part; one that does not say when may fit any day."""
    if first:
        offers = offers.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first))
    if last:
        offers = offers.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=last))
    return offers


def for_district(offers: QuerySet[Pledge], district) -> QuerySet[Pledge]:
    """Offers that a district's schools may use: those that name it, and those that name none."""
    named = Pledge.districts.through.objects.filter(pledge=OuterRef("pk"))
    return offers.filter(Exists(named.filter(district=district)) | ~Exists(named))


def _parts(reader):
    return Allocation.objects.visible_to(reader)
