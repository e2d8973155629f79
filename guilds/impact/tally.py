"""What the records say: cells and presence of some slices, or of everything, straight from the tables.

Each function here is a rule of counting.md; nothing else decides what counts.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, Value, When
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
from guilds.impact.months import Month
from guilds.impact.slices import ENGAGEMENTS, OPPORTUNITIES, PLEDGES, Slice, as_day, chosen
from guilds.opportunities.models import (
    STARTED_STATUSES,
    Apprenticeship,
    ApprenticeshipStatus,
    Placement,
    PlacementStatus,
)
from guilds.organisations.models import COLLEGE_KINDS
from guilds.pledges.models import Delivery, Pledge, PledgeKind, PledgeStatus

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


class Counted(NamedTuple):
    """What the records of a family say: its additive figures, and the organisations that took part."""

    cells: dict[CellKey, Amount]
    presence: set[PresenceKey]


def count(family: str, slices: list[Slice]) -> Counted:
    """The figures of slices of one family."""
    amounts, presence = _COUNTS[family](slices)
    return Counted(added_up(amounts), set(presence))


def added_up(amounts: Iterable["Part"]) -> dict[CellKey, Amount]:
    """Cells from their parts; a cell of nothing is none."""
    found: dict[tuple, list] = {}
    for key, amount in amounts:
        has = found.setdefault(key, [Decimal(0), Decimal(0), 0])
        for place, number in enumerate(amount):
            has[place] += number
    return {CellKey(*key): Amount(*has) for key, has in found.items() if any(has)}


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

    model: type[Placement] | type[Apprenticeship]
    statuses: frozenset[str]
    day: str
    amount: str

    def records(self) -> QuerySet:
        """All that count, on whatever day."""
        return self.model._default_manager.filter(status__in=sorted(self.statuses))


_PLANNED = frozenset(PlacementStatus.values) - {PlacementStatus.CANCELLED}
_OPENED = frozenset(ApprenticeshipStatus.values) - {ApprenticeshipStatus.CANCELLED}
_STARTED = frozenset(STARTED_STATUSES)
_COMPLETED = frozenset({PlacementStatus.COMPLETED.value})
OPPORTUNITY_MEASURES: dict[str, Opportunity] = {
    "placements_arranged": Opportunity(Placement, _PLANNED, "arranged_on", "learners"),
    "placements_started": Opportunity(Placement, _STARTED, "starts_on", "learners"),
    "placements_completed": Opportunity(Placement, _COMPLETED, "ends_on", "learners"),
    "apprenticeships_created": Opportunity(Apprenticeship, _OPENED, "opened_on", "positions"),
    "apprenticeships_started": Opportunity(Apprenticeship, _STARTED, "starts_on", "positions"),
}

#: The measures of a characteristic, and the number that an attendance has for it.
CHARACTERISTIC_FIELDS = {
    "encounters_send": "send", "encounters_fsm": "fsm", "encounters_looked_after": "looked_after",
}  # fmt: skip

#: A part of a cell: its key, and what is added to it.
Part = tuple[tuple, Amount]
#: What is added up of the parts of engagements; and of how many it is not known.
CAME = ("learners", *CHARACTERISTIC_FIELDS.values(), "staff")
BROUGHT = ("hours", "job_offers")


def held(slices: list[Slice]) -> QuerySet:
    """How many engagements there were: rows of `m`, `lead`, `place`, `sort`, `events`."""
    events = Engagement.objects.delivered().filter(chosen(slices, "starts_on", "guild"))
    rows = keyed(events, day="starts_on", guild="guild", district=["district"], kind="kind")
    return rows.annotate(events=Count("pk"))


def came(slices: list[Slice]) -> QuerySet:
    """What schools and colleges came to: `sum_` and `no_` of CAME, the latter being how many rows have none.

    `place` is the district of the school or college.
    """
    rows = _by_event(_of_slices(delivered_attendances(), slices), "provider__district")
    return rows.annotate(**_sums(*CAME), sum_confirmed=Sum("learners", filter=Q(answer=Answer.CONFIRMED)))


def brought(slices: list[Slice]) -> QuerySet:
    """What employers brought to engagements: `sum_` and `no_` of BROUGHT; `place` is the event's district."""
    rows = _by_event(_of_slices(delivered_participations(), slices), "engagement__district")
    return rows.annotate(**_sums(*BROUGHT))


