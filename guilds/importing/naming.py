"""Our own columns for each kind of file, and which of a file's titles probably means which."""

from collections.abc import Sequence

from guilds.importing.models import Kind
from guilds.importing.reading import Sheet
from guilds.importing.rows import column_key

#: interfaces.md, "Files for import".
COLUMNS: dict[Kind, tuple[str, ...]] = {
    Kind.ENGAGEMENTS: (
        "reference", "title", "kind", "guild", "date", "end_date", "district", "venue", "status", "provider",
        "year_group", "learners", "staff", "employer", "employer_role", "volunteers", "hours", "job_offers", "notes",
        "send", "fsm", "gatsby_benchmarks",
    ),
    Kind.PLEDGES: (
        "reference", "employer", "guild", "kind", "quantity", "made_on", "valid_until", "engagement", "districts",
        "notes", "status",
    ),
    Kind.PLACEMENTS: (
        "reference", "employer", "provider", "guild", "programme", "learners", "arranged_on", "starts_on", "ends_on",
        "hours", "status", "pledge",
    ),
    Kind.APPRENTICESHIPS: (
        "reference", "employer", "guild", "standard", "level", "positions", "opened_on", "starts_on", "intake",
        "status", "pledge",
    ),
    Kind.MEMBERSHIPS: ("organisation", "guild", "role", "joined_on", "left_on"),
    Kind.EMPLOYERS: (
        "name", "company_number", "charity_number", "sic_codes", "size_band", "address", "postcode", "website", "phone",
    ),
    Kind.PROVIDERS: (
        "name", "urn", "ukprn", "laestab", "kind", "local_kind", "phase", "address", "postcode", "status", "pupils",
        "coastal", "trust",
    ),
    Kind.INDICATORS: (
        "code", "reference", "statement", "unit", "direction", "target", "measure", "valid_from", "valid_to", "reason",
        "period", "district", "value", "status", "travel", "source", "note",
    ),
}  # fmt: skip
#: The columns without which no row of a kind can come in.
NEEDED: dict[Kind, frozenset[str]] = {
    Kind.ENGAGEMENTS: frozenset({"reference", "title", "kind", "date"}),
    Kind.PLEDGES: frozenset({"reference", "employer", "kind", "quantity", "made_on"}),
    Kind.PLACEMENTS: frozenset({"reference", "employer", "arranged_on"}),
    Kind.APPRENTICESHIPS: frozenset({"reference", "employer", "opened_on"}),
    Kind.MEMBERSHIPS: frozenset({"organisation", "guild", "joined_on"}),
    Kind.EMPLOYERS: frozenset({"name"}),
    Kind.PROVIDERS: frozenset({"name"}),
    Kind.INDICATORS: frozenset({"code"}),
}
#: What others call our columns; a likeness only offers, a person decides.
_ALSO: dict[str, tuple[str, ...]] = {
    "name": ("company", "company name", "organisation", "school", "employer"),
    "company_number": ("company no", "crn", "registration number", "companies house"),
    "reference": ("ref", "id", "number"),
    "title": ("event", "event name", "name"),
    "kind": ("type", "activity"),
    "date": ("event date", "start date", "when"),
    "provider": ("school", "college", "school or college"),
    "employer": ("company", "business", "company name"),
    "learners": ("pupils", "students", "young people"),
    "quantity": ("number", "how many"),
    "made_on": ("date", "date of pledge", "pledged on"),
    "arranged_on": ("date", "date arranged"),
    "opened_on": ("date", "date opened"),
    "joined_on": ("date", "joined", "start date"),
    "left_on": ("left", "end date"),
    "phone": ("telephone", "tel"),
}


def titles_of(sheet: Sheet) -> list[str]:
    """The titles of a file whose header nobody knows: the first of its widest rows."""
    rows = [cells for _, cells in sheet.first]
    widest = max(rows, key=lambda cells: sum(bool(cell.strip()) for cell in cells), default=[])
    return [cell.strip() for cell in widest if cell.strip()]


def guess(column: str, titles: Sequence[str]) -> str:
    """The title that probably means one of our columns; empty if none is like it."""
    by_key = {column_key(title): title for title in titles}
    for words in (column, *_ALSO.get(column, ())):
        if column_key(words) in by_key:
            return by_key[column_key(words)]
    return ""
