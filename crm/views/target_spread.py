"""A target of the county spread over the guilds: a proposal that is changed and saved in one go."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from crm import figures
from crm.forms.targets import ProposalForm, SpreadForm
from crm.views.form_page import FormPage
from crm.views.impact import earliest_month
from guilds.impact import periods, targets
from guilds.impact.measures import MEASURES, STOCKS
from guilds.impact.totals import summary
from guilds.reference.models import Guild


class SpreadTargets(FormPage):
    """First asks what is spread and how; then shows each guild's part in a box of its own."""

    permission_name = "target.change"
    template_name = "targets/spread.html"
    heading, submit_label = "Spread a target over the guilds", "Save all targets"

    @cached_property
    def asked(self) -> SpreadForm:
        """What the address says is spread; not filled in at first."""
        today = timezone.localdate()
        data = self.request.GET if "value" in self.request.GET else None
        start = {name: self.request.GET.get(name) for name in ("measure", "period") if name in self.request.GET}
        return SpreadForm(data, today=today, earliest=earliest_month(today), initial=start)

    @property
    def guilds(self) -> list[Guild]:
        """Those that exist in the period."""
        return list(Guild.objects.visible_to(self.request.user).active(self.asked.span.end).order_by("name"))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """What is asked first, or the proposal."""
        return super().get(request, **kwargs) if self.asked.is_valid() else self.question()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save all, or none."""
        return super().post(request, **kwargs) if self.asked.is_valid() else self.question()

    def question(self) -> HttpResponse:
        """Only what is asked first."""
        return self.page(asked=self.asked, heading=self.heading, cancel_address=self.way_back())

    def form(self, *args: Any, **kwargs: Any) -> forms.Form:
        """A box for each guild."""
        return ProposalForm(*args, guilds=self.guilds, **kwargs)

    def initial(self) -> dict[str, Any]:
        """The proposal: parts that add up."""
        said = self.asked.cleaned_data
        return {"county": said["value"]} | targets.spread(said["value"], self._weights(said["how"]))

    def _weights(self, how: str) -> Mapping[str, float]:
        slugs = [guild.slug for guild in self.guilds]
        if how == "equal":
            return dict.fromkeys(slugs, 1)
        measures = list(STOCKS) if how == "members" else [self.asked.cleaned_data["measure"]]
        period = periods.month_of(timezone.localdate()) if how == "members" else periods.year_before(self.asked.span)
        rows = {row.key: row for row in summary(period=period, by="guild", measures=measures).rows}
        return {slug: _sum(rows[slug].measures) if slug in rows else 0 for slug in slugs}

    def act(self, form: ProposalForm) -> str:  # type: ignore[override]
        """Save them."""
        said = self.asked.cleaned_data
        targets.set_for_guilds(by=self.request.user, measure=said["measure"], period=said["period"],
                               values=form.values, reason=form.cleaned_data["reason"])  # fmt: skip
        together, county = sum(value for guild, value in form.values.items() if guild), form.values.get(None)
        self.told = _told(together, county)
        return f"{reverse('target_list')}?{urlencode({'period': said['period']})}"

    @property
    def done(self) -> str:  # type: ignore[override]
        """Also whether the parts still add up."""
        return getattr(self, "told", "The targets are saved")

    def words(self) -> dict[str, Any]:
        """What is spread."""
        said = self.asked.cleaned_data
        label = MEASURES[said["measure"]].label
        return super().words() | {"asked": self.asked, "about": f"{label}, {self.asked.span.label}"}

    def way_back(self) -> str:
        """The list."""
        return reverse("target_list")


def _sum(measures: Mapping[str, Any]) -> float:
    return sum(figure.value or 0 for figure in measures.values())


def _told(together: int, county: int | None) -> str:
    if county is None or county == together:
        return "The targets are saved"
    numbers = figures.number(together), figures.number(county)
    return f"The targets are saved. Those of the guilds add up to {numbers[0]}, that of the county is {numbers[1]}"