def present(rows: QuerySet, role: str, *, themselves: bool = False) -> QuerySet:
    """Who was at engagements as `provider` or `employer`: adds `who`, `home`, its own district, and `measure`, the distinct
    one that counts it. `themselves`: the rows are the organisations.
    """
    to = "" if themselves else f"{role}__"
    college = When(**{f"{to}provider_kind__in": COLLEGE_KINDS}, then=Value("colleges"))
    measure = Case(college, default=Value("schools"), output_field=CharField())
    own = {"who": F("pk" if themselves else role), "home": or_empty(f"{to}district")}
    return rows.annotate(**own, measure=measure if role == "provider" else Value("employers"))


def _of_slices(rows: QuerySet, slices: list[Slice]) -> QuerySet:
    return rows.filter(chosen(slices, "engagement__starts_on", "engagement__guild"))


def _by_event(rows: QuerySet, district: str) -> QuerySet:
    return keyed(
        rows, day="engagement__starts_on", guild="engagement__guild", district=[district], kind="engagement__kind"
    )


def _sums(*fields: str) -> dict[str, Any]:
    """Sums under names of their own: an annotation may not be called as a column of its table is."""
    sums: dict[str, Any] = {f"sum_{field}": Sum(field) for field in fields}
    return sums | {f"no_{field}": Count("pk", filter=Q(**{f"{field}__isnull": True})) for field in fields}


def of_held(row: dict[str, Any]) -> Iterator[Part]:
    """The cells that a row of `held` is in."""
    yield _key(row, "engagements"), Amount(Decimal(row["events"]))


def of_came(row: dict[str, Any]) -> Iterator[Part]:
    """The cells that a row of `came` is in: young people at their events, staff at a training."""
    overall = row | {"sort": ""}
    if row["sort"] not in STAFF_KINDS:
        yield _key(row, "encounters"), _amount(row, "learners", sure="confirmed")
        for measure, field in CHARACTERISTIC_FIELDS.items():
            yield _key(overall, measure), _amount(row, field)
    elif row["sort"] == EngagementKind.STAFF_TRAINING:
        yield _key(overall, "staff_trained"), _amount(row, "staff")


def of_brought(row: dict[str, Any]) -> Iterator[Part]:
    """The cells that a row of `brought` is in."""
    overall = row | {"sort": ""}
    yield _key(overall, "volunteer_hours"), _amount(row, "hours")
    yield _key(overall, "job_offers"), _amount(row, "job_offers")


def _key(row: dict[str, Any], measure: str) -> tuple[date, str, str, str, str]:
    return row["m"], row["lead"], row["place"], measure, row["sort"]


def _amount(row: dict[str, Any], field: str, sure: str = "") -> Amount:
    confirmed = _number(row[f"sum_{sure}"]) if sure else Decimal(0)
    return Amount(_number(row[f"sum_{field}"]), confirmed, int(row[f"no_{field}"]))


def _number(total: Any) -> Decimal:
    """A sum to one decimal: SQLite adds up in floating point."""
    return Decimal(str(round(total, 1))) if isinstance(total, float) else Decimal(total or 0)


def _engagements(slices: list[Slice]) -> tuple[list[Part], set[PresenceKey]]:
    parts: list[Part] = []
    there: set[PresenceKey] = set()
    for row in held(slices):
        parts += of_held(row)
    for rows, cells_of, who in ((came(slices), of_came, "provider"), (brought(slices), of_brought, "employer")):
        for row in present(rows, who):
            parts += cells_of(row)
            there.add(PresenceKey(row["m"], row["lead"], row["home"], row["measure"], row["sort"], row["who"]))
    return parts, there


