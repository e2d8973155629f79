"""What the records say: cells and presence of some slices, or of everything, straight from the tables.

Each function here is a rule of counting.md; nothing else decides what counts.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, Count, DateField, F, Func, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from guilds.engagement.models import (
    STAFF_KINDS,
    Answer,
    Attendance,
    Engagement,
    EngagementKind,
    Participation,
    Status,
)
from guilds.impact.slices import ENGAGEMENTS, OPPORTUNITIES, PLEDGES, Slice, chosen
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.models import COLLEGE_KINDS
from guilds.pledges.models import Pledge, PledgeKind, PledgeStatus, delivered_total

#: What becomes of pledges, by pledge kind: the parts of `pledge_conversion`.
CONVERSION = tuple(f"conversion_{part}" for part in ("pledged", "delivered", "open", "lapsed", "withdrawn"))

#: counting.md: the workplace's district; own, else the workplace's, else the employer's.
WORKPLACE_DISTRICT = ("district", "workplace__district", "employer__district")


class CellKey(NamedTuple):
    """Where a cell stands. Empty `guild`: county-wide; empty `district`: not known."""

    month: date
    guild: str
    district: str
    measure: str
    kind: str


class Amount(NamedTuple):
    """What is in a cell. `missing`: how many records have no number."""

    value: Decimal
    confirmed: Decimal = Decimal(0)
    missing: int = 0


class PresenceKey(NamedTuple):
    """An organisation that took part in what counts."""

    month: date
    guild: str
    district: str
    measure: str
    kind: str
    organisation: UUID


class Month(Func):
    """The first day of a day's month, computed by the database itself."""

    output_field = DateField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="date(%(expressions)s, 'start of month')", **context)

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="date_trunc('month', %(expressions)s)::date", **context)


def cells(family: str, slices: list[Slice]) -> dict[CellKey, Amount]:
    """The additive figures of slices of one family."""
    return {CellKey(*key): amount for key, amount in _CELLS[family](slices) if any(amount)}


def presence(family: str, slices: list[Slice]) -> set[PresenceKey]:
    """The organisations that took part, in slices of one family."""
    return set(_PRESENCE[family](slices))


def or_empty(*fields: str) -> Coalesce:
    """The first of some codes that there is; empty where there is none."""
    return Coalesce(*fields, Value(""), output_field=CharField())


def keyed(rows: QuerySet, *, day: str, guild: str, district: Iterable[str], kind: str | None = None) -> QuerySet:
    """Rows by the dimensions of a figure: `m`, `lead`, `place`, `sort`."""
    return rows.order_by().values(
        m=Month(F(day)), lead=or_empty(guild), place=or_empty(*district), sort=F(kind) if kind else Value("")
    )


def delivered_attendances() -> QuerySet[Attendance]:
    """Schools and colleges at what has happened."""
    return Attendance.objects.filter(engagement__status=Status.DELIVERED)


def encounters() -> QuerySet[Attendance]:
    """Schools and colleges at events that young people come to."""
    return delivered_attendances().exclude(engagement__kind__in=STAFF_KINDS)


def staff_trained() -> QuerySet[Attendance]:
    """Schools and colleges whose staff were trained."""
    return delivered_attendances().filter(engagement__kind=EngagementKind.STAFF_TRAINING)


def delivered_participations() -> QuerySet[Participation]:
    """Employers at what has happened."""
    return Participation.objects.filter(engagement__status=Status.DELIVERED)


class Opportunity(NamedTuple):
    """How a measure of placements or apprenticeships is counted: which of them, on which day, how many each."""

    records: Callable[[], QuerySet]
    day: str
    amount: str


OPPORTUNITY_MEASURES: dict[str, Opportunity] = {
    "placements_arranged": Opportunity(
        lambda: Placement.objects.exclude(status="cancelled"), "arranged_on", "learners"
    ),
    "placements_started": Opportunity(lambda: Placement.objects.started(), "starts_on", "learners"),
    "placements_completed": Opportunity(lambda: Placement.objects.filter(status="completed"), "ends_on", "learners"),
    "apprenticeships_created": Opportunity(
        lambda: Apprenticeship.objects.exclude(status="cancelled"), "opened_on", "positions"
    ),
    "apprenticeships_started": Opportunity(lambda: Apprenticeship.objects.started(), "starts_on", "positions"),
}

