"""Figures: the whole county, one guild, one district, one kind of engagement."""

from datetime import date
from typing import Any

from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from crm.exports.tables import FigureTable
from crm.forms.impact import ComparisonForm, PeriodForm
from crm.impact_sections import HEADLINES, Sections
from crm.rendered import rendered
from crm.views.base import Page
from crm.views.exports import asked_file, figures_file
from guilds.engagement.models import Engagement, EngagementKind
from guilds.impact.models import Cell
from guilds.impact.periods import Period, year_before
from guilds.impact.scopes import COUNTY_WIDE, UNKNOWN
from guilds.impact.totals import Scope
from guilds.reference.models import OUTSIDE, District, Guild

__all__ = [
    "HEADLINES",
    "FiguresPage",
    "ImpactDistrict",
    "ImpactGuild",
    "ImpactKind",
    "ImpactOverview",
    "earliest_month",
]


def earliest_month(today: date) -> date:
    """The first month that has anything in it."""
    return Cell.objects.aggregate(first=Min("month"))["first"] or today


class FiguresPage(Page):
    """A page of figures of a period; without one that makes sense it only asks for one."""

    permission_name = "impact.view"
    form_class: type[PeriodForm] = PeriodForm
    #: What its files are called in the log of exports.
    file_name = ""

    def get(self, request: HttpRequest, **address: str) -> HttpResponse:
        """The figures of the period that was asked for, or of this academic year."""
        about, today = self.about(), timezone.localdate()
        form = self.form_class(request.GET, today=today, earliest=earliest_month(today))
        form.is_valid()
        context = self.figures(form.chosen, form) if form.chosen and not form.errors else {}
        table = self.table_of(form.chosen, context) if form.chosen and context and asked_file(request) else None
        if table:
            return figures_file(request, table, asked_file(request), list_name=self.file_name)
        return self.page(form=form, period=form.chosen, **about | context)

    def table_of(self, period: Period, context: dict[str, Any]) -> FigureTable | None:
        """What the page shows as a tidy table, where it offers that as a file."""
        return None

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


class ImpactPage(FiguresPage):
    """A page of every section that its scope has."""

    form_class = ComparisonForm
    scope = Scope()
    #: The tables after the chief one: by what, how they are called, what their rows are, the page of a row.
    tables: tuple[tuple[Any, str, str, str], ...] = ()

    def figures(self, period: Period, form: Any) -> dict[str, Any]:
        """All sections: the same for every reader of a sort until something changes, so they are rendered once."""
        sections = sections_of(self.scope, period, form, for_team=self.for_team)
        about = (self.scope, period, sections.against, sections.against_all, sections.measure, self.for_team)
        html = rendered("impact/sections.html", about, today=sections.today, context=lambda: self.context(sections))
        return {"sections": html}

    def context(self, sections: Sections) -> dict[str, Any]:
        """What the sections show."""
        tables = [(*about, sections.table(about[0])) for about in self.tables]
        return {
            "period": sections.period,
            "sections": sections,
            "summary": sections.main,
            "against": sections.against,
            "headlines": sections.headlines,
            "all_measures": sections.total.shown,
            "comparison": sections.comparison(),
            "months": sections.months(),
            "tables": [
                {"by": by, "caption": caption, "first": first, "link": link, "found": found,
                 "files": sections.files(by), "map": sections.county(found) if by == "district" else None}
                for by, caption, first, link, found in tables
            ],
            "forecasts": sections.forecasts(),
            "kept": sections.kept(),
            "steps": sections.steps(),
            "certainty": sections.certainty(),
            "files": {name: sections.files(name) for name in ("total", "main", "month", "pledges", "forecast")},
        }  # fmt: skip


_GUILDS = ("guild", "By guild", "Guild", "impact_guild")
_DISTRICTS = ("district", "By district", "District", "impact_district")
_KINDS = ("kind", "By kind of engagement", "Kind", "impact_kind")


class ImpactOverview(ImpactPage):
    """The whole county: headlines, guilds against their targets, when, where, what kinds, and every measure."""

    template_name = "impact/overview.html"
    tables = (_DISTRICTS, _KINDS)


class ImpactPart(ImpactPage):
    """One guild, one district or one kind."""

    template_name = "impact/part.html"
    name: str

    def about(self) -> dict[str, Any]:
        """Whose figures these are."""
        return {"heading": self.name, "scope": self.scope}


class ImpactGuild(ImpactPart):
    """One guild's figures, or those of what no guild leads."""

    tables = (_DISTRICTS, _KINDS)

    def about(self) -> dict[str, Any]:
        """The guild of the address. Raises Http404 for one that does not exist."""
        slug = self.kwargs["slug"]
        guild = Guild.objects.visible_to(self.request.user).filter(slug=slug).first()
        if guild is None and slug != COUNTY_WIDE:
            raise Http404
        self.scope, self.name = Scope(guild=slug), guild.name if guild else "County-wide, no lead guild"
        return super().about()

    def context(self, sections: Sections) -> dict[str, Any]:
        """Also what it supported, which is in nobody's figures but its leader's."""
        period = sections.period
        supported = Engagement.objects.visible_to(self.request.user).delivered()
        supported = supported.filter(
            supporting_guilds__slug=self.kwargs["slug"], starts_on__range=(period.start, period.end)
        )
        return super().context(sections) | {"supported": supported.count()}


class ImpactDistrict(ImpactPart):
    """One district's figures, or those of places outside or not known."""

    tables = (_KINDS,)

    def about(self) -> dict[str, Any]:
        """The district of the address. Raises Http404 for one that does not exist."""
        code = self.kwargs["code"]
        district = District.objects.visible_to(self.request.user).filter(code=code).first()
        if district is None and code not in (OUTSIDE, UNKNOWN):
            raise Http404
        self.scope, self.name = Scope(district=code), district.name if district else "District not known"
        return super().about()


class ImpactKind(ImpactPart):
    """The engagements of one kind, and who came to them."""

    tables = (_DISTRICTS,)

    def about(self) -> dict[str, Any]:
        """The kind of the address. Raises Http404 for one that there is not."""
        kind = self.kwargs["slug"]
        if kind not in EngagementKind.values:
            raise Http404
        self.scope, self.name = Scope(kind=kind), str(EngagementKind(kind).label)
        return super().about()


def sections_of(scope: Scope, period: Period, form: ComparisonForm, *, for_team: bool) -> Sections:
    """The sections for what a form asks for: against the period that it names, else against the year before."""
    return Sections(
        period=period,
        against=form.other or year_before(period),
        scope=scope,
        today=timezone.localdate(),
        for_team=for_team,
        measure=form.cleaned_data.get("measure") or "",
        against_all=form.other is not None,
    )
