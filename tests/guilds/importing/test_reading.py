"""Files of any usual making become the same numbered rows."""

from datetime import date
from pathlib import Path

import pytest

from guilds.importing.reading import UnreadableFile, open_sheet

TEXT = "name,town\r\nMARIËN’S “50” £5,Ashford\r\n"
ROWS = [(1, ["name", "town"]), (2, ["MARIËN’S “50” £5", "Ashford"])]


def rows_of(path: Path, content: bytes | str, encoding: str | None = None) -> list:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(open_sheet(path, encoding).records)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_encoding_is_found(path, encoding):
    assert rows_of(path, TEXT.encode(encoding)) == ROWS


def test_a_late_windows_letter_in_a_long_file_is_found(path):
    content = b"name\n" + b"plain\n" * 200_000 + "Café\n".encode("cp1252")
    assert rows_of(path, content)[-1] == (200_002, ["Café"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found_whatever_stands_in_the_cells(path, delimiter):
    content = f'a{delimiter}b{delimiter}c\n"x, y; z"{delimiter}2{delimiter}3\n1{delimiter}2{delimiter}3\n'
    assert [len(cells) for _, cells in rows_of(path, content)] == [3, 3, 3]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_system(path, end):
    assert len(rows_of(path, end.join(["a,b", "1,2", "3,4"]))) == 3


def test_rows_are_numbered_as_a_spreadsheet_shows_them(path):
    content = 'A title above\n\nname,note\nx,"two\nlines"\ny,one\n'
    assert [(number, cells[0] if cells else "") for number, cells in rows_of(path, content)] == [
        (1, "A title above"),
        (2, ""),
        (3, "name"),
        (4, "x"),
        (5, "y"),
    ]


def test_spreadsheet_gives_text_dates_and_its_own_row_numbers(tmp_path):
    book_path = tmp_path / "book.xlsx"
    book_path.write_bytes(xlsx([[], ["urn", "date", "learners", "name"], [118788, date(2017, 3, 14), 30.0, "Café"]]))
    assert list(open_sheet(book_path).records)[-2:] == [
        (2, ["urn", "date", "learners", "name"]),
        (3, ["118788", "2017-03-14", "30", "Café"]),
    ]


@pytest.mark.parametrize(("content", "said"), [
    (b"", "is empty"), (b"%PDF-1.4 x", "is a PDF"), (b"PK\x03\x04not a zip", "can't be opened as a spreadsheet"),
    (bytes(range(256)) * 4, "not a CSV or XLSX"),
])  # fmt: skip
def test_what_is_no_table_is_refused_in_one_line(path, content, said):
    with pytest.raises(UnreadableFile, match=said) as refused:
        rows_of(path, content)
    assert "\n" not in str(refused.value)


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="There is no file"):
        open_sheet(tmp_path / "nowhere.csv")


def test_wrong_encoding_on_request_is_refused(path):
    with pytest.raises(UnreadableFile, match="not written in ascii"):
        rows_of(path, TEXT, encoding="ascii")
    with pytest.raises(UnreadableFile, match="no encoding called"):
        rows_of(path, TEXT, encoding="klingon")


def xlsx(rows: list[list]) -> bytes:
    """The smallest workbook that a spreadsheet would open; dates are serials with a date format, as Excel writes them."""
    import io
    import zipfile

    def cell(column: int, number: int, value) -> str:
        place = f"{chr(65 + column)}{number}"
        if isinstance(value, date):
            return f'<c r="{place}" s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
        if isinstance(value, str):
            return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c r="{place}"><v>{value}</v></c>'

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    data = "".join(
        f'<row r="{n}">{"".join(cell(i, n, v) for i, v in enumerate(row))}</row>' for n, row in enumerate(rows, start=1)
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{kind}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/'
        'officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="One" sheetId="1" '
        'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{office}/styles" '
        'Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
        "</styleSheet>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{data}</sheetData></worksheet>',
    }  # fmt: skip
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()
