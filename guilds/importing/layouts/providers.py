"""Schools and colleges: GIAS, EduBase 2017, the DfE register export, pupil premium, and our own columns."""

from datetime import date

from django.utils import timezone

from guilds.importing.layouts.base import layout
from guilds.importing.layouts.organisations import joined, take_organisation, tidy_website
from guilds.importing.models import Kind
from guilds.importing.rows import Row
from guilds.importing.values import read_code, read_date, read_postcode, read_whole, read_yes_no
from guilds.organisations.models import LocalKind, ProviderKind, Status

#: Words in a register's type of establishment → kind; the first that fits decides, before the phase does.
_KIND_BY_TYPE = (
    ("special", ProviderKind.SPECIAL), ("pupil referral", ProviderKind.PRU_AP),
    ("alternative provision", ProviderKind.PRU_AP), ("ap academy", ProviderKind.PRU_AP),
    ("independent", ProviderKind.INDEPENDENT), ("sixth form", ProviderKind.SIXTH_FORM),
    ("16 to 19", ProviderKind.SIXTH_FORM), ("16-19", ProviderKind.SIXTH_FORM),
    ("further education", ProviderKind.FE_COLLEGE), ("higher education", ProviderKind.UNIVERSITY),
    ("university technical", ProviderKind.SECONDARY), ("studio school", ProviderKind.SECONDARY),
)  # fmt: skip
_KIND_BY_PHASE = {
    "primary": ProviderKind.PRIMARY, "middle deemed primary": ProviderKind.PRIMARY,
    "secondary": ProviderKind.SECONDARY, "middle deemed secondary": ProviderKind.SECONDARY,
    "all-through": ProviderKind.ALL_THROUGH, "all through": ProviderKind.ALL_THROUGH,
    "16 plus": ProviderKind.SIXTH_FORM,
}  # fmt: skip
_LOCAL_KIND = {
    "selective": LocalKind.GRAMMAR, "selective (grammar)": LocalKind.GRAMMAR,
    "modern (secondary)": LocalKind.HIGH, "comprehensive (secondary)": LocalKind.WIDE_ABILITY,
}  # fmt: skip


def kind_of(type_name: str, phase: str) -> str:
    """The kind of a school by its register's type and phase; special schools have phase "Not applicable"."""
    lowered = type_name.lower()
    by_type = next((kind for words, kind in _KIND_BY_TYPE if words in lowered), "")
    return by_type or _KIND_BY_PHASE.get(phase.lower(), "")


def read_urn(text: str) -> str:
    """A school's unique reference number: six digits."""
    return read_code(text, 6, "URN")


def read_ukprn(text: str) -> str:
    """A provider reference number: eight digits."""
    return read_code(text, 8, "UKPRN")


def read_laestab(text: str) -> str:
    """Local authority and establishment number: 886/1132 or 8861132."""
    return read_code(text, 7, "LAESTAB")


def _laestab(row: Row, authority: str, number: str) -> str:
    both = row.known(authority) + row.known(number).zfill(4)
    return both if len(both) == 7 and both.isdigit() else ""


def _status(text: str) -> str:
    """ "Open, but proposed to close" is open; "Closed" and "De-registered" are not."""
    return Status.CLOSED if text.lower().startswith(("closed", "de-registered")) else Status.ACTIVE


def read_gias(row: Row) -> None:
    """Get Information About Schools, the state-funded and the all-data download."""
    phase = row.known("PhaseOfEducation (name)")
    take_organisation(row, happened_on=row.try_read("CloseDate", read_date) or row.try_read("OpenDate", read_date), identifiers={
        "urn": row.read("URN", read_urn, required=True),
        "ukprn": row.try_read("UKPRN", read_ukprn),
        "laestab": _laestab(row, "LA (code)", "EstablishmentNumber"),
    }, fields={
        "name": row.text("EstablishmentName"), "is_provider": True,
        "status": _status(row.text("EstablishmentStatus (name)")),
        "provider_kind": kind_of(row.text("TypeOfEstablishment (name)"), phase),
        "local_kind": _LOCAL_KIND.get(row.text("AdmissionsPolicy (name)").lower()),
        "phase": phase, "age_low": row.try_read("StatutoryLowAge", read_whole),
        "age_high": row.try_read("StatutoryHighAge", read_whole),
        "address": joined(row, "Street", "Locality", "Address3", "Town", "County (name)"),
        "postcode": row.try_read("Postcode", read_postcode), "website": tidy_website(row.known("SchoolWebsite")),
        "phone": row.known("TelephoneNum"), "pupils": row.try_read("NumberOfPupils", read_whole),
        "trust": row.known("Trusts (name)"),
    })  # fmt: skip


