"""The strategy's indicators: the grid by year, one indicator with its versions and values, and what may be said of it."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from crm.exports.indicators import indicators_table
from crm.exports.tables import FORMATS
from crm.figures import number, percent
from crm.forms.indicators import EndForm, NewIndicatorForm, ValueForm, WordingForm
from crm.histories.indicators import INDICATOR
from crm.histories.presenter import history_of
from crm.views.base import Page, RecordPage
from crm.views.exports import figures_file
from crm.views.form_page import FormPage
from guilds.access.permissions import allowed
from guilds.impact import indicator_actions as actions
from guilds.impact.indicator_grid import SHOWN_PERIODS, Cell, GridRow, grid, is_ratio, periods_of
from guilds.impact.indicators import ALWAYS, Indicator

#: A symbol beside the words, for a quick look; the words say it.
SYMBOLS = {"improving": "▲", "level": "►", "worsening": "▼", "not_applicable": ""}


class IndicatorGrid(Page):
    """All indicators by year."""

    permission_name = "indicator.view"
    template_name = "indicators/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The grid of the latest periods; those that are not followed any more come last."""
        indicators = Indicator.objects.visible_to(request.user)
        columns = periods_of(indicators)[-SHOWN_PERIODS:]
        rows = [_row(row) for row in grid(indicators, columns)]
        return self.page(
            columns=columns,
            rows=[row for row in rows if not row["indicator"].ended_on],
            ended=[row for row in rows if row["indicator"].ended_on],
            headings=", ".join(["Indicator", "Target", *(column.label for column in columns), "Status"]),
            may_change=allowed(request.user, "indicator.change"),
            files=[(form, reverse("indicator_file", args=[form])) for form in FORMATS],
        )


class IndicatorFile(Page):
    """The grid of all periods as a file."""

    permission_name = "indicator.view"

    def get(self, request: HttpRequest, form: str) -> HttpResponse:
        """The download. Raises Http404 for a format that there is not."""
        if form not in FORMATS:
            raise Http404
        indicators = Indicator.objects.visible_to(request.user)
        table = indicators_table(grid(indicators, periods_of(indicators)))
        return figures_file(request, table, form, list_name="indicator_file")


class IndicatorPage(RecordPage):
    """A page about one indicator."""

    permission_name = "indicator.view"
    record: Indicator

    def records(self) -> QuerySet:
        """All."""
        return Indicator.objects.all()

    def way_back(self) -> str:
        """Its own page."""
        return reverse("indicator_detail", args=[self.record.pk])

    def wording(self) -> Any:
        """The words that hold now."""
        return self.record.versions.last()


class IndicatorDetail(IndicatorPage):
    """An indicator: what it says and said, what it was in each period and from where that is known."""

    template_name = "indicators/detail.html"

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Its words, values, versions and history."""
        indicators = Indicator.objects.visible_to(request.user).filter(pk=pk)
        row = grid(indicators, periods_of(indicators))[0]
        values = self.record.values.select_related("district")
        return self.page(
            row=_row(row),
            versions=[(version, version.since) for version in reversed(self.record.versions.all())],
            local=[value for value in values if value.district_id],
            may_change=allowed(request.user, "indicator.change"),
            history=history_of(self.record, INDICATOR, reader=request.user),  # type: ignore[arg-type]
        )


class NewIndicator(FormPage):
    """Begin to follow an indicator."""

    permission_name = "indicator.change"
    heading, done = "Add an indicator", "The indicator is added"

    def form(self, *args: Any, **kwargs: Any) -> NewIndicatorForm:
        """An empty form, or what was sent."""
        return NewIndicatorForm(*args, **kwargs)

    def act(self, form: NewIndicatorForm) -> str:
        """Add it."""
        made = actions.add_indicator(by=self.request.user, **form.facts())
        return reverse("indicator_detail", args=[made.pk])

    def way_back(self) -> str:
        """The grid."""
        return reverse("indicator_list")


class RewordIndicator(FormPage, IndicatorPage):
    """Other words from a day on, or a correction of those that hold from that day."""

    permission_name = "indicator.change"
    heading, done = "Change what it says", "What it says is changed"

    def form(self, *args: Any, **kwargs: Any) -> WordingForm:
        """The words that hold now, or what was sent."""
        return WordingForm(*args, **kwargs)

    def initial(self) -> dict[str, Any]:
        """The words that hold now."""
        now = self.wording()
        said = {name: getattr(now, name) for name in actions.WORDING} if now else {}
        return said | {"valid_from": now.since if now and now.valid_from != ALWAYS else None}

    def act(self, form: WordingForm) -> str:
        """Say so."""
        actions.reword(by=self.request.user, indicator=self.record, **form.facts())
        return self.way_back()


class EnterValue(FormPage, IndicatorPage):
    """What it was in a period, with the source."""

    permission_name = "indicator.change"
    heading, done = "Enter a value", "The value is kept"

    def form(self, *args: Any, **kwargs: Any) -> ValueForm:
        """An empty form, or what was sent."""
        return ValueForm(*args, **kwargs)

    def initial(self) -> dict[str, Any]:
        """What is known of the period of the address."""
        known = self.record.values.filter(period=self.request.GET.get("period", ""), district=None).first()
        names = ("period", "value", "judged", "travel", "source", "note")
        return (
            {name: getattr(known, name) for name in names} if known else {"period": self.request.GET.get("period", "")}
        )

    def act(self, form: ValueForm) -> str:
        """Keep it."""
        actions.set_value(by=self.request.user, indicator=self.record, **form.facts())
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """Of which indicator."""
        return super().words() | {"about": str(self.wording())}


class EndIndicator(FormPage, IndicatorPage):
    """It is not followed any more."""

    permission_name = "indicator.change"
    heading, submit_label, done = "Stop following it", "Stop following it", "It is not followed any more"

    def form(self, *args: Any, **kwargs: Any) -> EndForm:
        """When and why."""
        return EndForm(*args, **kwargs)

    def act(self, form: EndForm) -> str:
        """Say so."""
        actions.end_indicator(by=self.request.user, indicator=self.record, **form.cleaned_data)
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """Of which indicator."""
        return super().words() | {"about": str(self.wording()), "explained": "What is known of it stays in the grid."}


def _row(row: GridRow) -> dict[str, Any]:
    """A row of the grid in words."""
    cells = [_cell(cell, is_ratio(row.wording.measure), row.wording.unit) for cell in row.cells]
    return {"indicator": row.indicator, "wording": row.wording, "judged": row.judged, "cells": cells}


def _cell(cell: Cell, ratio: bool, unit: str) -> dict[str, Any]:
    value = ""
    if cell.value is not None:
        value = percent(float(cell.value)) if ratio else number(float(cell.value)) + ("%" if unit == "%" else "")
    return {
        "period": cell.period, "entered": cell.entered, "value": value, "computed": cell.figure is not None,
        "travel": cell.travel_words, "symbol": SYMBOLS.get(cell.travel, ""),
    }  # fmt: skip
