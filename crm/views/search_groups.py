"""What search looks through: each kind of record, who searches it, and what a line of its answer says."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe

from crm.addresses import record_address
from crm.filtersets.apprenticeships import ApprenticeshipFilterSet
from crm.filtersets.base import SearchFilter
from crm.filtersets.placements import PlacementFilterSet
from crm.filtersets.pledges import PledgeFilterSet
from crm.forms.organisations import detail_of
from crm.numbers import numbers_of
from guilds.access.models import User
from guilds.access.permissions import allowed
from guilds.engagement.models import Engagement
from guilds.engagement.queries import matching
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.models import Contact, Organisation
from guilds.organisations.queries import meant_by, people_named, suggest
from guilds.pledges.models import Pledge
from guilds.publishing.models import Publication
from guilds.reference.models import Guild
from guilds.search.index import Meant

#: How many of each kind are shown, and how many are counted at most.
SHOWN, COUNTED = 5, 1000
_UNSEEN_COMMA = '<span class="govuk-visually-hidden">, </span>'


@dataclass
class Asked:
    """What somebody looks for; which organisations the words mean is asked once for all kinds of record that name one."""

    words: str
    reader: User

    @cached_property
    def organisations(self) -> Meant:
        """The organisations that are meant."""
        return meant_by(self.words)


class Line(NamedTuple):
    """One record that was found: where it is, its name, and what tells it from others."""

    address: str
    name: str
    detail: str

    def drawn(self) -> str:
        """The line as HTML; in Python, for there may be forty."""
        detail = (
            f'<span class="guildhall-found__detail">{_UNSEEN_COMMA}{escape(self.detail)}</span>' if self.detail else ""
        )
        name = f'<span class="guildhall-found__name">{escape(self.name)}</span>'
        return f'<li><a class="guildhall-found__line" href="{escape(self.address)}">{name}{detail}</a></li>'


@dataclass(frozen=True)
class Found:
    """What was found of one kind: the first lines, how many there are, and the list of all of them."""

    title: str
    lines: list[Line]
    count: int
    address: str

    @property
    def drawn(self) -> SafeString:
        """The lines as HTML."""
        return mark_safe("\n    ".join(line.drawn() for line in self.lines))  # noqa: S308 (escaped piece by piece)

    @property
    def many(self) -> bool:
        """Too many to have been counted."""
        return self.count > COUNTED


@dataclass(frozen=True)
class Group:
    """One kind of record. `find` gives all that a reader's words mean; `list_name` is the list that shows them, if any."""

    title: str
    permission: str
    find: Callable[[Asked], QuerySet]
    line: Callable[[Any], Line]
    #: What a line shows of a record and what it names.
    shown: tuple[str, ...] = ()
    list_name: str = ""
    #: The first to show, where that is not simply the order of the list.
    first: Callable[[Asked], list] | None = None

    def found(self, asked: Asked, rows: QuerySet, count: int) -> Found:
        """What is said of the rows that were found, of which there are so many; one query."""
        address = f"{reverse(self.list_name)}?{urlencode({'q': asked.words})}" if self.list_name else ""
        shown = self.first(asked) if self.first else self._first_of(rows)
        return Found(self.title, [self.line(row) for row in shown], count, address)

    def _first_of(self, rows: QuerySet) -> QuerySet:
        """They are chosen before what they name is looked up: a database would else look it up for all that were found."""
        first = rows.model._default_manager.filter(pk__in=rows.values("pk")[:SHOWN])
        named = sorted({name.rpartition("__")[0] for name in self.shown} - {""})
        order = rows.query.order_by or rows.model._meta.ordering
        shown = first.order_by(*order).only(*self.shown)
        return shown.select_related(*named) if named else shown


def searched_by(user: Any) -> list[Group]:
    """The kinds that a reader searches, in the order in which they are shown."""
    return [group for group in GROUPS if allowed(user, group.permission)]


def search(asked: Asked, groups: list[Group]) -> list[Found]:
    """Look through what the reader may see of these kinds: those of which there is anything.

    One query counts them all, one reads the first of each; those by which the words are understood come before.
    """
    rows = {group.title: group.find(asked) for group in groups}
    numbers = numbers_of(rows, at_most=COUNTED + 1)
    there = [(group, numbers[group.title]) for group in groups if numbers[group.title]]
    return [group.found(asked, rows[group.title], number) for group, number in there]


def _filtered(filterset: Any, model: Any) -> Callable[[Asked], QuerySet]:
    """As the list's own box for words does it, so that a link to the list shows what was counted."""
    box: SearchFilter = filterset.base_filters["q"]
    return lambda asked: box.narrowed(model.objects.visible_to(asked.reader), asked.words, asked.organisations)