def read_edubase_2017(row: Row) -> None:
    """EduBase as it was in July 2017: "NA" means missing."""
    phase = row.known("Phase of education")
    take_organisation(row, identifiers={
        "urn": row.read("URN", read_urn, required=True),
        "ukprn": row.try_read("UKPRN", read_ukprn),
        "laestab": _laestab(row, "Local authority (code)", "Establishment number"),
    }, fields={
        "name": row.text("Establishment name"), "is_provider": True,
        "status": _status(row.text("Establishment status")),
        "provider_kind": kind_of(row.text("Type of establishment"), phase),
        "local_kind": _LOCAL_KIND.get(row.text("Admissions policy").lower()),
        "phase": phase, "age_low": row.try_read("Statutory lowest age", read_whole),
        "age_high": row.try_read("Statutory highest age", read_whole),
        "address": joined(row, "Street", "Locality", "Address3", "Town", "County"),
        "postcode": row.try_read("Postcode", read_postcode), "website": tidy_website(row.known("Website address")),
        "phone": row.known("Telephone number"),
    })  # fmt: skip


def read_dfe_register(row: Row) -> None:
    """The register export: every school that ever was; closed ones have a closing date."""
    closed_on: date | None = row.try_read("close_date", read_date)
    closed = bool(closed_on and closed_on <= timezone.localdate())
    opened_on = row.try_read("open_date", read_date)
    take_organisation(
        row,
        happened_on=closed_on if closed else opened_on,
        fills={"address"},
        identifiers={"urn": row.read("urn", read_urn, required=True)},
        fields={
            "name": row.text("name"),
            "is_provider": True,
            "status": Status.CLOSED if closed else Status.ACTIVE,
            "address": row.known("town"),
            "postcode": row.try_read("postcode", read_postcode),
        },
    )


def read_pupil_premium(row: Row) -> None:
    """Pupil premium allocations: type and pupils. Its names are older than the register's, so they only fill."""
    primary = row.try_read("Number of Primary pupils on roll", read_whole)
    secondary = row.try_read("Number of Secondary pupils on roll", read_whole)
    phase = _phase_by_pupils(primary, secondary) if "mainstream" in row.text("School Type").lower() else ""
    take_organisation(
        row,
        fills={"name", "provider_kind", "phase", "status"},
        identifiers={"urn": row.read("URN", read_urn, required=True), "laestab": row.try_read("LAEstab", read_laestab)},
        fields={
            "name": row.text("School Name"),
            "is_provider": True,
            "phase": phase,
            "provider_kind": kind_of(row.text("School Type"), phase),
            "pupils": row.try_read("Number of pupils on roll", read_whole),
        },
    )


def _phase_by_pupils(primary: int | None, secondary: int | None) -> str:
    if secondary:
        return "All-through" if primary else "Secondary"
    return "Primary" if primary else ""


def read_own(row: Row) -> None:
    """Our own columns."""
    take_organisation(row, strict=True, identifiers={
        "urn": row.read("urn", read_urn), "ukprn": row.read("ukprn", read_ukprn),
        "laestab": row.read("laestab", read_laestab),
    }, fields={
        "name": row.text("name", required=True), "is_provider": True,
        "status": row.choice("status", Status), "provider_kind": row.choice("kind", ProviderKind),
        "local_kind": row.choice("local_kind", LocalKind), "phase": row.text("phase", longest=40),
        "address": row.text("address"), "postcode": row.read("postcode", read_postcode),
        "pupils": row.read("pupils", read_whole), "coastal": row.read("coastal", read_yes_no),
        "trust": row.text("trust", longest=200),
    })  # fmt: skip
    if not row.refusals and not row.values["identifiers"]:
        row.refuse("urn", "Give a URN, UKPRN or LAESTAB: names don't tell schools apart")


LAYOUTS = (
    layout(
        "Get Information About Schools",
        Kind.PROVIDERS,
        "URN|EstablishmentName|TypeOfEstablishment (name)|EstablishmentStatus (name)|Postcode",
        read_gias,
    ),
    layout(
        "EduBase 2017",
        Kind.PROVIDERS,
        "URN|Establishment name|Type of establishment|Establishment status",
        read_edubase_2017,
    ),
    layout("DfE register", Kind.PROVIDERS, "urn|name|town|postcode|close_date", read_dfe_register),
    layout(
        "Pupil premium",
        Kind.PROVIDERS,
        "URN|School Name|School Type|Number of pupils on roll|Number of Secondary pupils on roll",
        read_pupil_premium,
    ),
    layout("Schools and colleges", Kind.PROVIDERS, "name|urn", read_own),
    layout("Schools and colleges by UKPRN", Kind.PROVIDERS, "name|ukprn", read_own),
)
