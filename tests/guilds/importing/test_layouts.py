"""Which file is which: the layout is recognised from the header, however it is written."""

import pytest

from guilds.importing.apply import run
from guilds.importing.layouts import LAYOUTS, recognise
from guilds.importing.models import Kind
from guilds.importing.reading import UnreadableFile, open_sheet


@pytest.fixture
def table(tmp_path):
    """Write a file's text and find its layout."""

    def write_and_recognise(kind: str, text: str, **options):
        path = tmp_path / "file.csv"
        path.write_text(text, encoding="utf-8")
        return recognise(Kind(kind), open_sheet(path), **options)

    return write_and_recognise


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_each_layout_is_known_by_what_it_needs(table, layout):
    header = ",".join(sorted(layout.needs))
    assert table(layout.kind, f"{header}\n").layout.needs >= layout.needs


@pytest.mark.parametrize(
    "header",
    [
        "name,urn,postcode",
        " Name , URN ,Postcode ",
        "NAME;Urn;POSTCODE",
        "﻿name\turn\tpostcode",
        "A list of schools\n\nas of May 2017,,\nname,urn,postcode",
        '"name","urn","postcode"',
    ],
    ids=["plain", "spaces and case", "semicolons", "byte-order mark and tabs", "title lines", "quotes"],
)
def test_header_however_it_is_written(table, header):
    delimiter = next(mark for mark in ",;\t" if mark in header.splitlines()[-1])
    found = table("providers", header + "\n" + delimiter.join(["Larkmere School", "990001", "TN23 1AA"]) + "\n")
    [row] = found.rows()
    assert found.layout.name == "Schools and colleges"
    assert row.values["identifiers"] == {"urn": "990001"}
    assert row.number == len(header.splitlines()) + 1


def test_footnotes_and_double_spaces_in_titles_are_passed_over(table):
    header = "URN,School Name,School Type,Number of pupils on  roll (7),Number of Secondary pupils on roll (8)"
    found = table("providers", f"{header}\n990001,Larkmere School,Mainstream,912,912\n")
    assert found.layout.name == "Pupil premium"
    [row] = found.rows()
    assert row.values["fields"]["pupils"] == 912


def test_columns_of_other_names_can_be_mapped(table):
    found = table(
        "pledges",
        "Ref,Company,What,How many,When\nP1,ZZ000001,placement,3,14/03/2017\n",
        columns={"Ref": "reference", "company": "employer", "What": "kind", "How many": "quantity", "WHEN": "made_on"},
    )
    [row] = found.rows()
    assert (row.values["reference"], row.values["quantity"], row.refusals) == ("P1", 3, [])


def test_refusals_name_a_mapped_column_as_the_file_does(table):
    [row] = table(
        "pledges",
        "Ref,Company,What,How many,When\nP1,ZZ000001,placement,0,14/03/2017\n",
        columns={"Ref": "reference", "Company": "employer", "What": "kind", "How many": "quantity", "When": "made_on"},
    ).rows()
    assert row.refusals == [("How many", "It must be 1 or more")]


def test_unknown_header_says_what_was_looked_for_and_found(table):
    with pytest.raises(UnreadableFile, match=r"Looked for: .*reference.*Found: date, school, number") as refused:
        table("engagements", "date,school,number\n2017-03-14,Larkmere,30\n")
    assert "\n" not in str(refused.value)


def test_of_two_layouts_that_fit_the_fuller_one_is_taken(table):
    header = "EmployerName,CompanyNumber,SicCodes,EmployerSize,PostCode,name"
    assert table("employers", f"{header}\n").layout.name == "Gender pay gap"


def test_rows_that_say_nothing_are_passed_over(table):
    found = table("providers", "name,urn\n\nLarkmere School,990001\n , \n,\nQuillhaven School,990002\n")
    assert [row.number for row in found.rows()] == [3, 6]


def test_a_row_with_more_cells_than_the_header_is_refused(table):
    [row] = table("providers", "name,urn\nLarkmere, the School,990001\n").rows()
    assert "stray delimiter" in dict(row.refusals)["row"]


def test_a_kind_that_there_is_not_lists_those_that_there_are(tmp_path):
    with pytest.raises(UnreadableFile, match="no kind of file called 'pupils': one of providers, employers"):
        run(kind="pupils", path=tmp_path / "any.csv")


def test_code_point_has_no_header(table):
    line = '"TN23 1AA",10,600000,142000,"E92000001","E19000002","E18000008","E10000016","E07000105","E05004875"\n'
    found = table("postcodes", line * 3)
    assert found.layout.name == "Code-Point Open"
    assert [row.number for row in found.rows()] == [1, 2, 3]
