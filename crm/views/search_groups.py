"""What search looks through: each kind of record, who searches it, and what a line of its answer says."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format

from crm.filtersets.apprenticeships import ApprenticeshipFilterSet
from crm.filtersets.engagements import EngagementFilterSet
from crm.filtersets.organisations import OrganisationFilterSet
from crm.filtersets.placements import PlacementFilterSet
from crm.filtersets.pledges import PledgeFilterSet
from crm.forms.organisations import detail_of
from crm.numbers import numbers_of
from guilds.access.permissions import allowed
from guilds.engagement.models import Engagement
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.models import Contact, Organisation
from guilds.organisations.queries import suggest
from guilds.pledges.models import Pledge
from guilds.publishing.models import Publication
from guilds.reference.models import Guild

#: How many of each kind are shown, and how many are counted at most.
SHOWN, COUNTED = 5, 1000


class Line(NamedTuple):
    """One record that was found: where it is, its name, and what tells it from others."""

    address: str
    name: str
    detail: str


@dataclass(frozen=True)
class Found:
    """What was found of one kind: the first lines, how many there are, and the list of all of them."""

    title: str
    lines: list[Line]
    count: int
    address: str

    @property
    def many(self) -> bool:
        """Too many to have been counted."""
        return self.count > COUNTED


@dataclass(frozen=True)
class Group:
    """One kind of record. `find` gives all that a reader's words mean; `list_name` is the list that shows them, if any."""

    title: str
    permission: str
    find: Callable[[HttpRequest, str], QuerySet]
    line: Callable[[Any], Line]
    list_name: str = ""
    #: The first to show, where that is not simply the order of the list.
    first: Callable[[HttpRequest, str], list] | None = None

    def found(self, request: HttpRequest, words: str, rows: QuerySet, count: int) -> Found:
        """What is said of the rows that were found, of which there are so many; one query."""
        shown = self.first(request, words) if self.first else islice(rows[:SHOWN], SHOWN)
        address = f"{reverse(self.list_name)}?{urlencode({'q': words})}" if self.list_name else ""
        return Found(self.title, [self.line(row) for row in shown], count, address)


def searched_by(user: Any) -> list[Group]:
    """The kinds that a reader searches, in the order in which they are shown."""
    return [group for group in GROUPS if allowed(user, group.permission)]


def search(request: HttpRequest, words: str, groups: list[Group]) -> list[Found]:
    """Look through what the reader may see of these kinds: those of which there is anything.

    One query counts them all, one reads the first of each; those by which the words are understood come before.
    """
    rows = {group.title: group.find(request, words) for group in groups}
    numbers = numbers_of(rows, at_most=COUNTED + 1)
    there = [(group, numbers[group.title]) for group in groups if numbers[group.title]]
    return [group.found(request, words, rows[group.title], number) for group, number in there]


def _filtered(filterset: Any, model: Any, *related: str) -> Callable[[HttpRequest, str], QuerySet]:
    """As the list does it, so that a link to the list shows what was counted; without the list's other filters, which take
    a form with all their choices."""
    by_words: Any = type(f"{filterset.__name__}ByWords", (filterset,), {})
    by_words.base_filters = {"q": filterset.base_filters["q"]}

    def find(request: HttpRequest, words: str) -> QuerySet:
        rows = model.objects.visible_to(request.user).select_related(*related)
        return by_words({"q": words}, queryset=rows, request=request).qs

    return find


def _likeliest(request: HttpRequest, words: str) -> list[Organisation]:
    return suggest(words, among=Organisation.objects.visible_to(request.user), size=SHOWN)


def _organisation(row: Organisation) -> Line:
    district = row.district.name if row.district and row.postcode else ""
    detail = ", ".join(filter(None, [detail_of(row), district]))
    return Line(reverse("organisation_detail", args=[row.pk]), row.name, detail)


def _engagement(row: Engagement) -> Line:
    guild = row.guild.name if row.guild else "County-wide"
    place = row.venue.name if row.venue else ""
    said = [date_format(row.starts_on, "j F Y"), row.get_status_display(), guild, place, row.reference]
    return Line(reverse("engagement_detail", args=[row.pk]), row.title, ", ".join(filter(None, said)))


def _pledge(row: Pledge) -> Line:
    said = [row.employer.name, date_format(row.made_on, "j F Y"), row.get_status_display(), row.reference]
    return Line(reverse("pledge_detail", args=[row.pk]), str(row), ", ".join(filter(None, said)))


def _placement(row: Placement) -> Line:
    school = row.provider.name if row.provider else ""
    said = [row.employer.name, school, date_format(row.arranged_on, "j F Y"), row.reference]
    return Line(reverse("placement_detail", args=[row.pk]), row.get_programme_display(), ", ".join(filter(None, said)))


def _apprenticeship(row: Apprenticeship) -> Line:
    said = [row.employer.name, date_format(row.opened_on, "j F Y"), row.get_status_display(), row.reference]
    return Line(reverse("apprenticeship_detail", args=[row.pk]), str(row), ", ".join(filter(None, said)))


def _people(request: HttpRequest, words: str) -> QuerySet:
    """By every part of a name, never by an address or a number."""
    named = Q(*(Q(name__icontains=part) for part in words.split()))
    return Contact.objects.visible_to(request.user).filter(named).select_related("organisation")


def _person(row: Contact) -> Line:
    detail = ", ".join(filter(None, [row.role, row.organisation.name]))
    return Line(reverse("organisation_detail", args=[row.organisation_id]), row.name, detail)


def _guilds(request: HttpRequest, words: str) -> QuerySet:
    return Guild.objects.filter(name__icontains=words)


def _guild(row: Guild) -> Line:
    return Line(reverse("impact_guild", args=[row.slug]), row.name, "Figures of the guild")


def _publications(request: HttpRequest, words: str) -> QuerySet:
    """By what each is about: the year, the guild, the district."""
    about = Q(period__icontains=words) | Q(guild__name__icontains=words) | Q(district__name__icontains=words)
    rows = Publication.objects.visible_to(request.user).filter(about)
    return rows.select_related("guild", "district").order_by("-published_at", "-id")


def _publication(row: Publication) -> Line:
    return Line(reverse("publication_detail", args=[row.pk]), str(row), row.get_status_display())


GROUPS = (
    Group(
        "Organisations",
        "organisation.view",
        _filtered(OrganisationFilterSet, Organisation),
        _organisation,
        "organisation_list",
        _likeliest,
    ),
    Group(
        "Engagements",
        "engagement.view",
        _filtered(EngagementFilterSet, Engagement, "guild", "venue"),
        _engagement,
        "engagement_list",
    ),
    Group("Pledges", "pledge.view", _filtered(PledgeFilterSet, Pledge, "employer"), _pledge, "pledge_list"),
    Group(
        "Placements",
        "placement.view",
        _filtered(PlacementFilterSet, Placement, "employer", "provider"),
        _placement,
        "placement_list",
    ),
    Group(
        "Apprenticeships",
        "apprenticeship.view",
        _filtered(ApprenticeshipFilterSet, Apprenticeship, "employer"),
        _apprenticeship,
        "apprenticeship_list",
    ),
    Group("People", "search.people", _people, _person),
    Group("Publications", "publication.view", _publications, _publication),
    Group("Guilds", "impact.view", _guilds, _guild),
)
