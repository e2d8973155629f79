"""From a file on disk to numbered rows of text, whatever wrote it: CSV of any usual making, XLSX, or GeoJSON.

Rows are numbered as a spreadsheet shows them: title lines and blank lines count, line breaks inside a cell do not.
Nothing is kept in memory but the row at hand (XLSX: the first sheet).
"""

import codecs
import csv
import hashlib
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from guilds.importing.geojson import begins_geojson, geojson_records

Record = tuple[int, list[str]]
PEEK = 25
_DELIMITERS = ",;\t|"
_SAMPLE_BYTES = 1 << 16
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SPREADSHEETS = {b"PK\x03\x04": "xlsx", b"\xd0\xcf\x11\xe0": "xls"}


class UnreadableFile(Exception):
    """The file as a whole can't be taken; the message is one line for a person."""


@dataclass
class Sheet:
    """An open file: its first rows for a look at the header, and all of its rows, once."""

    encoding: str
    first: list[Record]
    records: Iterator[Record]


def open_sheet(path: Path, encoding: str | None = None) -> Sheet:
    """Open a CSV, XLSX or GeoJSON file. `encoding` is only for a file that is guessed wrongly.

    Raises UnreadableFile.
    """
    start = _start_of(path)
    if start[:4] in _SPREADSHEETS:
        return _sheet("spreadsheet", _spreadsheet_records(path))
    if begins_geojson(start):
        return _sheet("utf-8", _geojson_records(path))
    encoding = encoding or find_encoding(path, start)
    delimiter = find_delimiter(_decode(start, encoding))
    return _sheet(encoding, _csv_records(path, encoding, delimiter))


def checksum(path: Path) -> str:
    """The SHA-256 of a file's bytes: which file an import took."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find_encoding(path: Path, start: bytes) -> str:
    """Byte-order mark, else the zeros of UTF-16, else strict UTF-8 throughout, else cp1252, else a guess."""
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    if b"\x00" in start:
        return _wide_encoding(start)
    for name in ("utf-8", "cp1252"):
        if _decodes(path, name):
            return name
    return _guess(start)


def find_delimiter(sample: str) -> str:
    """The delimiter that cuts most of the first rows into the same, largest number of cells."""
    lines = sample.splitlines(keepends=True)[: PEEK * 4]
    return max(_DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: list[str], delimiter: str) -> int:
    try:
        widths = [len(cells) for cells in itertools.islice(csv.reader(lines, delimiter=delimiter), PEEK)]
    except csv.Error:
        return 0
    counted = Counter(width for width in widths if width > 1)
    return max((width * times for width, times in counted.items()), default=0)


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(_SAMPLE_BYTES)
    except FileNotFoundError:
        raise UnreadableFile(f"There is no file {path}") from None
    except OSError as error:
        raise UnreadableFile(f"{path} can't be read: {error.strerror}") from None
    if not start.strip():
        raise UnreadableFile(f"{path.name} is empty")
    if start.startswith(b"%PDF"):
        raise UnreadableFile(f"{path.name} is a PDF: save the table as CSV or XLSX")
    return start


def _wide_encoding(start: bytes) -> str:
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) < len(start) / 8:
        raise UnreadableFile("This is not a CSV or XLSX file (it has zero bytes in it)")
    return "utf-16-le" if odd > even else "utf-16-be"


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _guess(start: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(start).best()
    if best is None:
        raise UnreadableFile("Its encoding can't be recognised: save the file as UTF-8, or say which it is")
    return best.encoding


def _decode(start: bytes, encoding: str) -> str:
    try:
        return start.decode(encoding, errors="ignore")
    except LookupError:
        raise UnreadableFile(f"There is no encoding called {encoding!r}") from None


def _sheet(encoding: str, records: Iterator[Record]) -> Sheet:
    first = list(itertools.islice(records, PEEK))
    return Sheet(encoding, first, itertools.chain(first, records))


def _csv_records(path: Path, encoding: str, delimiter: str) -> Iterator[Record]:
    csv.field_size_limit(10_000_000)
    with path.open(encoding=encoding, newline="") as file:
        try:
            yield from enumerate(csv.reader(file, delimiter=delimiter), start=1)
        except UnicodeError:
            raise UnreadableFile(f"{path.name} is not written in {encoding}: say which encoding it is") from None
        except csv.Error as error:
            raise UnreadableFile(f"{path.name} can't be read as a table: {error}") from None


def _geojson_records(path: Path) -> Iterator[Record]:
    try:
        yield from geojson_records(path)
    except ValueError as error:
        raise UnreadableFile(f"{path.name} can't be read as GeoJSON: {error}") from None


def _spreadsheet_records(path: Path) -> Iterator[Record]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            sheet = next((s for s in map(book.get_sheet_by_index, range(len(book.sheet_names))) if s.height), None)
            if sheet is None:
                raise UnreadableFile(f"{path.name} has no rows on any sheet")
            top = sheet.start[0] if sheet.start else 0
            for number, cells in enumerate(sheet.to_python(skip_empty_area=True), start=top + 1):
                yield number, [_cell_text(cell) for cell in cells]
    except CalamineError as error:
        raise UnreadableFile(f"{path.name} can't be opened as a spreadsheet: {error}") from None


def _cell_text(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d") if not (cell.hour or cell.minute) else cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
