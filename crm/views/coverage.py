"""Coverage and cold spots: which schools met employers, and which did not, longest without first."""

from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from crm.exports.coverage import COLD_SPOTS, coverage_table
from crm.figures import evidence_address, percent
from crm.filtersets.coverage import CoverageFilterSet, asked_of_schools, schools_meant
from crm.views.exports import asked_file, figures_file, offered_files
from crm.views.lists import ListPage
from crm.views.paging import Listing
from guilds.access.permissions import allowed
from guilds.impact import periods
from guilds.impact.cold_spots import ColdSpots, Line
from guilds.impact.measures import MEASURES
from guilds.impact.saved_scopes import SavedScope
from guilds.impact.scopes import COUNTY_WIDE, Scope
from guilds.organisations.models import Organisation

#: The filters that say which schools are meant; a saved scope says so, too.
_WHICH = ("coastal", "provider_kind", "district", "local_kind")


class ColdSpotList(ListPage):
    """Tables of shares, and the schools that were left out."""

    permission_name = "impact.view"
    template_name = "coverage/list.html"
    filterset_class = CoverageFilterSet
    orderings = (
        ("last_met", "Longest without first"), ("-last_met", "Last met first"), ("-pupils_known", "Most pupils first"),
        ("pupils_known", "Fewest pupils first"), ("name", "Name, A to Z"), ("-name", "Name, Z to A"),
    )  # fmt: skip
    columns, title = COLD_SPOTS, "Cold spots"

    @cached_property
    def _filters(self) -> Any:
        filters = self.filterset_class(self.request.GET, queryset=Organisation.objects.none(), request=self.request)
        filters.form.is_valid()
        return filters.form

    @property
    def asked(self) -> dict[str, Any]:
        """The filters that make sense, by name."""
        return dict(self._filters.cleaned_data)

    @cached_property
    def period(self) -> periods.Period:
        """The academic year that was asked for, or this one."""
        slug = self.asked.get("period")
        return periods.parse(slug) if slug else periods.academic_year(timezone.localdate())

    @cached_property
    def scope(self) -> Scope:
        """What reached a school: a guild's work, or one kind of engagement."""
        guild = self.asked.get("guild")
        lead = guild if guild in (None, "", COUNTY_WIDE) else guild.slug
        saved = self.saved
        return Scope(
            guild=lead or (saved and saved.guild_id) or None,
            kind=self.asked.get("kind") or (saved and saved.kind) or None,
        )

    @property
    def saved(self) -> SavedScope | None:
        """The saved scope that was asked for."""
        return self.asked.get("scope")

    @cached_property
    def found(self) -> ColdSpots:
        """The coverage that the filters ask for."""
        return ColdSpots(self.period, self.scope, schools_meant(self.asked))

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The page, or its tables as a file where the filters make sense."""
        form = asked_file(request)
        if form and not self._filters.errors:
            return figures_file(request, coverage_table(self.found), form, list_name="coverage_file")
        return super().get(request)

    def rows(self) -> QuerySet:
        """The schools that were left out."""
        schools = self.found.schools(self.request.user).select_related("district")
        return schools.annotate(pupils_known=Coalesce("pupils", 0))

    def extras(self, listing: Listing) -> dict[str, Any]:
        """The tables."""
        total, (pupils, unknown) = self.found.total, self.found.pupils()
        return {
            "period": self.period,
            "measure": MEASURES["coverage"],
            "total": total,
            "share": percent(total.reached / total.there) if total.there else "z",
            "pupils": pupils,
            "pupils_unknown": unknown,
            "districts": [self._shown(line, "district") for line in [*self.found.districts(), self.found.all_kinds()]],
            "guilds": [self._shown(line, "guild") for line in self.found.guilds()] if not self.scope.guild else [],
            "years": self.found.year_groups(),
            "scopes": self._scopes(),
            "chosen_scope": self.saved,
            "keep": self._to_be_kept(),
            "evidence": self._evidence(),
            "files": offered_files(self.request),
        }

    def _filtered(self, form: Any) -> bool:
        """The year alone narrows nothing; and where every school was reached, no filter is to blame for an empty list."""
        everybody_reached = self.found.total.there and not self.found.total.left_out
        return not everybody_reached and any(
            form.data.get(name) for name in form.fields if name not in ("ordering", "period")
        )

    def _shown(self, line: Line, by: str) -> dict[str, Any]:
        cells = [*line.kinds, ("", line.all)]
        return {
            "label": line.label,
            "cells": [(share, self._address(by, line.key, kind) if share.left_out else "") for kind, share in cells],
        }

    def _address(self, by: str, key: str, kind: str) -> str:
        """The list of the cold spots that one cell leaves out."""
        asked = {
            name: value
            for name, value in self.request.GET.items()
            if name in self.filterset_class.base_filters and value
        }
        asked |= {} if key == "total" else {by: key}
        asked |= {"provider_kind": kind} if kind else {}
        return f"?{urlencode(asked)}#cold-spots"

    def _scopes(self) -> list[tuple[str, str, bool]]:
        """All schools and every saved scope: words, address, and whether it is what is shown."""
        further = any(self.request.GET.get(name) for name in _WHICH)
        kept = {"period": self.asked["period"]} if self.asked.get("period") else {}
        scopes = SavedScope.objects.visible_to(self.request.user)
        named = [("All schools", {}, None), *((one.name, {"scope": one.slug}, one) for one in scopes)]
        return [
            (words, f"{reverse('coverage')}?{urlencode(kept | said)}", one == self.saved and not further)
            for words, said, one in named
        ]

    def _to_be_kept(self) -> str:
        """Where what is filtered now gets a name; empty where nothing is, where it has one, or to who may not."""
        names = (*_WHICH, "guild", "kind")
        said = {name: self.request.GET[name] for name in names if self.request.GET.get(name)}
        may = allowed(self.request.user, "scope.change")
        kept = {"period": self.asked["period"]} if self.asked.get("period") else {}
        return f"{reverse('scope_new')}?{urlencode(said | kept)}" if said and may and not self.saved else ""

    def _evidence(self) -> str:
        """Where the schools behind the figure are, narrowed as it is."""
        district = self.asked.get("district")
        scope = replace(self.scope, district=getattr(district, "code", district) or None)
        return evidence_address("coverage", self.period, scope, asked_of_schools(self.request))
