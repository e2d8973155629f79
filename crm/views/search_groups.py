"""What search looks through: each kind of record, who searches it, and what a line of its answer says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode
from uuid import UUID

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
from guilds import reading
from guilds.access.models import User
from guilds.access.permissions import allowed
from guilds.engagement import queries as engagements
from guilds.engagement.models import Engagement
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations import queries as organisations
from guilds.organisations.models import Contact, Organisation
from guilds.pledges.models import Pledge
from guilds.publishing.models import Publication
from guilds.reference.models import Guild
from guilds.search.index import Sought

#: How many of each kind are shown, and how many are counted at most.
SHOWN, COUNTED = 5, 500
_UNSEEN_COMMA = '<span class="govuk-visually-hidden">, </span>'


@dataclass
class Asked:
    """What somebody looks for; what the words mean is asked once for all kinds of record that name the same."""

    words: str
    reader: User

    @cached_property
    def organisations(self) -> Sought:
        """The words as names of organisations."""
        return organisations.sought(self.words)

    @cached_property
    def begun(self) -> reading.Asked:
        """The organisations whose names begin with the words."""
        return organisations.begun_with(self.words, reader=self.reader)

    @cached_property
    def engagements(self) -> Sought:
        """The words as those of engagements."""
        return engagements.sought(self.words)

    @cached_property
    def people(self) -> QuerySet:
        """The words as names of people."""
        return organisations.of_name(self.words)

    @cached_property
    def references(self) -> dict[str, reading.Asked | QuerySet]:
        """The words as a reference, by the kind of record that may have it."""
        return {kind: box.referenced(model, self.words) for kind, (model, box) in _REFERENCED.items()}


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
    """One kind of record. `find` gives all that a reader's words mean, in words for a database that are best if there are
    `many`, or if not; `list_name` is the list that shows them, if any.
    """

    title: str
    permission: str
    find: Callable[[Asked, bool], QuerySet]
    line: Callable[[Any], Line]
    #: What a line shows of a record and what it names.
    shown: tuple[str, ...] = ()
    list_name: str = ""
    #: What is asked of the words before: small questions that are read together with those of other kinds.
    before: Callable[[Asked], Iterable[reading.Asked | QuerySet]] = lambda asked: ()
    #: The ids of the first to show, in their order, where that is not simply the order of the list.
    first: Callable[[Asked], list[UUID]] | None = None
    #: What is fetched beside the lines.
    beside: tuple[str, ...] = ()

    def shown_of(self, rows: QuerySet, chosen: list[UUID] | None) -> QuerySet:
        """The first of the rows that were found, or those chosen.

        They are chosen before what they name is looked up: a database would else look it up for all that were found.
        """
        ids = rows.values("pk")[:SHOWN] if chosen is None else chosen
        first = rows.model._default_manager.filter(pk__in=ids).prefetch_related(*self.beside).only(*self.shown)
        named = sorted({name.rpartition("__")[0] for name in self.shown} - {""})
        order = rows.query.order_by or rows.model._meta.ordering
        return (first.select_related(*named) if named else first).order_by(*order)

    def found(self, words: str, shown: QuerySet, chosen: list[UUID] | None, count: int) -> Found:
        """What is said of the rows that were found, of which there are so many."""
        address = f"{reverse(self.list_name)}?{urlencode({'q': words})}" if self.list_name else ""
        rows = list(shown) if chosen is None else sorted(shown, key=lambda row: chosen.index(row.pk))
        return Found(self.title, [self.line(row) for row in rows], count, address)


def searched_by(user: Any) -> list[Group]:
    """The kinds that a reader searches, in the order in which they are shown."""
    return [group for group in GROUPS if allowed(user, group.permission)]


def search(asked: Asked, groups: list[Group]) -> list[Found]:
    """Look through what the reader may see of these kinds: those of which there is anything.

    What the words mean to each kind is read at once, one query counts them all, and the first of all are read at once.
    """
    reading.read_at_once(*(question for group in groups for question in group.before(asked)))
    rows = {group.title: group.find(asked, False) for group in groups}
    numbers = numbers_of(rows, at_most=COUNTED + 1)
    there = [group for group in groups if numbers[group.title]]
    chosen = {group.title: group.first(asked) if group.first else None for group in there}
    many = {group.title: group.find(asked, True) for group in there if numbers[group.title] > COUNTED}
    shown = {group.title: group.shown_of((rows | many)[group.title], chosen[group.title]) for group in there}
    reading.read_at_once(*shown.values())
    return [group.found(asked.words, shown[group.title], chosen[group.title], numbers[group.title]) for group in there]


def _filtered(kind: str) -> Callable[[Asked, bool], QuerySet]:
    """As the list's own box for words does it, so that a link to the list shows what was counted."""
    model, box = _REFERENCED[kind]

    def find(asked: Asked, many: bool) -> QuerySet:
        meant = asked.organisations.meant.if_rows_are(many=many)
        return box.narrowed(model.objects.visible_to(asked.reader), asked.words, meant, asked.references[kind])

    return find


