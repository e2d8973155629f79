"""Employers: Companies House (bulk and search downloads), the gender pay gap download, and our own columns."""

import re
from datetime import date

from guilds.importing.layouts.base import layout
from guilds.importing.layouts.organisations import joined, sic_codes_of, take_organisation, tidy_website
from guilds.importing.models import Kind
from guilds.importing.rows import Row
from guilds.importing.values import is_missing, read_company_number, read_date, read_postcode, read_sic_codes
from guilds.organisations.models import SizeBand, Status
from guilds.reference.places import tidy_postcode

_POSTCODE_IN_TEXT = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9][A-Z]{2})\b")
_GONE = ("dissolved", "closed", "removed", "converted")
_SIC_COLUMNS = tuple(f"SICCode.SicText_{number}" for number in range(1, 5))


def _status(text: str) -> str:
    """Everything that has not ended is active, a company in liquidation too."""
    return Status.CLOSED if text.lower().startswith(_GONE) else Status.ACTIVE


def _since(row: Row, ended: str, began: str) -> date | None:
    """The day since which a company's status holds."""
    return row.try_read(ended, read_date) or row.try_read(began, read_date)


def read_companies_house_bulk(row: Row) -> None:
    """The Companies House bulk product."""
    codes = read_sic_codes(*(row.cell(column) for column in _SIC_COLUMNS))
    take_organisation(
        row,
        fills={"name"},
        happened_on=_since(row, "DissolutionDate", "IncorporationDate"),
        identifiers={"companies_house": row.read("CompanyNumber", read_company_number, required=True)},
        fields={
            "name": row.text("CompanyName"),
            "is_employer": True,
            "status": _status(row.text("CompanyStatus")),
            "address": joined(
                row,
                "RegAddress.CareOf",
                "RegAddress.POBox",
                "RegAddress.AddressLine1",
                "RegAddress.AddressLine2",
                "RegAddress.PostTown",
                "RegAddress.County",
                "RegAddress.Country",
            ),
            "postcode": row.try_read("RegAddress.PostCode", read_postcode),
            "sic_codes": sic_codes_of(row, _SIC_COLUMNS[0], codes),
        },
    )


def read_companies_house_search(row: Row) -> None:
    """The Companies House search download: the postcode stands inside the address."""
    address = row.text("registered_office_address")
    postcodes = _POSTCODE_IN_TEXT.findall(address.upper())
    codes = read_sic_codes(row.cell("nature_of_business"))
    take_organisation(
        row,
        fills={"name"},
        happened_on=_since(row, "dissolution_date", "incorporation_date"),
        identifiers={"companies_house": row.read("company_number", read_company_number, required=True)},
        fields={
            "name": row.text("company_name"),
            "is_employer": True,
            "status": _status(row.text("company_status")),
            "address": address,
            "postcode": tidy_postcode(postcodes[-1]) if postcodes else "",
            "sic_codes": sic_codes_of(row, "nature_of_business", codes),
        },
    )


def read_gender_pay_gap(row: Row) -> None:
    """The gender pay gap download. Public bodies have no company number; SIC codes stand one a line."""
    low, high = employees_of(row.text("EmployerSize"))
    take_organisation(
        row,
        fills={"name", "address", "postcode", "sic_codes"},
        identifiers={"companies_house": row.try_read("CompanyNumber", read_company_number)},
        fields={
            "name": row.text("EmployerName"),
            "is_employer": True,
            "address": row.text("Address"),
            "postcode": row.try_read("PostCode", read_postcode),
            "employees_low": low,
            "employees_high": high,
            "size_band": SizeBand.LARGE if low and low >= 250 else "",
            "sic_codes": sic_codes_of(row, "SicCodes", read_sic_codes(row.cell("SicCodes"))),
        },
    )


def employees_of(text: str) -> tuple[int | None, int | None]:
    """The range of employees in "250 to 499", "Less than 250" or "20,000 or more"; None where it has no end."""
    numbers = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)]
    if len(numbers) == 2:
        return numbers[0], numbers[1]
    if len(numbers) == 1:
        return (None, numbers[0] - 1) if text.lower().startswith("less") else (numbers[0], None)
    return None, None


def read_charity_number(text: str) -> str:
    """A charity's registered number, as it is written; empty where there is none."""
    return "" if is_missing(text) else re.sub(r"\s+|\.0+$", "", text.strip()).upper()[:20]


def read_own(row: Row) -> None:
    """Our own columns."""
    codes = read_sic_codes(row.cell("sic_codes"))
    if codes.unread:
        row.refuse("sic_codes", f"Not SIC codes of five digits: {', '.join(codes.unread[:5])}")
    website = row.text("website")
    if website and not tidy_website(website):
        row.refuse("website", f"“{website}” is not a web address, such as www.example.org")
    take_organisation(row, strict=True, identifiers={
        "companies_house": row.read("company_number", read_company_number),
        "charity": row.read("charity_number", read_charity_number),
    }, fields={
        "name": row.text("name", required=True), "is_employer": True, "sic_codes": codes.codes,
        "size_band": row.choice("size_band", SizeBand), "address": row.text("address"),
        "postcode": row.read("postcode", read_postcode), "website": tidy_website(website),
        "phone": row.text("phone", longest=40),
    })  # fmt: skip


LAYOUTS = (
    layout(
        "Companies House bulk product",
        Kind.EMPLOYERS,
        "CompanyName|CompanyNumber|CompanyStatus|RegAddress.PostCode|SICCode.SicText_1",
        read_companies_house_bulk,
    ),
    layout(
        "Companies House search",
        Kind.EMPLOYERS,
        "company_name|company_number|company_status|registered_office_address|nature_of_business",
        read_companies_house_search,
    ),
    layout(
        "Gender pay gap",
        Kind.EMPLOYERS,
        "EmployerName|CompanyNumber|SicCodes|EmployerSize|PostCode",
        read_gender_pay_gap,
    ),
    layout("Employers", Kind.EMPLOYERS, "name", read_own),
)
