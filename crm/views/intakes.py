"""The intakes of an academic year: what is open, filled, started and unfilled in each, by guild."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from crm.exports.tables import FORMATS, FigureTable
from crm.views.base import Page
from crm.views.exports import figures_file
from guilds.impact.periods import Period, academic_year
from guilds.opportunities import intakes
from guilds.opportunities.intakes import LISTED, STAGES, IntakeTable, Line


class YearForm(forms.Form):
    """Which academic year."""

    year = forms.ChoiceField(label="Academic year", required=False)

    def __init__(self, chosen: str, *, years: list[date], usual: date) -> None:
        super().__init__({"year": chosen or academic_year(usual).slug})
        box: Any = self.fields["year"]
        box.choices = [(academic_year(start).slug, academic_year(start).label) for start in years]
        self._starts = {academic_year(start).slug: start for start in years}

    @property
    def start(self) -> date | None:
        """The first day of the year that was chosen; None for one that is not offered."""
        return self._starts.get(self.cleaned_data["year"]) if self.is_valid() else None


class Intakes(Page):
    """Positions by intake; each number opens the list of exactly what it counts."""

    permission_name = "apprenticeship.view"
    template_name = "opportunities/intakes.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The tables of the year that was asked for, or of this one."""
        today = timezone.localdate()
        form = YearForm(request.GET.get("year", ""), years=intakes.years(request.user, today=today), usual=today)
        year = academic_year(form.start) if form.start else None
        found = intakes.tables(request.user, start=year.start) if year else []
        if year and request.GET.get("export") in FORMATS:
            table = _as_file(found, year)
            return figures_file(request, table, request.GET["export"], list_name="intakes", filters=f"year={year.slug}")
        return self.page(
            form=form,
            year=year,
            files=[(name, f"?{urlencode({'year': year.slug, 'export': name})}") for name in FORMATS] if year else [],
            stages=[label for label, _ in STAGES.values()],
            overview=[(table, _numbers(table.total, table, year)) for table in found],
            tables=[_shown(table, year) for table in found if any(table.total.positions)] if year else [],
        )


def _as_file(found: list[IntakeTable], year: Period) -> FigureTable:
    """Every line of every intake that has positions, guild by guild, as the page shows them."""
    rows: list[tuple[str | int, ...]] = [
        (table.label, line.name, *line.positions) for table in found for line in table.lines
    ]
    stages = [label for label, _ in STAGES.values()]
    return FigureTable(f"Apprenticeship intakes {year.slug}", ["Intake", "Guild", *stages], rows)


def _shown(table: IntakeTable, year: Period) -> dict[str, Any]:
    return {
        "table": table,
        "lines": [(line, _numbers(line, table, year)) for line in [*table.lines, table.total]],
        "open": table.open[:LISTED],
        "more": len(table.open) > LISTED,
        "all_open": _address(table, year, None, "open"),
    }


def _numbers(line: Line, table: IntakeTable, year: Any) -> list[tuple[int, str, str]]:
    """Each number with the address of what it counts, and what the column says."""
    guild = None if line is table.total else line.slug or "county-wide"
    return [
        (number, _address(table, year, guild, stage), label)
        for number, (stage, (label, _)) in zip(line.positions, STAGES.items(), strict=True)
    ]


def _address(table: IntakeTable, year: Any, guild: str | None, stage: str) -> str:
    asked = {"year": year.slug, "intake": table.value or "any", "stage": stage} | ({"guild": guild} if guild else {})
    return f"{reverse('apprenticeship_list')}?{urlencode(asked)}"
