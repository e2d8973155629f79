"""A publication for anybody who has its address: a page, tables for other people's pages, and files for programs.

Only while an administrator has switched it on, only what was published, and only as it was published. Nobody signs in
here, so the pages know no reader: they are the same for everybody, and whoever keeps a copy asks whether it still holds.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from crm.context import SERVICE_NAME
from crm.documents.packs import pack_name
from crm.documents.sentences import hidden, sentences
from crm.exports.public import as_json, columns_of
from crm.exports.publications import publication_table
from crm.exports.tables import as_csv
from crm.forms.publications import MeasureForm
from crm.published import FIRST, Shown, measure_of, tables
from crm.views.brand import version as brand_version
from guilds.publishing.models import Publication, PublishedFigure
from guilds.publishing.reading import (
    figures_of,
    newest,
    newest_pack,
    public_version,
    public_versions,
    published_before,
)

#: The measure whose tables are shown unless the reader chose another.
USUAL = "encounters"
Answer = Callable[..., HttpResponse]


def public(view: Answer) -> Callable[..., HttpResponseBase]:
    """A view of a public version: 404 without one. Its answer may be kept, and is asked for again each time.

    So what is taken away from the public is gone at once, and what has not changed costs no more than a question.
    """

    @wraps(view)
    def answer(request: HttpRequest, token: str, **parts: str) -> HttpResponseBase:
        publication = public_version(token)
        if publication is None:
            raise Http404
        response = view(request, publication, **parts)
        response.headers["Cache-Control"] = "public, no-cache"
        response.headers["X-Robots-Tag"] = "noindex"  # its address is for those who were given it
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response.headers["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response) or response

    answer.permission_name = "public"  # type: ignore[attr-defined]
    return require_safe(answer)


def for_programs(view: Answer) -> Answer:
    """Programs in other people's pages may read it too: it is the same for everybody, and no cookie goes with it."""

    @wraps(view)
    def answer(*args: Any, **parts: str) -> HttpResponse:
        response = view(*args, **parts)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return answer


@public
def page(request: HttpRequest, publication: Publication) -> HttpResponse:
    """The figures with all that is needed to read them; `?measure=` chooses whose tables are shown."""
    form = MeasureForm(request.GET)
    chosen = (form.is_valid() and form.cleaned_data["measure"]) or USUAL
    figures = figures_of(publication)
    embed = request.build_absolute_uri(reverse("published_embed", args=[publication.token, chosen]))
    return shown(
        "public/page.html",
        publication,
        summary=summary_of(publication, figures),
        totals=[(Shown(figure), None) for figure in figures if figure.by == "total"],
        tables=tables(figures, chosen),
        form=MeasureForm({"measure": chosen}),
        chosen=chosen,
        measure=measure_of(chosen),
        versions=public_versions(publication),
        newest=newest(publication),
        embed=embed,
        pack=newest_pack(publication),
        addresses=addresses_of(request, publication),
    )


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@public
def embed(request: HttpRequest, publication: Publication, measure: str) -> HttpResponse:
    """The tables of one measure for a frame in anybody's page; `?by=` chooses one table. Raises Http404 for a measure
    that was not published."""
    figures = figures_of(publication, measure)
    if not figures:
        raise Http404
    found = tables(figures, measure)
    chosen = [table for table in found if table.by == request.GET.get("by")] or found
    return shown(
        "public/embed.html",
        publication,
        measure=measure_of(measure),
        total=next(Shown(figure) for figure in figures if figure.by == "total"),
        tables=chosen,
        newest=newest(publication),
        addresses=addresses_of(request, publication),
    )


@public
def pack_file(request: HttpRequest, publication: Publication) -> HttpResponse:
    """The board pack that was made last. Raises Http404 where there is none."""
    pack = newest_pack(publication)
    if pack is None:
        raise Http404
    with pack.file.open("rb") as file:
        response = HttpResponse(file.read(), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{pack_name(pack)}"'
    return response


@public
@for_programs
def csv_file(request: HttpRequest, publication: Publication) -> HttpResponse:
    """One figure in a row, with its definition and symbols; what its columns mean is told by the file of its Link."""
    table = publication_table(publication, figures_of(publication))
    response = HttpResponse(as_csv(table), content_type="text/csv; charset=utf-8; header=present")
    meaning = addresses_of(request, publication)["columns"]
    response.headers["Link"] = f'<{meaning}>; rel="describedby"; type="application/csvm+json"'
    return response


@public
@for_programs
def columns_file(request: HttpRequest, publication: Publication) -> HttpResponse:
    """What the columns of the CSV mean."""
    meaning = columns_of(str(publication), addresses_of(request, publication)["csv"])
    return JsonResponse(meaning, content_type="application/csvm+json")


@public
@for_programs
def json_file(request: HttpRequest, publication: Publication) -> HttpResponse:
    """The same figures as by the API."""
    found = as_json(publication, figures_of(publication), addresses=addresses_of(request, publication))
    return JsonResponse(found)


def addresses_of(request: HttpRequest, publication: Publication) -> dict[str, str]:
    """Where the page, its files, and a newer version for the public are."""
    names = {"page": "published", "csv": "published_csv", "columns": "published_columns", "json": "published_json",
             "pack": "published_pack"}  # fmt: skip
    found = {name: _whole(request, route, publication) for name, route in names.items()}
    latest = newest(publication)
    if latest.pk != publication.pk and latest.is_public:
        found["newer"] = _whole(request, "published", latest)
    return found


def _whole(request: HttpRequest, route: str, publication: Publication) -> str:
    return request.build_absolute_uri(reverse(route, args=[publication.token]))


def summary_of(publication: Publication, figures: list[PublishedFigure]) -> list[str]:
    """The headline figures in sentences, beside those of the year before where they were published."""
    earlier = published_before(publication)
    comparable = earlier is not None and earlier.methodology_version == publication.methodology_version
    before = figures_of(earlier) if earlier is not None and comparable else []
    told = sentences(_totals(figures), _totals(before))
    return list(filter(None, [*told, hidden(figures)]))


def _totals(figures: list[PublishedFigure]) -> dict[str, PublishedFigure]:
    return {figure.measure: figure for figure in figures if figure.by == "total"}


def shown(template: str, publication: Publication, **context: Any) -> HttpResponse:
    """A page without a reader: what every page says of who is signed in has no place in it."""
    frame = {
        "service_name": SERVICE_NAME,
        "organisation_name": settings.ORGANISATION_NAME,
        "brand_address": f"{reverse('brand')}?v={brand_version()}",
        "demo": settings.DEMO,
        "firsts": FIRST,
    }
    return HttpResponse(render_to_string(template, frame | {"publication": publication} | context))
