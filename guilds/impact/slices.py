"""Slices: the parts of the figures that are counted as one. Which of them a change touches, before and after."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.dateparse import parse_date

from guilds.audit.models import Event
from guilds.engagement.models import Engagement
from guilds.engagement.models import Status as EngagementStatus
from guilds.impact.lineage import Lineage
from guilds.impact.models import Presence
from guilds.impact.periods import academic_year, financial_year
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.pledges.models import Delivery, Pledge
from guilds.reference.calendars import add_months, first_of_month

ENGAGEMENTS, OPPORTUNITIES, PLEDGES = "engagements", "opportunities", "pledges"
#: Slices of records are counted from records; all others are a year of a distinct measure, counted from presence.
RECORD_FAMILIES = (ENGAGEMENTS, OPPORTUNITIES, PLEDGES)

#: The days that put a placement or apprenticeship into a month.
OPPORTUNITY_DAYS = ("arranged_on", "opened_on", "starts_on", "ends_on")

#: A change of these alone moves what an organisation took part in to another district or measure.
_PLACING = ("district_id", "provider_kind")
#: Where an organisation stands in what counts, by field.
_IN_ENGAGEMENTS = ("attendances__provider", "participations__employer")
_IN_PLACEMENTS = ("employer", "workplace", "provider")
_IN_APPRENTICESHIPS = ("employer", "workplace", "training_provider")
_CHUNK = 500


@dataclass(frozen=True, order=True)
class Slice:
    """A month and lead guild (empty: county-wide) of a family of records; or the year that begins in `month`.

    A distinct measure's academic year begins in September, its financial year in April; its `guild` is empty.
    """

    family: str
    month: date
    guild: str = ""


def chosen(slices: Iterable[Slice], day: str, guild: str) -> Q:
    """Records whose `day` and `guild` put them into one of the slices."""
    guilds: dict[date, set[str]] = defaultdict(set)
    for piece in slices:
        guilds[piece.month].add(piece.guild)
    months: dict[frozenset[str], list[date]] = defaultdict(list)
    for month, leads in guilds.items():
        months[frozenset(leads)].append(month)
    found = Q(pk__in=[])
    for some, starts in months.items():
        led = Q(**{f"{guild}__in": sorted(some - {""})}) | (Q(**{f"{guild}__isnull": True}) if "" in some else Q())
        found |= led & _in_months(day, sorted(starts))
    return found


def touched(events: Iterable[Event]) -> set[Slice]:
    """The slices that changes touch, as the records were before and as they are after."""
    return _Touched().read(events)


def years_of(measure: str, month: date) -> list[Slice]:
    """The academic and the financial year of a distinct measure that a month is in."""
    return [Slice(measure, academic_year(month).start), Slice(measure, financial_year(month).start)]


def _in_months(day: str, months: list[date]) -> Q:
    """One range for each run of months without a gap."""
    found, start = Q(), months[0]
    for month, following in zip(months, [*months[1:], date.max], strict=True):
        after = add_months(month, 1)
        if after != following:
            found |= Q(**{f"{day}__gte": start, f"{day}__lt": after})
            start = following
    return found


class _Touched:
    """Gathers slices from events, and looks up together what the events themselves don't say."""

    def __init__(self) -> None:
        self.slices: set[Slice] = set()
        self.fulfilling: dict[str, set[UUID]] = defaultdict(set)
        self.pledges: set[UUID] = set()
        self.placed: set[UUID] = set()
        self.kin: set[UUID] = set()

    def read(self, events: Iterable[Event]) -> set[Slice]:
        for event in events:
            reader = getattr(self, f"_read_{event.subject_type}", None)
            if reader:
                reader(event)
        for field, ids in self.fulfilling.items():
            for chunk in _chunks(ids):
                links = Delivery.objects.filter(**{f"{field}__in": chunk})
                self._add(PLEDGES, links.values_list("pledge__made_on", "pledge__guild").distinct())
        for chunk in _chunks(self.pledges):
            self._add(PLEDGES, Pledge.objects.filter(pk__in=chunk).values_list("made_on", "guild").distinct())
        for chunk in _chunks(self.placed):
            self._look_up_placed(chunk)
        if self.kin:
            self._look_up_kin()
        return self.slices

    def _add(self, family: str, rows: Iterable[tuple[Any, Any]]) -> None:
        for day, guild in rows:
            if day:
                self.slices.add(Slice(family, first_of_month(as_day(day)), guild or ""))

    def _read_engagement(self, event: Event) -> None:
        states = [s for s in _states(event) if s["status"] == EngagementStatus.DELIVERED]
        self._add(ENGAGEMENTS, ((s["starts_on"], s["guild_id"]) for s in states))
        if states:
            self.fulfilling["engagement"].add(event.subject_id)

    def _read_placement(self, event: Event) -> None:
        for state in _states(event):
            self._add(OPPORTUNITIES, ((state.get(day), state["guild_id"]) for day in OPPORTUNITY_DAYS))
        self.fulfilling[event.subject_type].add(event.subject_id)

    _read_apprenticeship = _read_placement

    def _read_pledge(self, event: Event) -> None:
        self._add(PLEDGES, ((s["made_on"], s["guild_id"]) for s in _states(event)))

    def _read_delivery(self, event: Event) -> None:
        self.pledges.update(UUID(s["pledge_id"]) for s in _states(event))

    def _read_organisation(self, event: Event) -> None:
        """A new organisation is nowhere yet; one that moved takes what it took part in along."""
        if event.before is None or event.after is None:
            return
        if any(event.before.get(name) != event.after.get(name) for name in _PLACING):
            self.placed.add(event.subject_id)
        if event.before.get("merged_into_id") != event.after.get("merged_into_id"):
            self.kin.update(UUID(s["merged_into_id"]) for s in _states(event) if s.get("merged_into_id"))
            self.kin.add(event.subject_id)

    def _read_succession(self, event: Event) -> None:
        self.kin.update(UUID(s[end]) for s in _states(event) for end in ("predecessor_id", "successor_id"))

    def _look_up_placed(self, ids: list[UUID]) -> None:
        for field in _IN_ENGAGEMENTS:
            found = Engagement.objects.delivered().filter(**{f"{field}__in": ids})
            self._add(ENGAGEMENTS, found.values_list("starts_on", "guild").order_by().distinct())
        for model, fields in ((Placement, _IN_PLACEMENTS), (Apprenticeship, _IN_APPRENTICESHIPS)):
            for field in fields:
                self._add_days(model, model.objects.filter(**{f"{field}__in": ids}))
        pledges = Pledge.objects.filter(employer__in=ids)
        self._add(PLEDGES, pledges.values_list("made_on", "guild").order_by().distinct())

    def _add_days(self, model, found) -> None:
        days = [f.name for f in model._meta.fields if f.name in OPPORTUNITY_DAYS]
        for *dates, guild in found.order_by().values_list(*days, "guild").distinct():
            self._add(OPPORTUNITIES, ((day, guild) for day in dates))

    def _look_up_kin(self) -> None:
        """A changed lineage moves no record, but how many its schools are wherever one of them took part."""
        for chunk in _chunks(Lineage.load().relatives(self.kin) | self.kin):
            rows = Presence.objects.filter(organisation__in=chunk).values_list("measure", F("month")).distinct()
            for measure, month in rows:
                self.slices.update(years_of(measure, month))


def _states(event: Event) -> Iterator[dict]:
    return (state for state in (event.before, event.after) if state is not None)


def as_day(day: date | str) -> date:
    """A day that a record's state or SQLite may give as text."""
    return day if isinstance(day, date) else parse_date(day) or date.min


def _chunks(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    listed = sorted(ids)
    return (listed[start : start + _CHUNK] for start in range(0, len(listed), _CHUNK))
