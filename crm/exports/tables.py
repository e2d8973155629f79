"""A table of figures as a file: CSV, Excel or OpenDocument, the same in each, and nothing in it that would be a formula."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify

from crm.exports.writing import harmless

Value = str | int | float | Decimal | date | datetime | None


@dataclass(frozen=True)
class FigureTable:
    """Headings and rows. `notes` are said under the rows, in spreadsheets on a sheet of their own; a CSV has none."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]
    notes: Sequence[str] = ()


def as_csv(table: FigureTable) -> bytes:
    """UTF-8 with the mark by which Excel knows it."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow([_in_csv(heading) for heading in table.headings])
    writer.writerows([_in_csv(value) for value in row] for row in table.rows)
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def as_xlsx(table: FigureTable) -> bytes:
    """A workbook: the rows, and the notes on a second sheet."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("Figures")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [_plain(heading) for heading in table.headings], bold)
        for number, row in enumerate(table.rows, start=1):
            for place, value in enumerate(row):
                plain = _plain(value)
                (sheet.write_string if isinstance(plain, str) else sheet.write_number)(number, place, plain)
        if table.notes:
            notes = book.add_worksheet("Notes")
            for number, note in enumerate((table.title, *table.notes)):
                notes.write_string(number, 0, harmless(note))
    return file.getvalue()


def as_ods(table: FigureTable) -> bytes:
    """An OpenDocument spreadsheet: the rows, and the notes on a second sheet."""
    from odfdo import Document, Row, Table

    document = Document("spreadsheet")
    document.body.clear()
    for name, rows in (("Figures", [table.headings, *table.rows]), ("Notes", [[note] for note in table.notes])):
        sheet = Table(name)
        for values in rows:
            row = Row()
            row.set_values([_plain(value) for value in values])
            sheet.append_row(row)
        if rows:
            document.body.append(sheet)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


#: How a file is written, and what it is called on the way, by its ending.
FORMATS: dict[str, tuple[Callable[[FigureTable], bytes], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": (as_ods, "application/vnd.oasis.opendocument.spreadsheet"),
}


def table_file(table: FigureTable, form: str) -> HttpResponse:
    """The download; `form` is one of FORMATS."""
    write, content_type = FORMATS[form]
    response = HttpResponse(write(table), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{slugify(table.title)}.{form}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _plain(value: Value) -> Any:
    """A number, or a text that stays one."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, int | float | Decimal):
        return float(value) if isinstance(value, Decimal) else value
    return harmless(_text(value))


def _in_csv(value: Value) -> str:
    plain = _plain(value)
    return plain if isinstance(plain, str) else f"{plain:.10g}" if isinstance(plain, float) else str(plain)


def _text(value: str | date | datetime) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return value if isinstance(value, str) else value.isoformat()
