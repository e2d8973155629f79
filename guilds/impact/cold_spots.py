"""Coverage laid out for people: districts, kinds of school and guilds as "13 of 13", and the schools that were left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, DateField, Q, Value, When

from guilds.engagement.models import STAFF_KINDS
from guilds.impact import tally
from guilds.impact.contact import SCHOOLS, last_months
from guilds.impact.periods import Period
from guilds.impact.reach import SECONDARY_KINDS, Coverage, School
from guilds.impact.scopes import TOTAL, UNKNOWN, Places, Scope
from guilds.organisations.models import Organisation, OrganisationQuerySet

#: Before every month: schools that were never met come first.
NEVER_MET = date(1900, 1, 1)
#: Encounters with employers, and experiences of workplaces.
ENCOUNTERS, WORKPLACES = 5, 6


class Share(NamedTuple):
    """Some of how many: "13 of 13". None of none is not applicable."""

    reached: int
    there: int

    @property
    def left_out(self) -> int:
        """The cold spots."""
        return self.there - self.reached


class Line(NamedTuple):
    """A row of a table: a share for each kind of school, and of all of them."""

    key: str
    label: str
    kinds: list[tuple[str, Share]]
    all: Share


class Offered(NamedTuple):
    """A year group: how many of the schools it was offered at, at anything, and at what serves benchmarks 5 and 6."""

    year_group: str
    schools: int
    encounters: int
    workplaces: int


@dataclass
class ColdSpots:
    """The coverage of a period and scope, among the schools that `only` leaves."""

    period: Period
    scope: Scope
    only: Q

    def __post_init__(self) -> None:
        self._found = Coverage(self.period, "guild", self.scope, only=self.only)
        self._places = Places()

    @property
    def total(self) -> Share:
        """Of all schools."""
        return self._share(self._found.schools.items(), TOTAL)

    def pupils(self) -> tuple[int, int]:
        """Pupils of the schools that were left out, and of how many of those nobody has said how many there are."""
        known = [school.pupils for school in self._found.unreached()]
        return sum(number or 0 for number in known), sum(number is None for number in known)

    def districts(self) -> list[Line]:
        """By the school's district; those without schools are left out."""
        named = [*sorted(self._places.districts.items(), key=lambda row: row[1]), (UNKNOWN, "Not known")]
        of = {
            code: [(w, s) for w, s in self._found.schools.items() if (s.district or UNKNOWN) == code]
            for code, _ in named
        }
        return [self._line(code, name, of[code], TOTAL) for code, name in named if of[code]]

    def guilds(self) -> list[Line]:
        """By who led what reached them, each of all schools: the rows don't add up."""
        rows = self._places.rows("guild", self.period, set(self._found.reached))
        return [self._line(slug, name, self._found.schools.items(), slug) for slug, name in rows]

    def all_kinds(self) -> Line:
        """All of them."""
        return self._line(TOTAL, "All", self._found.schools.items(), TOTAL)

    def schools(self, reader: Any) -> OrganisationQuerySet:
        """The schools that were left out, with the month in which each was last met until the period's end."""
        left_out = [school.pk for school in self._found.unreached()]
        met: dict[date, list[UUID]] = {}
        for school, month in self._last_met().items():
            met.setdefault(month, []).append(school)
        return Organisation.objects.visible_to(reader).filter(pk__in=left_out).annotate(
            last_met=Case(
                *(When(pk__in=schools, then=Value(month)) for month, schools in met.items()),
                default=Value(NEVER_MET), output_field=DateField(),
            )
        )  # fmt: skip

    def year_groups(self) -> list[Offered]:
        """By year group, as far as it is known who came. What is offered to a year group is not what each of it has met."""
        rows = tally.delivered_attendances().exclude(engagement__kind__in=STAFF_KINDS).exclude(year_group="")
        rows = rows.filter(engagement__starts_on__gte=self.period.start, engagement__starts_on__lte=self.period.end)
        led = {"engagement__guild": self.scope.lead} if self.scope.lead else {"engagement__guild__isnull": True}
        rows = rows if self.scope.lead is None else rows.filter(**led)
        rows = rows.filter(engagement__kind=self.scope.kind) if self.scope.kind else rows
        at: dict[str, tuple[set, set, set]] = {}
        fields = ("year_group", "provider", "engagement__gatsby_benchmarks")
        for year_group, who, serves in rows.order_by().values_list(*fields):
            school = self._found.school(who)
            anything, encounters, workplaces = at.setdefault(year_group, (set(), set(), set()))
            for wanted, schools in ((None, anything), (ENCOUNTERS, encounters), (WORKPLACES, workplaces)):
                if school and (wanted is None or wanted in serves):
                    schools.add(school.pk)
        known = sorted(at, key=lambda name: (len(name), name))
        return [Offered(name, *map(len, at[name])) for name in known if at[name][0]]

    def _last_met(self) -> dict[UUID, date]:
        found: dict[UUID, date] = {}
        for who, month in last_months(SCHOOLS, until=self.period.end).items():
            school = self._found.school(who)
            if school:
                found[school.pk] = max(month, found.get(school.pk, month))
        return found

    def _line(self, key: str, label: str, schools: Iterable[tuple[UUID, School]], reached: str) -> Line:
        listed = list(schools)
        kinds = [
            (kind.value, self._share([(w, s) for w, s in listed if s.kind == kind], reached))
            for kind in SECONDARY_KINDS
        ]
        return Line(key, label, kinds, self._share(listed, reached))

    def _share(self, schools: Iterable[tuple[UUID, School]], reached: str) -> Share:
        listed = [who for who, _ in schools]
        return Share(len(self._found.reached.get(reached, set()).intersection(listed)), len(listed))
