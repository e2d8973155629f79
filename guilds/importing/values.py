"""What one cell says: dates, numbers, codes. An empty cell is "not known" (None), never zero.

Each reader takes the cell's text and returns a value or None; it raises Unreadable with what would be accepted.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from guilds.reference.places import tidy_postcode

#: What registers write where they know nothing.
MISSING = frozenset({"", "na", "n/a", "tbc", "tba", "not known", "unknown", "-", "null", "none"})

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2})?.*)?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?", re.ASCII)
_WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9})\.?,? (\d{4})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
#: Excel's day zero, such that its serials after February 1900 come out right.
_EXCEL_ZERO = date(1899, 12, 30)
_EXCEL_FIRST, _EXCEL_LAST = 20_000, 73_050

_WHOLE = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(?:\.0+)?", re.ASCII)
_LARGEST = 2_147_483_647
_COMPANY = re.compile(r"(?:\d{8}|[A-Z]{2}\d{6}|R\d{7}|[A-Z]{2}\d{5}[A-Z]|[A-Z]{2}\d{4}[A-Z]{2})", re.ASCII)
_CODED = re.compile(r"\s*(\d{4,5})\s*[-–:]\s*\D", re.ASCII)


class Unreadable(ValueError):
    """A cell that says something, but nothing that can be taken."""


def is_missing(text: str) -> bool:
    """Whether a cell says nothing."""
    return text.strip().lower() in MISSING


def read_date(text: str) -> date | None:
    """A date, day first: 2017-03-14, 14/03/2017, 14-03-2017, 14 March 2017, or an Excel serial number."""
    text = " ".join(text.split())
    if is_missing(text):
        return None
    try:
        found = _date_in(text)
    except ValueError:
        found = None
    if found is None:
        raise Unreadable(f"“{text}” is not a date: write it day first, as 14/03/2017 or 2017-03-14")
    if not 1000 <= found.year <= 2199:
        raise Unreadable(f"“{text}” has a year that can't be meant")
    return found


def _date_in(text: str) -> date | None:
    if match := _YEAR_FIRST.fullmatch(text):
        return date(*map(int, match.groups()))
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, match.groups())
        return date(year, month, day)
    if match := _WORDED.fullmatch(text):
        return date(int(match[3]), _month(match[2]), int(match[1]))
    if (match := _SERIAL.fullmatch(text)) and _EXCEL_FIRST <= int(match[1]) <= _EXCEL_LAST:
        return _EXCEL_ZERO + timedelta(days=int(match[1]))
    return None


def _month(word: str) -> int:
    full = (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    )
    word = word.lower()
    if word in full or word in _MONTHS or word == "sept":
        return _MONTHS[word[:3]]
    raise ValueError(word)


def read_whole(text: str) -> int | None:
    """A number of people or things: 0 is none, empty is not known."""
    text = text.strip()
    if is_missing(text):
        return None
    match = _WHOLE.fullmatch(text)
    number = int(match[1].replace(",", "")) if match and len(text) < 20 else _LARGEST + 1
    if number > _LARGEST:
        raise Unreadable(f"“{text}” is not a whole number: write 0, 25 or 1,250, or leave it empty if not known")
    return number


def read_hours(text: str) -> Decimal | None:
    """Hours, with one decimal at most."""
    text = text.strip().replace(",", "")
    if is_missing(text):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not (number.is_finite() and 0 <= number < 1_000_000 and number == round(number, 1)):
        raise Unreadable(f"“{text}” is not a number of hours: write 3 or 7.5, or leave it empty if not known")
    return round(number, 1)


def read_yes_no(text: str) -> bool | None:
    """yes or no, however it is written."""
    word = text.strip().lower()
    if is_missing(word):
        return None
    if word in ("yes", "y", "true", "1", "t"):
        return True
    if word in ("no", "n", "false", "0", "f"):
        return False
    raise Unreadable(f"“{text}” is neither yes nor no")


def read_postcode(text: str) -> str:
    """A postcode as it is written, "ME14 1XX"; empty where there is none."""
    if is_missing(text):
        return ""
    tidy = tidy_postcode(text)
    if not tidy:
        raise Unreadable(f"“{text.strip()}” is not a full UK postcode, such as ME14 1XX")
    return tidy


def read_company_number(text: str) -> str:
    """Eight characters, with the leading zeros that spreadsheets lose; empty where there is none."""
    if is_missing(text):
        return ""
    bare = re.sub(r"[\s.\-]+", "", re.sub(r"\.0+$", "", text.strip())).upper()
    if match := re.fullmatch(r"([A-Z]{0,2})([0-9]+)", bare):
        bare = match[1] + match[2].zfill(8 - len(match[1]))
    if not _COMPANY.fullmatch(bare) or not bare.strip("0"):
        raise Unreadable(f"“{text.strip()}” is not a company number: eight characters, such as 01234567 or OC123456")
    return bare


def read_code(text: str, digits: int, what: str) -> str:
    """An identifier of digits only (URN, UKPRN, LAESTAB), as a spreadsheet may have mangled it."""
    if is_missing(text):
        return ""
    bare = re.sub(r"\.0+$", "", text.strip()).replace("/", "").replace(" ", "")
    if not (re.fullmatch(r"[0-9]+", bare) and len(bare) == digits):
        raise Unreadable(f"“{text.strip()}” is not a {what}: it has {digits} digits")
    return bare


@dataclass
class SicCodes:
    """SIC 2007 codes of five digits; `public_sector` where a register says so by its code 1; what it could not read."""

    codes: list[str] = field(default_factory=list)
    public_sector: bool = False
    unread: list[str] = field(default_factory=list)


def read_sic_codes(*cells: str) -> SicCodes:
    """Codes from one or several cells: `43220 - Plumbing…`, `73120 74201`, one a line, or without leading zero."""
    found = SicCodes()
    for line in (line for cell in cells for line in re.split(r"[\n;]+", cell)):
        coded = _CODED.match(line)
        for word in [coded[1]] if coded else re.split(r"[,\s]+", line.replace("None Supplied", "")):
            _take_sic(found, word.strip())
    return found


def _take_sic(found: SicCodes, word: str) -> None:
    if is_missing(word):
        return
    if word == "1":
        found.public_sector = True
    elif re.fullmatch(r"[0-9]{4,5}", word):
        code = word.zfill(5)
        found.codes += [] if code in found.codes else [code]
    else:
        found.unread.append(word)
