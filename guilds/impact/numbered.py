"""Engagements by numbers, for adding up all of them.

The database joins and groups millions of rows several times as fast by small whole numbers as by the texts and days of wide
rows, and has them in memory at once. So everything that has happened gets its numbers first, in tables that are there until
all is counted. What becomes of the sums is tally.py's.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, IntegerField, QuerySet, SmallIntegerField, Value, When
from django.db.models.functions import Cast

from guilds.engagement.models import Answer, Attendance, Engagement, EngagementKind, Participation
from guilds.impact import tally
from guilds.impact.months import Month, MonthsFrom, taken, words_for
from guilds.impact.tally import Part
from guilds.impact.working_tables import Sql, rows_of, sql_of, table
from guilds.organisations.models import Organisation
from guilds.reference.models import District, Guild

#: `at`: in which month; `sort`: led by whom and of which kind; `place`: in which district.
_ENGAGEMENTS, _ORGANISATIONS, _SORTS = "numbered_engagement", "numbered_organisation", "numbered_sort"
_CONFIRMED = f"SUM(CASE WHEN answer = '{Answer.CONFIRMED.value}' THEN learners END) AS sum_confirmed"


class Numbers:
    """Which number stands for which month, guild, kind and district: their places in these lists."""

    def __init__(self, months: Sequence[date]) -> None:
        self.months = months
        self.guilds = ["", *Guild.objects.order_by("slug").values_list("slug", flat=True)]
        self.places = ["", *District.objects.order_by("code").values_list("code", flat=True)]
        self.kinds = EngagementKind.values
        self.sorts = [(guild, kind) for guild in self.guilds for kind in self.kinds]

    def engagements(self) -> QuerySet:
        """Everything that has happened."""
        at = _small(MonthsFrom(Month("starts_on"), self.months[0]))
        sort = _small(_number_of("guild", self.guilds) * len(self.kinds) + _number_of("kind", self.kinds))
        rows = Engagement.objects.delivered().order_by()
        return rows.annotate(at=at, sort=sort, place=self._place()).values("id", "at", "sort", "place")

    def organisations(self) -> QuerySet:
        """Where each organisation is."""
        return Organisation.objects.order_by().annotate(place=self._place()).values("id", "place")

    def said(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row with what its numbers stand for, as tally.py calls it."""
        guild, kind = self.sorts[row["sort"]]
        return row | {"m": self.months[row["at"]], "lead": guild, "sort": kind, "place": self.places[row["place"]]}

    def _place(self) -> Cast:
        return _small(_number_of("district", self.places))


@contextmanager
def numbered(months: Sequence[date]) -> Iterator[Numbers]:
    """With numbers of all engagements, which are all in these months."""
    numbers = Numbers(months)
    sorts = " UNION ALL ".join(f"SELECT {at} AS sort, %s AS guild, %s AS kind" for at in range(len(numbers.sorts)))
    with ExitStack() as tables:
        for name, rows in (
            (_ENGAGEMENTS, sql_of(numbers.engagements())),
            (_ORGANISATIONS, sql_of(numbers.organisations())),
            (_SORTS, Sql(sorts, [part for pair in numbers.sorts for part in pair])),
        ):
            tables.enter_context(table(name, rows, shared=True))
        yield numbers


def parts(numbers: Numbers) -> Iterator[Part]:
    """What is in the cells of all engagements."""
    for sums, cells_of in ((_held(), tally.of_held), (_came(), tally.of_came), (_brought(), tally.of_brought)):
        for row in rows_of(sums):
            yield from cells_of(numbers.said(row))


def there(numbers: Numbers) -> Sql:
    """Who was at engagements of which guild and kind, and in which months, as bits. Where an organisation belongs is looked up
    once for all of its rows.
    """
    sides = [_side(numbers, *side) for side in ((Attendance, "provider"), (Participation, "employer"))]
    return Sql(" UNION ALL ".join(side.text for side in sides), [value for side in sides for value in side.values])


def _held() -> Sql:
    return Sql(f"SELECT at, sort, place, COUNT(*) AS events FROM {_ENGAGEMENTS} GROUP BY at, sort, place")  # noqa: S608


def _came() -> Sql:
    return _added_up(Attendance, f"{_sums(tally.CAME)}, {_CONFIRMED}", "provider", "home.place")


def _brought() -> Sql:
    return _added_up(Participation, _sums(tally.BROUGHT), "employer", "event.place")


def _added_up(model: type[models.Model], sums: str, role: str, place: str) -> Sql:
    """Sums by month, sort and place: an event's own, or that of who was there (`home`)."""
    home = f" JOIN {_ORGANISATIONS} AS home ON home.id = {role}_id" if place.startswith("home") else ""
    named = f"SELECT at, sort, {place} AS place, {sums} FROM {_at(model)}{home}"  # noqa: S608
    return Sql(f"{named} GROUP BY at, sort, {place}")


def _at(model: type[models.Model]) -> str:
    """Rows of who was there, with the event's numbers."""
    return f"{model._meta.db_table} AS present JOIN {_ENGAGEMENTS} AS event ON event.id = engagement_id"


def _sums(fields: Sequence[str]) -> str:
    return ", ".join(f"SUM({field}) AS sum_{field}, COUNT(*) - COUNT({field}) AS no_{field}" for field in fields)


def _side(numbers: Numbers, model: type[models.Model], role: str) -> Sql:
    bits = ", ".join(f"{taken('at', word)} AS w{word}" for word in words_for(numbers.months))
    # By columns, not by what is computed of them: PostgreSQL must know beforehand how few groups there are to gather them in
    # several processes.
    alike = f"SELECT sort, {role}_id AS who, {bits} FROM {_at(model)} GROUP BY sort, {role}_id"  # noqa: S608
    known = tally.present(Organisation.objects.order_by(), role, themselves=True)
    homes = sql_of(known.values("who", "home", "measure"))
    said = "guild, home AS district, measure, kind, homes.who AS organisation_id"
    words = ", ".join(f"w{word}" for word in words_for(numbers.months))
    return Sql(
        f"SELECT {said}, {words} FROM ({alike}) AS alike JOIN ({homes.text}) AS homes ON homes.who = alike.who"  # noqa: S608
        f" JOIN {_SORTS} AS said ON said.sort = alike.sort",
        homes.values,
    )


def _small(number: Any) -> Cast:
    return Cast(number, SmallIntegerField())


def _number_of(field: str, codes: Sequence[str]) -> Case:
    """The place of a code in its list; none is zero."""
    places = (When(**{field: code}, then=Value(at)) for at, code in enumerate(codes) if code)
    return Case(*places, default=Value(0), output_field=IntegerField())
