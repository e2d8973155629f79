"""The rows behind a figure."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from crm import figures
from crm.filtersets.coverage import CoverageFilterSet, asked_of_schools, schools_meant
from crm.views.base import Page
from guilds.engagement.models import Engagement, EngagementKind
from guilds.impact import periods
from guilds.impact.evidence import EvidencePage, EvidenceRow, evidence
from guilds.impact.measures import MEASURES
from guilds.impact.saved_scopes import SavedScope
from guilds.impact.scopes import COUNTY_WIDE, UNKNOWN
from guilds.impact.totals import Scope
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.models import LocalKind, Organisation, ProviderKind
from guilds.pledges.models import Pledge
from guilds.reference.models import District, Guild

#: Whose pages rows may lead to.
MODELS: dict[str, Any] = {
    str(model._meta.model_name): model for model in (Engagement, Pledge, Placement, Apprenticeship, Organisation)
}
SIZE = 50
NOT_BY_SCHOOL = (
    "“{}” is not told of some schools alone: leave the saved scope and the kind of school out of the address"
)
_YES_NO = {True: "Yes", False: "No"}


class ImpactEvidence(Page):
    """What a figure is made of: every row with what it adds, those without a number among them."""

    permission_name = "impact.evidence"
    template_name = "impact/evidence.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of rows, or what is wrong with the address."""
        try:
            return self.page(**self._found(request))
        except ValidationError as refusal:
            return self.page(refusals=refusal.messages, status=400)

    def _found(self, request: HttpRequest) -> dict[str, Any]:
        asked = {name: request.GET.get(name) or None for name in ("measure", "period", "guild", "district", "kind")}
        slug = asked["measure"] or ""
        if slug not in MEASURES:
            raise ValidationError(f"There is no measure “{slug}”")
        period, schools = periods.parse(asked["period"] or ""), _schools(request, slug)
        scope = _scope(asked, schools.get("scope"))
        after = request.GET.get("cursor") or None
        for_team = bool(getattr(request.user, "is_staff_member", False))
        page = evidence(
            measure=slug, period=period, scope=scope, only=schools_meant(schools), after=after, size=SIZE, for_team=for_team
        )  # fmt: skip
        names = _names()
        return {
            "measure": MEASURES[slug],
            "period": period,
            "shown": figures.shown(slug, page.figure, period=period, scope=scope),
            "where": [*_which(schools), *_where(scope, names)],
            "rows": self._rows(page, names),
            "listing": {"next": page.next, "previous": None},
            "first": _without_cursor(request) if after else "",
            "of_organisations": all(row.record == "organisation" for row in page.rows),
            "has_confirmed": any(row.confirmed is not None for row in page.rows),
            "has_promised": any(row.promised is not None for row in page.rows),
        }

    def _rows(self, page: EvidencePage, names: dict[str, str]) -> list[dict[str, Any]]:
        addresses = openable(page.rows, self.request.user)
        return [
            {
                "row": row,
                "address": addresses.get((row.record, row.id), ""),
                "guild": names.get(row.guild or COUNTY_WIDE, ""),
                "district": names.get(row.district or UNKNOWN, ""),
                "contribution": figures.NOT_AVAILABLE if row.missing else figures.number(row.contribution),
            }
            for row in page.rows
        ]


def _schools(request: HttpRequest, measure: str) -> dict[str, Any]:
    """Which schools are meant, of coverage. Raises ValidationError for a saved scope or kind that there is not."""
    asked = asked_of_schools(request)
    if not asked:
        return {}
    if measure != "coverage":
        raise ValidationError(NOT_BY_SCHOOL.format(MEASURES[measure].label))
    form = CoverageFilterSet(asked, queryset=Organisation.objects.none(), request=request).form
    if not form.is_valid():
        raise ValidationError([f"{form[name].label}: there is no “{asked[name]}”" for name in form.errors])
    return {name: form.cleaned_data[name] for name in asked}


def _scope(asked: dict[str, str | None], saved: SavedScope | None) -> Scope:
    """What is asked for; a saved scope says through whose work and what, where nothing else is said."""
    guild, kind = (saved.guild_id, saved.kind or None) if saved else (None, None)
    return Scope(asked["guild"] or guild, asked["district"], asked["kind"] or kind)


def openable(rows: list[EvidenceRow], user: Any) -> dict[tuple[str, Any], str]:
    """The pages behind rows, for those records that this reader may open; one query for each sort of record."""
    found: dict[tuple[str, Any], str] = {}
    for record in {row.record for row in rows} & MODELS.keys():
        if _address(record, rows[0].id):
            ids = {row.id for row in rows if row.record == record}
            seen = MODELS[record].objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)
            found |= {(record, pk): _address(record, pk) for pk in seen}
    return found


def _without_cursor(request: HttpRequest) -> str:
    left = request.GET.copy()
    del left["cursor"]
    return f"?{left.urlencode()}"


def _address(record: str, pk: Any) -> str:
    """The record's page; empty where this version has none for its sort."""
    try:
        return reverse(f"{record}_detail", args=[pk])
    except NoReverseMatch:
        return ""


def _names() -> dict[str, str]:
    """How guilds and districts are called, by slug and code; names stand for themselves."""
    names = dict(Guild.objects.values_list("slug", "name")) | dict(District.objects.values_list("code", "name"))
    return names | {COUNTY_WIDE: "County-wide", UNKNOWN: "Not known"}


def _where(scope: Scope, names: dict[str, str]) -> list[tuple[str, str]]:
    """What the figure is narrowed to, in words."""
    parts = [("Guild", names.get(scope.guild or "", "")), ("District", names.get(scope.district or "", ""))]
    kind = EngagementKind(scope.kind).label if scope.kind in EngagementKind.values else ""
    return [(word, value) for word, value in [*parts, ("Kind", kind)] if value]


def _which(schools: dict[str, Any]) -> list[tuple[str, str]]:
    """Which schools are meant, in words."""
    labels = {"provider_kind": ProviderKind, "local_kind": LocalKind}
    filters = CoverageFilterSet.base_filters
    return [
        (str(filters[name].label), str(labels[name](value).label) if name in labels else _YES_NO.get(value, str(value)))
        for name, value in schools.items()
    ]
