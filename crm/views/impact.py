"""Figures: all guilds against their targets, one guild, one district."""

from datetime import date
from typing import Any

from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from crm import figures
from crm.forms.impact import ComparisonForm, PeriodForm
from crm.views.base import Page
from guilds.engagement.models import Engagement
from guilds.impact.measures import BY_KIND, MEASURES
from guilds.impact.models import Cell
from guilds.impact.periods import Period
from guilds.impact.scopes import COUNTY_WIDE, UNKNOWN
from guilds.impact.totals import Scope, Summary, summary
from guilds.pledges.models import PledgeKind
from guilds.reference.models import OUTSIDE, District, Guild

HEADLINES = ("encounters", "engagements", "schools", "colleges", "employers", "pledges", "placements_arranged",
             "apprenticeships_created")  # fmt: skip
IN_DISTRICTS = ("encounters", "engagements", "schools", "employers", "pledges")
IN_MONTHS = ("encounters", "engagements", "pledges", "placements_arranged", "apprenticeships_created")
#: What guilds are compared by where none of them has a target.
USUAL = "encounters"
EVERYTHING = tuple(MEASURES)


def earliest_month(today: date) -> date:
    """The first month that has anything in it."""
    return Cell.objects.aggregate(first=Min("month"))["first"] or today


class FiguresPage(Page):
    """A page of figures of a period; without one that makes sense it only asks for one."""

    permission_name = "impact.view"
    form_class: type[PeriodForm] = PeriodForm

    def get(self, request: HttpRequest, **address: str) -> HttpResponse:
        """The figures of the period that was asked for, or of this academic year."""
        about, today = self.about(), timezone.localdate()
        form = self.form_class(request.GET, today=today, earliest=earliest_month(today))
        form.is_valid()
        context = self.figures(form.chosen, form) if form.chosen and not form.errors else {}
        return self.page(form=form, period=form.chosen, **about | context)

    @property
    def for_team(self) -> bool:
        """Whether the reader is one of the team: figures of a characteristic are not for others."""
        return bool(getattr(self.request.user, "is_staff_member", False))

    def about(self) -> dict[str, Any]:
        """What the page is about, whatever the period."""
        return {}

    def figures(self, period: Period, form: Any) -> dict[str, Any]:
        """The figures of the page."""
        raise NotImplementedError


class ImpactOverview(FiguresPage):
    """The whole county: headlines, guilds against their targets, districts, and every measure with its definition."""

    template_name = "impact/overview.html"
    form_class = ComparisonForm

    def figures(self, period: Period, form: Any) -> dict[str, Any]:
        """Two summaries: by guild with every measure, by district with a few."""
        by_guild = summary(period=period, by="guild", for_team=self.for_team)
        by_district = summary(period=period, by="district", measures=list(IN_DISTRICTS))
        total = figures.line(by_guild.total, list(EVERYTHING), period=period, scope=Scope(), pace_on=by_guild.as_of)
        compared = form.cleaned_data.get("measure") or with_targets(by_guild)
        return {
            "summary": by_guild,
            "headlines": [shown for shown in total.shown if shown.measure.slug in HEADLINES],
            "all_measures": total.shown,
            "comparison": comparison(by_guild, compared),
            "kept": kept(by_guild),
            "districts": table(by_district, IN_DISTRICTS, Scope()),
        }


class ImpactPart(FiguresPage):
    """One guild or one district."""

    template_name = "impact/part.html"
    scope: Scope
    name: str
    breakdown: str

    def about(self) -> dict[str, Any]:
        """Whose figures these are."""
        return {"heading": self.name, "scope": self.scope, "breakdown": self.breakdown}

    def figures(self, period: Period, form: Any) -> dict[str, Any]:
        """Three summaries: by month with every measure, by kind, and by district or guild."""
        by_month = summary(period=period, by="month", scope=self.scope, for_team=self.for_team)
        by_kind = summary(period=period, by="kind", scope=self.scope, measures=list(BY_KIND))
        across = summary(period=period, by=self.breakdown, scope=self.scope, measures=list(IN_DISTRICTS))  # type: ignore[arg-type]
        total = figures.line(by_month.total, list(EVERYTHING), period=period, scope=self.scope, pace_on=by_month.as_of)
        return {
            "summary": by_month,
            "headlines": [shown for shown in total.shown if shown.measure.slug in HEADLINES],
            "all_measures": total.shown,
            "months": table(by_month, IN_MONTHS, self.scope),
            "kept": kept(by_month),
            "kinds": table(by_kind, BY_KIND, self.scope),
            "across": table(across, IN_DISTRICTS, self.scope),
        }


