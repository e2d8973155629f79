"""The guilds: all of them, one of them, its members, and who came to its meetings."""

from functools import cached_property
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from crm import figures
from crm.exports.guilds import GUILD_MEMBERS
from crm.filtersets.guild_members import GuildMemberFilterSet
from crm.forms.guilds import NewMemberForm
from crm.views.base import Page
from crm.views.form_page import FormPage
from crm.views.impact import FiguresPage
from crm.views.lists import ListPage
from crm.views.paging import Listing
from guilds.access.models import User
from guilds.access.permissions import allowed
from guilds.engagement.meetings import attended, meetings_of, supported_by
from guilds.impact import periods
from guilds.impact.measures import MEASURES
from guilds.impact.members import member_numbers, with_activity
from guilds.impact.periods import Period
from guilds.impact.scopes import EVERYWHERE
from guilds.impact.totals import Scope, Shared, Summary, SummaryRow, summary
from guilds.organisations import actions
from guilds.organisations.guild_members import coordinators_of, members_of
from guilds.organisations.models import Membership
from guilds.reading import read_at_once
from guilds.reference.models import Guild

#: How many meetings and supported engagements a guild's own page shows.
SHOWN = 6
_STOCKS = ("employer_members", "provider_members")


class OfGuilds(Page):
    """A page about guilds: not there at all for whoever may not see them."""

    permission_name = "guild.view"

    def subject(self) -> Any:
        """No one guild. Raises Http404 for members of organisations."""
        if not allowed(self.request.user, "guild.view"):
            raise Http404
        return None

    def coordinators(self, guilds: list[Guild]) -> dict[str, list[str]]:
        """Who coordinates guilds, for the team: names of people are nobody else's."""
        return coordinators_of(guilds) if self.request.user.is_staff_member else {}  # type: ignore[union-attr]


class OfOneGuild(OfGuilds):
    """A page about the guild of the address."""

    @cached_property
    def guild(self) -> Guild:
        """Raises Http404 for a guild that there is not."""
        return get_object_or_404(Guild.objects.select_related("chair"), slug=self.kwargs["slug"])

    def way_back(self) -> str:
        """The guild's own page."""
        return reverse("guild_detail", args=[self.guild.slug])


def _summary(period: Period, scope: Scope = EVERYWHERE) -> Summary:
    """Figures by guild of what these pages show: members, and whatever is aimed at in the period."""
    shared = Shared()
    shown = {*_STOCKS, *(measure for measure, *_ in shared.targets(list(MEASURES), [period.slug]))}
    told = [slug for slug in MEASURES if slug in shown]
    return summary(period=period, by="guild", scope=scope, measures=told, shared=shared)


def aims(row: SummaryRow, period: Period, guild: Guild, pace_on: Any) -> list[figures.Shown]:
    """The figures of a guild that have a target, with how far they are."""
    with_target = [slug for slug, figure in row.measures.items() if figure.target]
    return list(figures.line(row, with_target, period=period, scope=Scope(guild=guild.slug), pace_on=pace_on).shown)


class GuildList(OfGuilds, FiguresPage):
    """All guilds, with who leads them, how many members they have and how far they are."""

    permission_name = "guild.view"
    template_name = "guilds/list.html"

    def figures(self, period: Period, form: Any) -> dict[str, Any]:
        """One summary for all of them."""
        found = _summary(period)
        rows = {row.key: row for row in found.rows}
        guilds = list(Guild.objects.select_related("chair").order_by("name"))
        people = self.coordinators(guilds)
        return {
            "summary": found,
            "guilds": [self._line(guild, rows.get(guild.slug), people, found) for guild in guilds],
        }

    def _line(self, guild: Guild, row: SummaryRow | None, people: dict[str, list[str]], found: Any) -> dict[str, Any]:
        employers, providers = (row.measures[slug].value if row else 0 for slug in _STOCKS)
        return {
            "guild": guild,
            "coordinators": people.get(guild.slug, []),
            "employers": employers,
            "providers": providers,
            "aims": aims(row, found.period, guild, found.as_of) if row else [],
        }


