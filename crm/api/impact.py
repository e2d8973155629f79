"""Figures, and the rows behind them. They are counted in guilds/impact; nothing is added up here."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from crm.api.impact_shapes import (
    EVIDENCE_PARAMETERS,
    SUMMARY_PARAMETERS,
    EvidencePageShape,
    SummaryShape,
)
from crm.api.pagination import page_size
from crm.api.resources import Strict, day, written
from guilds.audit.refusals import Refusals, refuse
from guilds.impact import periods
from guilds.impact.evidence import EvidenceRow, evidence
from guilds.impact.periods import Period
from guilds.impact.totals import Figure, Scope, Summary, SummaryRow, summary

BYS = ("guild", "district", "kind", "month", "total")


class ImpactSummary(Strict, APIView):
    """Figures of a period by guild, district, kind, month, or in total."""

    permission_name = "impact.view"
    parameters, shape = SUMMARY_PARAMETERS, SummaryShape

    def known_parameters(self) -> set[str]:
        """Those of the schema."""
        return {parameter.name for parameter in self.parameters}

    def get(self, request: Request) -> Response:
        """A table of figures, each with what is confirmed and what is missing."""
        params = request.query_params
        by: Any = params.get("by", "total")
        if by not in BYS:
            raise refuse("by", f"Say one of {', '.join(BYS)}", "invalid_choice")
        measures = [slug for slug in params.get("measures", "").split(",") if slug] or None
        found = summary(
            period=_period(params),
            by=by,
            scope=_scope(params),
            measures=measures,
            for_team=is_team(request),
        )
        return Response(_table(found))


class ImpactEvidence(Strict, APIView):
    """The rows behind a figure; contributions of an additive measure add up to it."""

    permission_name = "impact.evidence"
    parameters, shape = EVIDENCE_PARAMETERS, EvidencePageShape

    def known_parameters(self) -> set[str]:
        """Those of the schema."""
        return {parameter.name for parameter in self.parameters}

    def get(self, request: Request) -> Response:
        """One page of rows, without personal details."""
        params = request.query_params
        if not params.get("measure"):
            raise refuse("measure", "Say which measure", "required")
        page = _evidence(params, for_team=is_team(request))
        following = page.next and replace_query_param(request.build_absolute_uri(), "cursor", page.next)
        rows = [_row(row) for row in page.rows]
        return Response({"next": following, "previous": None, "total": page.total, "results": rows})


def is_team(request: Request) -> bool:
    """Whether the caller is one of the team; figures of a characteristic are not for others."""
    return bool(getattr(request.user, "is_staff_member", False))


def _evidence(params: Any, *, for_team: bool) -> Any:
    try:
        return evidence(
            measure=params["measure"],
            period=_period(params),
            scope=_scope(params),
            after=params.get("cursor"),
            size=page_size(params.get("page_size")),
            for_team=for_team,
        )
    except ValidationError as error:
        raise ValidationError(
            {{"after": "cursor"}.get(field, field): errors for field, errors in error.error_dict.items()}
        ) from None


def _scope(params: Any) -> Scope:
    return Scope(**{name: params.get(name) or None for name in ("guild", "district", "kind")})


def _period(params: Any) -> Period:
    """`period`, or `from` and `to`. Raises ValidationError for none, both, or what is no period."""
    given, start, end = params.get("period"), params.get("from"), params.get("to")
    if given and (start or end):
        raise refuse("period", "Give a period, or from and to", "ambiguous")
    if not (start or end):
        return periods.parse(given or "")
    days: dict[str, Any] = {}
    refusals = Refusals()
    for name, text in (("from", start), ("to", end)):
        days[name] = _day(text)
        refusals.add_when(days[name] is None, name, "Give a date such as 2016-09-01", "invalid")
    refusals.raise_if_any()
    return periods.between(days["from"], days["to"])


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _table(found: Summary) -> dict[str, Any]:
    period = found.period
    return {
        "period": {"slug": period.slug, "label": period.label, "from": day(period.start), "to": day(period.end)},
        "as_of": day(found.as_of),
        "methodology_version": found.methodology_version,
        "refreshed_at": written(found.refreshed_at),
        "by": found.by,
        "rows": [_figures(row) for row in found.rows],
        "total": _figures(found.total),
    }


def _figures(row: SummaryRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": row.label,
        "measures": {slug: _figure(figure) for slug, figure in row.measures.items()},
    }


def _figure(figure: Figure) -> dict[str, Any]:
    """A ratio says what it is made of; other figures have no such parts."""
    shown: dict[str, Any] = {
        "value": figure.value,
        "confirmed": figure.confirmed,
        "missing": figure.missing,
        "target": figure.target,
        "adds_up": figure.adds_up,
    }
    if figure.symbol:
        shown["symbol"] = figure.symbol
    if figure.denominator is not None:
        shown |= {"numerator": figure.numerator, "denominator": figure.denominator, "parts": figure.parts}
    return shown


def _row(row: EvidenceRow) -> dict[str, Any]:
    return {
        "record": row.record,
        "id": str(row.id),
        "title": row.title,
        "on": day(row.on),
        "guild": row.guild,
        "district": row.district,
        "organisation": row.organisation,
        "status": row.status,
        "contribution": row.contribution,
        "confirmed": row.confirmed,
        "missing": row.missing,
        "promised": row.promised,
    }