def _before(kind: str) -> Callable[[Asked], Iterable[reading.Asked | QuerySet]]:
    """Which organisations are meant, and whose reference it is."""
    return lambda asked: (*asked.organisations.questions, asked.references[kind])


#: The kinds that have references of their own: their records, and the box for words of their lists.
_REFERENCED: dict[str, tuple[Any, SearchFilter]] = {
    "pledge": (Pledge, cast(SearchFilter, PledgeFilterSet.base_filters["q"])),
    "placement": (Placement, cast(SearchFilter, PlacementFilterSet.base_filters["q"])),
    "apprenticeship": (Apprenticeship, cast(SearchFilter, ApprenticeshipFilterSet.base_filters["q"])),
}


def _organisations(asked: Asked, many: bool) -> QuerySet:
    return Organisation.objects.visible_to(asked.reader).filter(asked.organisations.meant.on("pk"))


def _likeliest(asked: Asked) -> list[UUID]:
    among = Organisation.objects.visible_to(asked.reader)
    meant = asked.organisations.meant
    return organisations.likeliest(asked.words, among=among, size=SHOWN, meant=meant, begun=asked.begun)


def _organisation(row: Organisation) -> Line:
    district = row.district.name if row.district and row.postcode else ""
    detail = ", ".join(filter(None, [detail_of(row), district]))
    return Line(record_address("organisation_detail", row.pk), row.name, detail)


def _engagements(asked: Asked, many: bool) -> QuerySet:
    return asked.engagements.among(Engagement.objects.visible_to(asked.reader), many=many)


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


def _people(asked: Asked, many: bool) -> QuerySet:
    return organisations.people_named(asked.words, reader=asked.reader, few=asked.people)


def _person(row: Contact) -> Line:
    detail = ", ".join(filter(None, [row.role, row.organisation.name]))
    return Line(record_address("organisation_detail", row.organisation_id), row.name, detail)


def _guilds(asked: Asked, many: bool) -> QuerySet:
    return Guild.objects.filter(name__icontains=asked.words)


def _guild(row: Guild) -> Line:
    return Line(reverse("impact_guild", args=[row.slug]), row.name, "Figures of the guild")


def _publications(asked: Asked, many: bool) -> QuerySet:
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
        ("name", "is_provider", "provider_kind", "postcode", "status", "district__name"),
        "organisation_list",
        before=lambda asked: (*asked.organisations.questions, asked.begun),
        first=_likeliest,
        beside=("identifiers",),
    ),
    Group(
        "Engagements",
        "engagement.view",
        _engagements,
        _engagement,
        ("title", "starts_on", "status", "reference", "guild__name", "venue__name"),
        "engagement_list",
        before=lambda asked: asked.engagements.questions,
    ),
    Group(
        "Pledges",
        "pledge.view",
        _filtered("pledge"),
        _pledge,
        ("kind", "quantity", "made_on", "status", "reference", "employer__name"),
        "pledge_list",
        before=_before("pledge"),
    ),
    Group(
        "Placements",
        "placement.view",
        _filtered("placement"),
        _placement,
        ("programme", "arranged_on", "reference", "employer__name", "provider__name"),
        "placement_list",
        before=_before("placement"),
    ),
    Group(
        "Apprenticeships",
        "apprenticeship.view",
        _filtered("apprenticeship"),
        _apprenticeship,
        ("standard_title", "opened_on", "status", "reference", "employer__name"),
        "apprenticeship_list",
        before=_before("apprenticeship"),
    ),
    Group(
        "People",
        "search.people",
        _people,
        _person,
        ("name", "role", "organisation__name"),
        before=lambda asked: (asked.people,),
    ),
    Group(
        "Publications",
        "publication.view",
        _publications,
        _publication,
        ("period", "edition", "status", "guild__name", "district__name"),
    ),
    Group("Guilds", "impact.view", _guilds, _guild, ("slug", "name")),
)
