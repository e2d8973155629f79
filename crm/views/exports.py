"""Lists as files, and who took them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import slugify

from crm.exports.columns import Column
from crm.exports.tables import FORMATS, FigureTable, table_file
from crm.exports.writing import csv_lines, xlsx_file
from crm.views.list_table import address_with
from guilds.access.bookkeeping import log_export
from guilds.access.models import ExportFormat

#: Rows that are in memory at a time.
CHUNK = 1000
_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export(
    request: HttpRequest, *, rows: QuerySet, columns: Sequence[Column], list_name: str, title: str, filters: str
) -> HttpResponseBase:
    """All of `rows` as CSV or XLSX, noted in the log of exports."""
    form = ExportFormat(request.GET["export"])
    keys = [column.key for column in columns]
    log_export(
        by=request.user,  # type: ignore[arg-type]
        list_name=list_name,
        filters=filters,
        columns=keys,
        rows=rows.order_by().count(),
        format=form,
    )
    name = f"{slugify(title)}-{timezone.localdate():%Y-%m-%d}.{form}"
    response = _response(form, rows.iterator(chunk_size=CHUNK), columns, title)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Type"] = _TYPES[form]
    response.headers["Cache-Control"] = "private, no-store"
    return response


def asked_file(request: HttpRequest) -> str:
    """The format in which a page's tables are asked for (`?file=`); empty for the page itself."""
    form = request.GET.get("file", "")
    return form if form in FORMATS else ""


def offered_files(request: HttpRequest) -> list[tuple[str, str]]:
    """The addresses of what the page shows as files."""
    return [(form, address_with(request, file=form)) for form in FORMATS]


def figures_file(
    request: HttpRequest, table: FigureTable, form: str, *, list_name: str, filters: str | None = None
) -> HttpResponse:
    """A table of figures as a file, noted in the log of exports with its filters: what was asked for, unless given.

    `form` is one of crm.exports.tables.FORMATS.
    """
    asked = {name: said for name, said in request.GET.items() if said and name not in ("q", "file")}
    log_export(
        by=request.user,  # type: ignore[arg-type]
        list_name=list_name,
        filters=urlencode(asked) if filters is None else filters,
        columns=table.headings,
        rows=len(table.rows),
        format=form,
    )
    return table_file(table, form)


def _response(form: ExportFormat, rows: Any, columns: Sequence[Column], title: str) -> HttpResponseBase:
    if form == ExportFormat.CSV:
        return StreamingHttpResponse(csv_lines(columns, rows))
    return FileResponse(xlsx_file(columns, rows, title))
