"""Targets: what is aimed at in a period and how far it is, one target with its history, setting, moving and ending one."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from crm import figures
from crm.exports.tables import FigureTable
from crm.exports.targets import target_table
from crm.forms.targets import EndForm, MoveForm, TargetForm
from crm.histories.parts import TARGET
from crm.histories.presenter import history_of
from crm.views.base import RecordPage
from crm.views.exports import offered_files
from crm.views.form_page import FormPage
from crm.views.impact import FiguresPage, earliest_month
from guilds.access.permissions import allowed
from guilds.impact import forecast, periods, targets
from guilds.impact.measures import MEASURES
from guilds.impact.models import Target
from guilds.impact.periods import Period
from guilds.impact.scopes import TOTAL
from guilds.impact.totals import Figure, Scope, Shared, SummaryRow, summary

WHOLE_COUNTY = "Whole county"


class TargetList(FiguresPage):
    """The targets of a period: the county's with their forecast, then guilds' and districts'."""

    permission_name = "target.view"
    template_name = "targets/list.html"
    file_name = "target_file"

    def about(self) -> dict[str, Any]:
        """The periods that have targets, whichever is shown, and what its reader may do."""
        slugs = Target.objects.visible_to(self.request.user).in_force().values_list("period", flat=True)
        aimed_in = sorted({periods.parse(slug) for slug in slugs.order_by().distinct()}, key=lambda one: one.start)
        return {"aimed_in": aimed_in, "may_change": allowed(self.request.user, "target.change")}

    def figures(self, period: Period, form: Any) -> dict[str, Any]:
        """Every target with its figure, in a number of queries that does not grow with them."""
        found = Target.objects.visible_to(self.request.user).in_force().filter(period=period.slug)
        aims = list(found.select_related("guild", "district").order_by("measure", "guild__name", "district__name"))
        slugs = list(dict.fromkeys(aim.measure for aim in aims))
        today, rows = timezone.localdate(), _rows(aims, slugs, period)
        said = forecast.forecasts(period, slugs, today=today) if slugs else {}
        return {
            "rows": [
                {"target": aim, "name": name_of(aim), "shown": _shown(aim, rows, period, today),
                 "forecast": said.get(aim.measure) if aim.guild_id is None and aim.district_id is None else None}
                for aim in aims
            ],
            "files": offered_files(self.request),
            "no_forecast": forecast.refusal(period, today),
            "method": forecast.METHOD,
        }  # fmt: skip

    def table_of(self, period: Period, context: dict[str, Any]) -> FigureTable:
        """The table with what belongs to each figure."""
        return target_table(period, context["rows"], context["method"])


def _rows(aims: list[Target], slugs: list[str], period: Period) -> dict[tuple[str, str], SummaryRow]:
    """The figures of the period by guild and, where a district has a target, by district."""
    shared = Shared()
    found: dict[tuple[str, str], SummaryRow] = {}
    for by in ("guild", "district"):
        if slugs and (by == "guild" or any(aim.district_id for aim in aims)):
            read = summary(period=period, by=by, measures=slugs, shared=shared)  # type: ignore[arg-type]
            found |= {(by, row.key): row for row in [*read.rows, read.total]}
    return found


def _shown(aim: Target, rows: dict[tuple[str, str], SummaryRow], period: Period, today: Any) -> figures.Shown:
    by, key = ("district", aim.district_id) if aim.district_id else ("guild", aim.guild_id or TOTAL)
    row = rows.get((by, str(key)))
    figure = (row.measures[aim.measure] if row else Figure(0)).aimed_at(aim.value)
    return figures.shown(aim.measure, figure, period=period, scope=scope_of(aim), pace_on=today)


def name_of(aim: Target) -> str:
    """Whose it is."""
    place = aim.guild or aim.district
    return place.name if place else WHOLE_COUNTY


def scope_of(aim: Target) -> Scope:
    """What it is about."""
    return Scope(guild=aim.guild_id, district=aim.district_id)