class GuildDetail(OfOneGuild, FiguresPage):
    """One guild: who leads it, how far it is, its meetings, what it supports, and members of whom nothing is heard."""

    permission_name = "guild.view"
    template_name = "guilds/detail.html"

    def about(self) -> dict[str, Any]:
        """Which guild, and what its reader may do."""
        return {
            "guild": self.guild,
            "coordinators": self.coordinators([self.guild]).get(self.guild.slug, []),
            "may_change": allowed(self.request.user, "membership.change", Membership(guild=self.guild)),
            "today": timezone.localdate(),
        }

    def figures(self, period: Period, form: Any) -> dict[str, Any]:
        """The year's figures."""
        reader, guild = self.request.user, self.guild
        found = _summary(period, Scope(guild=guild.slug))
        row = next((row for row in found.rows if row.key == guild.slug), found.total)
        numbers, meetings = member_numbers(guild, cast(User, reader), period), self._meetings(period)
        supported = supported_by(guild, period.start, period.end, reader=reader)
        first_supported = supported[:SHOWN]
        read_at_once(*numbers, meetings, first_supported)
        return {
            "summary": found,
            "aims": aims(row, period, guild, found.as_of),
            "employers": row.measures["employer_members"].value,
            "providers": row.measures["provider_members"].value,
            "members": sum(number for (number,) in numbers.members),
            "quiet": sum(number for (number,) in numbers.quiet),
            "meetings": meetings,
            "supported": first_supported,
            "supported_in_all": supported.delivered().count(),
        }

    def _meetings(self, period: Period) -> QuerySet:
        held = meetings_of(self.guild, self.request.user).filter(starts_on__gte=period.start, starts_on__lte=period.end)
        return held.order_by("-starts_at", "-id")[:SHOWN]


class GuildMeetings(OfOneGuild, FiguresPage):
    """Who came to which meeting."""

    permission_name = "guild.view"
    template_name = "guilds/meetings.html"

    def about(self) -> dict[str, Any]:
        """Which guild."""
        return {"guild": self.guild}

    def figures(self, period: Period, form: Any) -> dict[str, Any]:
        """The meetings of the period."""
        return {"attended": attended(self.guild, period.start, period.end, reader=self.request.user)}


class GuildMembers(OfOneGuild, ListPage):
    """A guild's members, present and past, and what each did this year."""

    permission_name = "guild.view"
    template_name = "guilds/members.html"
    filterset_class = GuildMemberFilterSet
    orderings = (
        ("name", "Name, A to Z"), ("-name", "Name, Z to A"),
        ("-joined_on", "Joined latest"), ("joined_on", "Joined first"),
    )  # fmt: skip
    narrowing = ("period",)
    columns, title = GUILD_MEMBERS, "Members"

    def get(self, request: HttpRequest, slug: str) -> HttpResponseBase:  # type: ignore[override]
        """The list of the guild of the address."""
        return super().get(request)

    @cached_property
    def period(self) -> Period:
        """The year that is asked for; this academic year otherwise."""
        try:
            return periods.parse(self.request.GET.get("period", ""))
        except ValidationError:
            return periods.academic_year(timezone.localdate())

    def rows(self) -> QuerySet:
        """All memberships of the guild, with what its members did."""
        return with_activity(members_of(self.guild, self.request.user), self.period)

    def extras(self, listing: Listing) -> dict[str, Any]:
        """Whose they are, and whether somebody may be added."""
        may_change = allowed(self.request.user, "membership.change", Membership(guild=self.guild))
        return {"guild": self.guild, "period": self.period, "may_change": may_change}


class NewMember(OfOneGuild, FormPage):
    """An organisation joins the guild."""

    permission_name = "membership.change"
    heading, done = "Add a member", "The membership is recorded"
    adds_organisations = True

    def subject(self) -> Any:
        """A membership of this guild: its own coordinators add members."""
        super().subject()
        return Membership(guild=self.guild)

    def initial(self) -> dict[str, Any]:
        """Today."""
        return {"joined_on": timezone.localdate()}

    def form(self, *args: Any, **kwargs: Any) -> NewMemberForm:
        """Who, as what, since when."""
        return NewMemberForm(*args, **kwargs)

    def act(self, form: NewMemberForm) -> str:
        """Record it."""
        actions.join_guild(by=self.request.user, guild=self.guild, **form.cleaned_data)
        return self.way_back()

    def way_back(self) -> str:
        """The guild's members."""
        return reverse("guild_members", args=[self.guild.slug])

    def words(self) -> dict[str, Any]:
        """Which guild."""
        return super().words() | {"about": self.guild.name}
