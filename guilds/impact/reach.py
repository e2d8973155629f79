"""Which schools had an encounter and which had none: the rule of `coverage` and of the cold spots behind it.

The denominator: state-funded schools of Kent and Medway with young people of secondary age that are open on the last day of
the scope: secondary and all-through schools, special schools, and pupil referral units and alternative provision, but for
special schools and units that are known to be for younger children only (phase, or leaving before the age of twelve).
Independent schools, primary schools and colleges are not in it. A school that became an academy is one school; a merged record
is the one that it is in. Whether a school was open on a day is read from the days on which its register or its record says that
it was closed and opened, and from the day on which it took over from another; a school of which no such day is known has always
been there, and one that came in as closed, without its day, never.

The numerator: those of them with a delivered engagement or a started placement in the scope, from the presence table.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from guilds.audit.models import StatusChange
from guilds.impact.figures import Figure
from guilds.impact.lineage import Lineage
from guilds.impact.models import Presence
from guilds.impact.periods import Period
from guilds.impact.scopes import COUNTY_WIDE, EVERYWHERE, TOTAL, UNKNOWN, Scope
from guilds.impact.tally import Month, or_empty
from guilds.opportunities.models import Placement
from guilds.organisations.models import Organisation, ProviderKind, Status
from guilds.reference.calendars import local_day
from guilds.reference.models import OUTSIDE

#: State-funded schools that have young people of secondary age.
SECONDARY_KINDS = (ProviderKind.SECONDARY, ProviderKind.ALL_THROUGH, ProviderKind.SPECIAL, ProviderKind.PRU_AP)
#: Kinds of school of which some are for younger children only.
_ANY_AGE = (ProviderKind.SPECIAL, ProviderKind.PRU_AP)
_SECONDARY_FROM = 12
_SHUT = (Status.CLOSED, Status.ARCHIVED)


class School(NamedTuple):
    """A school that counts in the denominator."""

    pk: UUID
    district: str
    kind: str
    pupils: int | None


def secondary_age() -> Q:
    """Schools that count, wherever and whenever."""
    younger = Q(phase__icontains="primary") | Q(age_high__isnull=False, age_high__lt=_SECONDARY_FROM)
    return Q(is_provider=True, provider_kind__in=SECONDARY_KINDS) & ~(Q(provider_kind__in=_ANY_AGE) & younger)


@dataclass
class Schools:
    """The schools that could be reached, with what is needed to say of any day which of them there were."""

    lineage: Lineage
    rows: list[tuple[School, str]]
    #: By school, the days after `since` on which its record was shut or opened again, and what it had been until then.
    steps: dict[UUID, list[tuple[date, str]]]

    @classmethod
    def load(cls, scope: Scope = EVERYWHERE, *, since: date, only: Q | None = None) -> "Schools":
        """Those of a scope's district, in four queries. `since`: no earlier day is asked about; `only`: narrowed further."""
        found = Organisation.objects.filter(secondary_age(), only or Q(), merged_into__isnull=True)
        found = found.exclude(district__code=OUTSIDE).order_by("pk")
        if scope.place is not None:
            found = found.filter(district__code=scope.place) if scope.place else found.filter(district__isnull=True)
        fields = ("pk", "district_id", "provider_kind", "pupils", "status")
        rows = [
            (School(pk, place or "", kind, pupils), now) for pk, place, kind, pupils, now in found.values_list(*fields)
        ]
        return cls(Lineage.load(), rows, _steps(found, since))

    def open_on(self, day: date) -> dict[UUID, School]:
        """The schools that there were at the end of a day, each once, by what each counts as then."""
        not_yet = self.lineage.begun_later(day)
        found: dict[UUID, School] = {}
        for school, now in self.rows:
            if school.pk not in not_yet and self._status_on(school.pk, day, now) == Status.ACTIVE:
                known = self.lineage.identity(school.pk, day)
                if known not in found or known == school.pk:
                    found[known] = school
        return found

    def _status_on(self, pk: UUID, day: date, now: str) -> str:
        """What the first step after a day changed from."""
        return next((before for happened, before in self.steps.get(pk, ()) if happened > day), now)