def _organisations(asked: Asked) -> QuerySet:
    return Organisation.objects.visible_to(asked.reader).filter(asked.organisations.on("pk"))


def _likeliest(asked: Asked) -> list[Organisation]:
    among = Organisation.objects.visible_to(asked.reader)
    return suggest(asked.words, among=among, size=SHOWN, meant=asked.organisations)


def _organisation(row: Organisation) -> Line:
    district = row.district.name if row.district and row.postcode else ""
    detail = ", ".join(filter(None, [detail_of(row), district]))
    return Line(record_address("organisation_detail", row.pk), row.name, detail)


def _engagements(asked: Asked) -> QuerySet:
    return matching(asked.words, among=Engagement.objects.visible_to(asked.reader))


def _engagement(row: Engagement) -> Line:
    guild = row.guild.name if row.guild else "County-wide"
    place = row.venue.name if row.venue else ""
    said = [date_format(row.starts_on, "j F Y"), row.get_status_display(), guild, place, row.reference]
    return Line(record_address("engagement_detail", row.pk), row.title, ", ".join(filter(None, said)))


def _pledge(row: Pledge) -> Line:
    said = [row.employer.name, date_format(row.made_on, "j F Y"), row.get_status_display(), row.reference]
    return Line(record_address("pledge_detail", row.pk), str(row), ", ".join(filter(None, said)))


def _placement(row: Placement) -> Line:
    school = row.provider.name if row.provider else ""
    said = [row.employer.name, school, date_format(row.arranged_on, "j F Y"), row.reference]
    return Line(record_address("placement_detail", row.pk), row.get_programme_display(), ", ".join(filter(None, said)))


def _apprenticeship(row: Apprenticeship) -> Line:
    said = [row.employer.name, date_format(row.opened_on, "j F Y"), row.get_status_display(), row.reference]
    return Line(record_address("apprenticeship_detail", row.pk), str(row), ", ".join(filter(None, said)))


def _people(asked: Asked) -> QuerySet:
    return people_named(asked.words, reader=asked.reader)


def _person(row: Contact) -> Line:
    detail = ", ".join(filter(None, [row.role, row.organisation.name]))
    return Line(record_address("organisation_detail", row.organisation_id), row.name, detail)


def _guilds(asked: Asked) -> QuerySet:
    return Guild.objects.filter(name__icontains=asked.words)


def _guild(row: Guild) -> Line:
    return Line(reverse("impact_guild", args=[row.slug]), row.name, "Figures of the guild")


def _publications(asked: Asked) -> QuerySet:
    """By what each is about: the year, the guild, the district."""
    about = Q(period__icontains=asked.words)
    about |= Q(guild__name__icontains=asked.words) | Q(district__name__icontains=asked.words)
    return Publication.objects.visible_to(asked.reader).filter(about).order_by("-published_at", "-id")


def _publication(row: Publication) -> Line:
    return Line(record_address("publication_detail", row.pk), str(row), row.get_status_display())


GROUPS = (
    Group(
        "Organisations",
        "organisation.view",
        _organisations,
        _organisation,
        list_name="organisation_list",
        first=_likeliest,
    ),
    Group(
        "Engagements",
        "engagement.view",
        _engagements,
        _engagement,
        ("title", "starts_on", "status", "reference", "guild__name", "venue__name"),
        "engagement_list",
    ),
    Group(
        "Pledges",
        "pledge.view",
        _filtered(PledgeFilterSet, Pledge),
        _pledge,
        ("kind", "quantity", "made_on", "status", "reference", "employer__name"),
        "pledge_list",
    ),
    Group(
        "Placements",
        "placement.view",
        _filtered(PlacementFilterSet, Placement),
        _placement,
        ("programme", "arranged_on", "reference", "employer__name", "provider__name"),
        "placement_list",
    ),
    Group(
        "Apprenticeships",
        "apprenticeship.view",
        _filtered(ApprenticeshipFilterSet, Apprenticeship),
        _apprenticeship,
        ("standard_title", "opened_on", "status", "reference", "employer__name"),
        "apprenticeship_list",
    ),
    Group("People", "search.people", _people, _person, ("name", "role", "organisation__name")),
    Group(
        "Publications",
        "publication.view",
        _publications,
        _publication,
        ("period", "edition", "status", "guild__name", "district__name"),
    ),
    Group("Guilds", "impact.view", _guilds, _guild, ("slug", "name")),
)