#: The measures of a characteristic, and the number that an attendance has for it.
CHARACTERISTIC_FIELDS = {
    "encounters_send": "send", "encounters_fsm": "fsm", "encounters_looked_after": "looked_after",
}  # fmt: skip

_Rows = Iterator[tuple[tuple, Amount]]


def _of_events(slices: list[Slice]) -> Q:
    return chosen(slices, "engagement__starts_on", "engagement__guild")


def _by_event(rows: QuerySet, district: str, *, by_kind: bool) -> QuerySet:
    kind = "engagement__kind" if by_kind else None
    return keyed(rows, day="engagement__starts_on", guild="engagement__guild", district=[district], kind=kind)


def _key(row: dict[str, Any], measure: str) -> tuple[date, str, str, str, str]:
    return row["m"], row["lead"], row["place"], measure, row["sort"]


def _sum(rows: QuerySet, field: str, measure: str, **more) -> _Rows:
    for row in rows.annotate(total=Sum(field), none=Count("pk", filter=Q(**{f"{field}__isnull": True})), **more):
        yield _key(row, measure), Amount(Decimal(row["total"] or 0), Decimal(row.get("sure") or 0), row["none"])


def _encounters(claimed: QuerySet) -> _Rows:
    """Encounters by kind, and of whom with which characteristic; all in one look."""
    more: dict[str, Any] = {"sure": Sum("learners", filter=Q(answer=Answer.CONFIRMED))}
    for field in CHARACTERISTIC_FIELDS.values():
        more |= {f"total_{field}": Sum(field), f"none_{field}": Count("pk", filter=Q(**{f"{field}__isnull": True}))}
    of_whom: dict[tuple, Amount] = {}
    rows = claimed.annotate(total=Sum("learners"), none=Count("pk", filter=Q(learners__isnull=True)), **more)
    for row in rows:
        yield _key(row, "encounters"), Amount(Decimal(row["total"] or 0), Decimal(row["sure"] or 0), row["none"])
        for measure, field in CHARACTERISTIC_FIELDS.items():
            key = _key(row | {"sort": ""}, measure)
            has = of_whom.get(key, Amount(Decimal(0)))
            amount = Decimal(row[f"total_{field}"] or 0)
            of_whom[key] = Amount(has.value + amount, missing=has.missing + row[f"none_{field}"])
    yield from of_whom.items()


def _engagement_cells(slices: list[Slice]) -> _Rows:
    events = Engagement.objects.delivered().filter(chosen(slices, "starts_on", "guild"))
    counted = keyed(events, day="starts_on", guild="guild", district=["district"], kind="kind")
    for row in counted.annotate(total=Count("pk")):
        yield _key(row, "engagements"), Amount(Decimal(row["total"]))
    claimed = _by_event(encounters().filter(_of_events(slices)), "provider__district", by_kind=True)
    yield from _encounters(claimed)
    trained = _by_event(staff_trained().filter(_of_events(slices)), "provider__district", by_kind=False)
    yield from _sum(trained, "staff", "staff_trained")
    brought = _by_event(delivered_participations().filter(_of_events(slices)), "engagement__district", by_kind=False)
    yield from _sum(brought, "hours", "volunteer_hours")
    yield from _sum(brought, "job_offers", "job_offers")


def _opportunity_cells(slices: list[Slice]) -> _Rows:
    for measure, (records, day, amount) in OPPORTUNITY_MEASURES.items():
        rows = records().filter(chosen(slices, day, "guild"))
        for row in keyed(rows, day=day, guild="guild", district=WORKPLACE_DISTRICT).annotate(total=Sum(amount)):
            yield _key(row, measure), Amount(Decimal(row["total"]))