class ImpactGuild(ImpactPart):
    """One guild's figures, or those of what no guild leads."""

    breakdown = "district"

    def about(self) -> dict[str, Any]:
        """The guild of the address. Raises Http404 for one that does not exist."""
        slug = self.kwargs["slug"]
        guild = Guild.objects.visible_to(self.request.user).filter(slug=slug).first()
        if guild is None and slug != COUNTY_WIDE:
            raise Http404
        self.scope, self.name = Scope(guild=slug), guild.name if guild else "County-wide, no lead guild"
        return super().about()

    def figures(self, period: Period, form: Any) -> dict[str, Any]:
        """Also what it supported, which is in nobody's figures but its leader's."""
        supported = Engagement.objects.visible_to(self.request.user).delivered()
        supported = supported.filter(
            supporting_guilds__slug=self.kwargs["slug"], starts_on__range=(period.start, period.end)
        )
        return super().figures(period, form) | {"supported": supported.count()}


class ImpactDistrict(ImpactPart):
    """One district's figures, or those of places outside or not known."""

    breakdown = "guild"

    def about(self) -> dict[str, Any]:
        """The district of the address. Raises Http404 for one that does not exist."""
        code = self.kwargs["code"]
        district = District.objects.visible_to(self.request.user).filter(code=code).first()
        if district is None and code not in (OUTSIDE, UNKNOWN):
            raise Http404
        self.scope, self.name = Scope(district=code), district.name if district else "District not known"
        return super().about()


def with_targets(by_guild: Summary) -> str:
    """The measure that most guilds have a target for; else the first that all together have one for."""
    aimed_at = {slug: sum(bool(row.measures[slug].target) for row in by_guild.rows) for slug in EVERYTHING}
    together = {slug for slug in EVERYTHING if by_guild.total.measures[slug].target}
    most = max(EVERYTHING, key=lambda slug: (aimed_at[slug], slug in together))
    return most if aimed_at[most] or most in together else USUAL


def comparison(by_guild: Summary, slug: str) -> dict[str, Any]:
    """The guilds by one measure, on one scale."""
    rows = figures.lines(by_guild, [slug], scope=Scope())
    known = [amount for row in rows for amount in (row.first.figure.value, row.first.figure.target) if amount]
    total = figures.line(by_guild.total, [slug], period=by_guild.period, scope=Scope(), pace_on=by_guild.as_of)
    return {"measure": MEASURES[slug], "rows": rows, "most": max(known, default=0), "total": total}


def kept(found: Summary) -> list[dict[str, Any]]:
    """What became of the pledges made in the period, for each kind of which something was pledged."""
    parts = found.total.measures["pledge_conversion"].parts or {}
    return [
        {
            "kind": PledgeKind(kind).label,
            "numbers": [figures.number(part[name]) for name in ("pledged", "delivered", "open", "lapsed", "withdrawn")],
            "share": figures.NOT_APPLICABLE if part["value"] is None else figures.percent(part["value"]),
        }
        for kind, part in parts.items()
        if part["pledged"]
    ]


def table(found: Summary, slugs: tuple[str, ...], scope: Scope) -> dict[str, Any]:
    """A table of some measures, with its total and the largest of its first column for the bars."""
    rows = figures.lines(found, list(slugs), scope=scope)
    known = [row.first.figure.value for row in rows if row.first.figure.value]
    total = figures.line(found.total, list(slugs), period=found.period, scope=scope)
    return {"measures": [MEASURES[slug] for slug in slugs], "rows": rows, "most": max(known, default=0), "total": total}