class TargetPage(RecordPage):
    """A page about one target."""

    permission_name = "target.view"
    record: Target

    def records(self) -> QuerySet:
        """With its guild and district."""
        return Target.objects.select_related("guild", "district")

    def way_back(self) -> str:
        """Its own page."""
        return address_of(self.record)

    def named(self) -> dict[str, Any]:
        """What it is, in words."""
        aim, span = self.record, periods.parse(self.record.period)
        return {"target": aim, "measure": MEASURES[aim.measure], "name": name_of(aim), "period": span}


class TargetDetail(TargetPage):
    """One target: how far it is, where the year may end, and everything that was ever said about it."""

    template_name = "targets/detail.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page."""
        aim, today = self.record, timezone.localdate()
        period, scope = periods.parse(aim.period), scope_of(aim)
        found = summary(period=period, by="total", scope=scope, measures=[aim.measure])
        figure = found.total.measures[aim.measure].aimed_at(aim.value)
        return self.page(
            **self.named(),
            shown=figures.shown(aim.measure, figure, period=period, scope=scope, pace_on=found.as_of),
            forecast=forecast.forecasts(period, [aim.measure], today=today, scope=scope)[aim.measure],
            method=forecast.METHOD,
            may_change=allowed(request.user, "target.change", aim) and aim.ended_on is None,
            history=history_of(aim, TARGET, reader=request.user),  # type: ignore[arg-type]
        )


class NewTarget(FormPage):
    """Aim at something."""

    permission_name = "target.change"
    heading, submit_label, done = "Set a target", "Set the target", "The target is set"

    def form(self, *args: Any, **kwargs: Any) -> TargetForm:
        """With the periods that there are, and the coming years."""
        today = timezone.localdate()
        return TargetForm(*args, today=today, earliest=earliest_month(today), **kwargs)

    def initial(self) -> dict[str, Any]:
        """What the address says."""
        return {name: self.request.GET.get(name) for name in ("measure", "period", "guild", "district")}

    def act(self, form: TargetForm) -> str:
        """Set it."""
        return address_of(targets.set_new_target(by=self.request.user, **form.cleaned_data))

    def way_back(self) -> str:
        """The list."""
        return reverse("target_list")


class ChangeTarget(FormPage, TargetPage):
    """A form about one target."""

    permission_name = "target.change"

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"version": self.record.version, "value": self.record.value}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form, if it is still aimed at. Raises Conflict."""
        targets.check_in_force(self.record)
        return super().get(request, **kwargs)

    def words(self) -> dict[str, Any]:
        """What it is about."""
        named = self.named()
        about = (
            f"{named['measure'].label}, {named['name']}, {named['period'].label}: {figures.number(self.record.value)}"
        )
        return super().words() | {"about": about}


class MoveTarget(ChangeTarget):
    """Another value, for a reason; the old one stays in the history."""

    heading, submit_label, done = "Move the target", "Move the target", "The target is moved"

    def form(self, *args: Any, **kwargs: Any) -> MoveForm:
        """The new value and why."""
        return MoveForm(*args, **kwargs)

    def act(self, form: MoveForm) -> str:
        """Move it."""
        said = dict(form.cleaned_data)
        version = said.pop("version")
        targets.move_target(by=self.request.user, target=self.record, expected_version=version, **said)
        return self.way_back()


class EndTarget(ChangeTarget):
    """Nobody aims at it any more; its history stays."""

    heading, submit_label, done = "End the target", "End the target", "The target has ended"

    def form(self, *args: Any, **kwargs: Any) -> EndForm:
        """Why."""
        return EndForm(*args, **kwargs)

    def act(self, form: EndForm) -> str:
        """End it today."""
        said, today = form.cleaned_data, timezone.localdate()
        targets.end_target(by=self.request.user, target=self.record, on=today, reason=said["reason"],
                           expected_version=said["version"])  # fmt: skip
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """With a red button."""
        return super().words() | {
            "grave": True,
            "explained": "Figures no longer show it. What it was stays in its history.",
        }


def address_of(target: Target) -> str:
    """The page of a target."""
    return reverse("target_detail", args=[target.pk])
