"""How public bodies stand against the public-sector apprenticeship target.

The definition: of the headcount of a public body, 2.3% should start an apprenticeship in each financial year (1 April to
31 March), on average over the years of the target. Source: Enterprise Act 2016, and the Public Sector Apprenticeship Targets
Regulations 2017 (SI 2017/513), which bind bodies in England with 250 staff or more; the county's strategy for 2017-2020 takes
the same share as its own aim, for the council and for its schools of any size (indicators 14 and 15).

The headcount is the one on record, as it stands now. A target is rounded up to whole people for each body, so that the sum of
the targets is the target of all. A start counts on its first day, whatever came after. Progress is not capped: who does more
than asked is shown so; what is left to do never makes up for somebody else.
"""

from datetime import date
from typing import NamedTuple

from django.db.models import F, IntegerField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from guilds.opportunities.models import Apprenticeship
from guilds.organisations.models import Organisation, OrganisationQuerySet

#: Of a thousand staff, how many should start in a year; and from how many staff on the law asks for it.
PER_THOUSAND, BOUND_FROM = 23, 250


class PublicSectorTarget(NamedTuple):
    """Starts that public bodies should have in a year, and those that they had; `since` is the year's first day."""

    wanted: int
    started: int
    since: date


class AllTogether(NamedTuple):
    """The sums of the rows of a table."""

    bodies: int
    headcount: int
    wanted: int
    started: int
    missing: int


def bound_by_law() -> Q:
    """Those that the regulations bind, as far as their headcount says."""
    return Q(headcount__gte=BOUND_FROM)


def public_bodies(reader, *, year: tuple[date, date]) -> OrganisationQuerySet:
    """Employers with a headcount that `reader` may see, with `wanted`, `started` and `missing` for a financial year.

    `year`: its first and last day. A headcount is given for public bodies only: that is what marks one.
    """
    begun = Apprenticeship.objects.visible_to(reader).started().filter(employer=OuterRef("pk"), starts_on__range=year)
    starts = begun.order_by().values("employer").annotate(total=Sum("positions")).values("total")
    bodies = Organisation.objects.visible_to(reader).employers().filter(headcount__gt=0, merged_into__isnull=True)
    return bodies.annotate(
        wanted=(F("headcount") * PER_THOUSAND + Value(999)) / Value(1000),
        started=Coalesce(Subquery(starts, output_field=IntegerField()), 0),
    ).annotate(missing=Greatest(F("wanted") - F("started"), Value(0)))


def all_together(bodies: OrganisationQuerySet) -> AllTogether:
    """The sums over some of them, read by `public_bodies`."""
    rows = bodies.order_by().values_list("headcount", "wanted", "started", "missing")
    sums = [sum(column) for column in zip(*rows, strict=True)] or [0] * 4
    return AllTogether(len(rows), *sums)


def public_sector_target(employer: Organisation, *, reader, year: tuple[date, date]) -> PublicSectorTarget | None:
    """How one employer stands; None if nobody has given its headcount."""
    if not employer.headcount:
        return None
    found = public_bodies(reader, year=year).filter(pk=employer.pk).values_list("wanted", "started").first()
    return PublicSectorTarget(found[0], found[1], year[0]) if found else None
