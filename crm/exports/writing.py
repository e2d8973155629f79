"""Rows as a file: whole, in constant memory, and with nothing in it that a spreadsheet would take for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import xlsxwriter
from django.utils import timezone

from crm.exports.columns import Column, Value

#: What makes a spreadsheet take a text for a formula, wherever the text came from.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDTH = 18


def harmless(text: str) -> str:
    """A text that stays a text: an apostrophe before what would be a formula, as OWASP advises."""
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


class _Echo:
    """What csv writes to: gives the line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[bytes]:
    """UTF-8 with the mark by which Excel knows it; line after line."""
    writer = csv.writer(_Echo())
    yield b"\xef\xbb\xbf" + writer.writerow([column.heading for column in columns]).encode()  # type: ignore[attr-defined]
    for row in rows:
        yield writer.writerow([_as_text(column.value(row)) for column in columns]).encode()  # type: ignore[attr-defined]


def _as_text(value: Value) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return ""
    return str(value) if isinstance(value, int | Decimal) else harmless(str(value))


def xlsx_file(columns: Sequence[Column], rows: Iterable[Any], title: str) -> BinaryIO:
    """A workbook in a temporary file, at its start; dates are dates and numbers are numbers."""
    file: Any = TemporaryFile()  # noqa: SIM115
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, _WIDTH)
        bold = book.add_format({"bold": True})
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.heading, bold)
        formats = {date: book.add_format({"num_format": "yyyy-mm-dd"}),
                   datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"})}  # fmt: skip
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                _write(sheet, number, place, column.value(row), formats)
    file.seek(0)
    return file


def _write(sheet: Any, row: int, column: int, value: Value, formats: dict) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, timezone.localtime(value).replace(tzinfo=None), formats[datetime])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats[date])
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, column, float(value) if isinstance(value, Decimal) else value)
    elif value not in (None, ""):
        sheet.write_string(row, column, harmless(str(value)))