def _steps(schools: QuerySet[Organisation], since: date) -> dict[UUID, list[tuple[date, str]]]:
    changed = StatusChange.objects.filter(
        Q(to_status__in=_SHUT) | Q(from_status__in=_SHUT) | Q(from_status=""),
        subject_type="organisation",
        happened_on__gt=since,
        subject_id__in=schools.order_by().values("pk"),
    )
    steps: dict[UUID, list[tuple[date, str]]] = defaultdict(list)
    fields = ("subject_id", "happened_on", "at", "from_status", "to_status")
    for pk, day, at, before, after in changed.order_by("happened_on", "at").values_list(*fields):
        if before:
            steps[pk].append((day, before))
        elif day != local_day(at):  # a register's day; else it is the day of the record, and says nothing of the school
            steps[pk].append((day, Status.ACTIVE if after in _SHUT else Status.CLOSED))
    return steps


def met(period: Period, scope: Scope = EVERYWHERE) -> QuerySet[Presence]:
    """Where and when schools had what counts for coverage.

    Presence without a kind is a placement's or an apprenticeship's; a school that only taught apprentices met nobody.
    """
    rows = Presence.objects.filter(measure="schools", month__gte=period.start, month__lte=period.end).order_by()
    rows = rows if scope.lead is None else rows.filter(guild=scope.lead)
    if scope.kind:
        return rows.filter(kind=scope.kind)
    placed = Placement.objects.started().filter(provider=OuterRef("organisation"))
    placed = placed.annotate(lead=or_empty("guild"), first=Month(F("starts_on")))
    return rows.filter(~Q(kind="") | Exists(placed.filter(lead=OuterRef("guild"), first=OuterRef("month"))))


class Coverage:
    """Of the schools of a period and scope, those that were reached: by the keys of one dimension and in total."""

    def __init__(self, period: Period, by: str, scope: Scope = EVERYWHERE, *, only: Q | None = None) -> None:
        self._by, self._period = by, period
        self._months = {month.start: month for month in period.months()}
        self._all = Schools.load(scope, since=period.start, only=only)
        #: Those that there were on the last day, by what they count as.
        self.schools = self._all.open_on(period.end)
        #: What those count as that were reached, by key.
        self.reached = self._reached(met(period, scope))

    def figure(self, key: str) -> Figure:
        """The share of one key, with both of its numbers; nothing over zero is not applicable."""
        there = self._there(key)
        reached, possible = len(self.reached.get(key, set()) & there), len(there)
        return Figure(reached / possible if possible else None, adds_up=False, numerator=reached, denominator=possible)

    def school(self, who: UUID) -> School | None:
        """The school that an organisation counts as; None for one that is not among them."""
        return self.schools.get(self._all.lineage.identity(who, self._period.end))

    def unreached(self) -> list[School]:
        """The cold spots: those that nothing reached."""
        return [school for who, school in self.schools.items() if who not in self.reached[TOTAL]]

    def _there(self, key: str) -> set[UUID]:
        if key != TOTAL and self._by == "month":
            return set(self._all.open_on(next(m.end for m in self._months.values() if m.slug == key)))
        if key != TOTAL and self._by == "district":
            return {who for who, school in self.schools.items() if (school.district or UNKNOWN) == key}
        return set(self.schools)

    def _reached(self, rows: QuerySet[Presence]) -> dict[str, set[UUID]]:
        found: dict[str, set[UUID]] = defaultdict(set)
        identity, last = self._all.lineage.identity, self._period.end
        column = self._by if self._by in ("guild", "kind", "month") else "measure"
        for key, who in rows.values_list(column, "organisation").distinct():
            known = identity(who, last)
            found[TOTAL].add(known)
            if self._by == "month":
                month = self._months[key]
                found[month.slug].add(identity(who, month.end))
            elif self._by == "district" and known in self.schools:
                found[self.schools[known].district or UNKNOWN].add(known)
            elif self._by in ("guild", "kind"):
                found[key or COUNTY_WIDE].add(known)
        return found