def _opportunities(slices: list[Slice]) -> tuple[Iterator[Part], Iterator[PresenceKey]]:
    return _opportunity_cells(slices), _opportunity_presence(slices)


def _opportunity_cells(slices: list[Slice]) -> Iterator[Part]:
    for slug, measure in OPPORTUNITY_MEASURES.items():
        rows = measure.records().filter(chosen(slices, measure.day, "guild"))
        cells = keyed(rows, day=measure.day, guild="guild", district=WORKPLACE_DISTRICT)
        for row in cells.annotate(total=Sum(measure.amount)):
            yield _key(row, slug), Amount(Decimal(row["total"]))


def _pledges(slices: list[Slice]) -> tuple[Iterator[Part], tuple[()]]:
    return _pledge_cells(slices), ()


def _pledge_cells(slices: list[Slice]) -> Iterator[Part]:
    pledges = Pledge.objects.verified().filter(chosen(slices, "made_on", "guild"))
    rows = keyed(pledges, day="made_on", guild="guild", district=["employer__district"], kind="kind")
    each, some = rows.values(
        "m", "lead", "place", "sort", "status", "quantity", "current_quantity", "pk"
    ).query.sql_with_params()
    theirs = Delivery.objects.happened().with_quantity().filter(pledge__in=pledges.order_by().values("pk"))
    given, more = theirs.order_by().values("pledge").annotate(delivered=Sum("done")).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_WHAT_BECAME_OF.format(each=each, given=given), (*some, *more))
        for month, lead, place, kind, number, *sums in cursor.fetchall():
            row = {"m": as_day(month), "lead": lead, "place": place, "sort": ""}
            for measure, amount in {"pledges": number, _PLEDGED.get(kind, ""): sums[0]}.items():
                if measure:
                    yield _key(row, measure), Amount(Decimal(amount))
            for measure, amount in zip(CONVERSION, sums, strict=True):
                yield _key(row | {"sort": kind}, measure), Amount(Decimal(amount))


#: The measures of what was promised, by kind.
_PLEDGED = {
    PledgeKind.PLACEMENT: "placements_pledged",
    PledgeKind.APPRENTICESHIP: "apprenticeships_pledged",
}
#: A verified pledge in its parts: what was delivered, and of the rest what is still open, lapsed or withdrawn. What an
#: amendment took away is withdrawn. The four add up to what was pledged, or to what was delivered if that is more.
_WHAT_BECAME_OF = f"""
SELECT m, lead, place, sort, COUNT(*), SUM(quantity), SUM(done),
    SUM(CASE WHEN status = '{PledgeStatus.OPEN.value}' THEN standing ELSE 0 END),
    SUM(CASE WHEN status = '{PledgeStatus.LAPSED.value}' THEN standing ELSE 0 END),
    SUM(rest - standing)
FROM (
    SELECT m, lead, place, sort, status, quantity, done,
        CASE WHEN quantity > done THEN quantity - done ELSE 0 END AS rest,
        CASE WHEN status = '{PledgeStatus.WITHDRAWN.value}' OR wanted <= done THEN 0 ELSE wanted - done END AS standing
    FROM (
        SELECT m, lead, place, sort, status, quantity, COALESCE(delivered, 0) AS done,
            CASE WHEN current_quantity < quantity THEN current_quantity ELSE quantity END AS wanted
        FROM ({{each}}) AS promised LEFT JOIN ({{given}}) AS given ON given.pledge = promised.pk
    ) AS pledge
) AS parts
GROUP BY m, lead, place, sort
"""  # noqa: S608 - our own names and words


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


_COUNTS = {ENGAGEMENTS: _engagements, OPPORTUNITIES: _opportunities, PLEDGES: _pledges}

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