def _pledge_cells(slices: list[Slice]) -> _Rows:
    amounts: dict[tuple, int] = {}
    pledges = Pledge.objects.verified().filter(chosen(slices, "made_on", "guild"))
    rows = keyed(pledges, day="made_on", guild="guild", district=["employer__district"], kind="kind")
    rows = rows.annotate(delivered=delivered_total())
    for row in rows.values("m", "lead", "place", "sort", "status", "quantity", "current_quantity", "delivered"):
        for measure, kind, amount in _of_pledge(row):
            key = row["m"], row["lead"], row["place"], measure, kind
            amounts[key] = amounts.get(key, 0) + amount
    return ((key, Amount(Decimal(amount))) for key, amount in amounts.items())


def _of_pledge(row: dict[str, Any]) -> Iterator[tuple[str, str, int]]:
    yield "pledges", "", 1
    if row["sort"] == PledgeKind.PLACEMENT:
        yield "placements_pledged", "", row["quantity"]
    elif row["sort"] == PledgeKind.APPRENTICESHIP:
        yield "apprenticeships_pledged", "", row["quantity"]
    outcome = what_became_of(row["status"], row["quantity"], row["current_quantity"], row["delivered"])
    for part, amount in outcome.items():
        yield f"conversion_{part}", row["sort"], amount


def what_became_of(status: str, quantity: int, current_quantity: int, delivered: int) -> dict[str, int]:
    """A verified pledge in its parts: what was delivered, and of the rest what is still open, lapsed or withdrawn.

    What an amendment took away is withdrawn. The four add up to what was pledged, or to what was delivered if that is
    more.
    """
    rest = max(quantity - delivered, 0)
    standing = 0 if status == PledgeStatus.WITHDRAWN else min(rest, max(current_quantity - delivered, 0))
    return {
        "pledged": quantity,
        "delivered": delivered,
        "open": standing if status == PledgeStatus.OPEN else 0,
        "lapsed": standing if status == PledgeStatus.LAPSED else 0,
        "withdrawn": rest - standing,
    }


def _engagement_presence(slices: list[Slice]) -> Iterator[PresenceKey]:
    came = _by_event(delivered_attendances().filter(_of_events(slices)), "provider__district", by_kind=True)
    yield from _providers(came, "provider")
    brought = delivered_participations().filter(_of_events(slices))
    yield from _employers(_by_event(brought, "employer__district", by_kind=True))


def _opportunity_presence(slices: list[Slice]) -> Iterator[PresenceKey]:
    """Those on which somebody started: their employers, and their schools, colleges and training providers."""
    for records, provider in ((Placement.objects, "provider"), (Apprenticeship.objects, "training_provider")):
        started = records.started().filter(chosen(slices, "starts_on", "guild"))
        yield from _employers(keyed(started, day="starts_on", guild="guild", district=["employer__district"]))
        taught = started.filter(**{f"{provider}__isnull": False})
        rows = keyed(taught, day="starts_on", guild="guild", district=[f"{provider}__district"])
        yield from _providers(rows, provider)


def _employers(rows: QuerySet) -> Iterator[PresenceKey]:
    for row in rows.annotate(who=F("employer")).distinct():
        yield PresenceKey(*_key(row, "employers"), row["who"])


def _providers(rows: QuerySet, field: str) -> Iterator[PresenceKey]:
    for row in rows.annotate(who=F(field), what=F(f"{field}__provider_kind")).distinct():
        measure = "colleges" if row["what"] in COLLEGE_KINDS else "schools"
        yield PresenceKey(*_key(row, measure), row["who"])


_CELLS = {ENGAGEMENTS: _engagement_cells, OPPORTUNITIES: _opportunity_cells, PLEDGES: _pledge_cells}
_PRESENCE = {
    ENGAGEMENTS: _engagement_presence, OPPORTUNITIES: _opportunity_presence, PLEDGES: lambda slices: iter(()),
}  # fmt: skip

#: The measures whose cells a family of records fills.
MEASURES_OF = {
    ENGAGEMENTS: (
        "engagements",
        "encounters",
        *CHARACTERISTIC_FIELDS,
        "staff_trained",
        "volunteer_hours",
        "job_offers",
    ),
    OPPORTUNITIES: tuple(OPPORTUNITY_MEASURES),
    PLEDGES: ("pledges", "placements_pledged", "apprenticeships_pledged", *CONVERSION),
}
