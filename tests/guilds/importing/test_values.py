"""What one cell says, and what is refused instead of guessed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guilds.importing.values import (
    Unreadable,
    read_company_number,
    read_date,
    read_hours,
    read_postcode,
    read_sic_codes,
    read_whole,
    read_yes_no,
)

PI_DAY = date(2017, 3, 14)


@pytest.mark.parametrize(
    "text",
    [
        "2017-03-14",
        "14/03/2017",
        "14-03-2017",
        "14 March 2017",
        "14 Mar 2017",
        " 14th  March 2017 ",
        "2017/03/14 00:00:00",
        "42808",
        "42808.0",
    ],
)
def test_dates_day_first_in_every_usual_form(text):
    assert read_date(text) == PI_DAY


@pytest.mark.parametrize(
    "text", ["03/14/2017", "31/02/2017", "14/03/17", "March 2017", "14 Thermidor 2017", "2017", "14/03/0017", "soon"]
)
def test_dates_are_refused_not_guessed(text):
    with pytest.raises(Unreadable, match=r"date|year"):
        read_date(text)


@pytest.mark.parametrize("text", ["", "  ", "TBC", "NA", "n/a", "not known"])
def test_missing_is_not_known(text):
    assert read_date(text) is None
    assert read_whole(text) is None


@given(st.dates(min_value=date(1955, 1, 1), max_value=date(2099, 12, 31)))
def test_every_form_of_a_date_reads_back(day):
    forms = [
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%Y}",
        f"{day.day} {day:%B} {day.year}",
        str((day - date(1899, 12, 30)).days),
    ]
    assert {read_date(form) for form in forms} == {day}


@given(st.text())
def test_any_text_is_read_or_refused(text):
    for reader in (read_date, read_whole, read_hours, read_yes_no, read_postcode, read_company_number):
        try:
            reader(text)
        except Unreadable as refusal:
            assert str(refusal)
    read_sic_codes(text)


def test_zero_is_a_number_and_empty_is_not_known():
    assert (read_whole("0"), read_whole(""), read_whole("1,250"), read_whole("30.0")) == (0, None, 1250, 30)


@pytest.mark.parametrize("text", ["-1", "12.5", "about 30", "1,25", "1e3", "9" * 12, "٣"])
def test_numbers_that_are_none_are_refused(text):
    with pytest.raises(Unreadable):
        read_whole(text)


@given(st.integers(min_value=0, max_value=2_000_000_000))
def test_whole_numbers_read_back_with_and_without_commas(number):
    assert read_whole(str(number)) == read_whole(f"{number:,}") == number


def test_hours_have_decimals():
    assert (read_hours("7.5"), read_hours("0"), read_hours("")) == (Decimal("7.5"), Decimal(0), None)
    for text in ("NaN", "inf", "-2", "lots"):
        with pytest.raises(Unreadable):
            read_hours(text)


@pytest.mark.parametrize(("text", "number"), [
    ("1234567", "01234567"), ("01234567", "01234567"), ("oc301540", "OC301540"), ("SC12345", "SC012345"),
    ("BR026600", "BR026600"), ("IP26230R", "IP26230R"), ("7431144.0", "07431144"), (" 0743 1144 ", "07431144"),
    ("", ""), ("N/A", ""),
])  # fmt: skip
def test_company_numbers_have_eight_characters_and_their_zeros(text, number):
    assert read_company_number(text) == number


@pytest.mark.parametrize("text", ["123456789", "0", "1.23E+07", "ABCDEFGH", "O123"])
def test_company_numbers_that_can_not_be_are_refused(text):
    with pytest.raises(Unreadable, match="not a company number"):
        read_company_number(text)


@given(st.integers(min_value=1, max_value=99_999_999))
def test_lost_zeros_come_back(number):
    assert read_company_number(str(number)) == f"{number:08}"


def test_postcodes_are_written_well_or_refused():
    assert (read_postcode("me141xx"), read_postcode(" ct1  1aa "), read_postcode("")) == ("ME14 1XX", "CT1 1AA", "")
    with pytest.raises(Unreadable, match="not a full UK postcode"):
        read_postcode("ME14")


@pytest.mark.parametrize(("cell", "codes"), [
    ("43220 - Plumbing, heat and air-conditioning installation", ["43220"]),
    ("73120 74201 74202", ["73120", "74201", "74202"]), ("45111,\n45112,\n45200", ["45111", "45112", "45200"]),
    ("1240", ["01240"]), ("85200;85310;85200", ["85200", "85310"]), ("None Supplied", []), ("", []),
])  # fmt: skip
def test_sic_codes_however_they_are_listed(cell, codes):
    assert read_sic_codes(cell).codes == codes


def test_sic_one_means_the_public_sector():
    found = read_sic_codes("1,\n84110")
    assert (found.codes, found.public_sector, found.unread) == (["84110"], True, [])


def test_what_is_no_sic_code_is_kept_apart():
    assert read_sic_codes("84110, schools").unread == ["schools"]


def test_excel_serials_only_where_a_day_is_meant():
    assert read_date("20000") == date(1899, 12, 30) + timedelta(days=20000)
    with pytest.raises(Unreadable):
        read_date("19999")
