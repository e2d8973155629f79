"""How the history of an organisation reads."""

from crm.histories.presenter import DISTRICT, ORGANISATION, Wording, words_of
from guilds.organisations.models import LocalKind, ProviderKind, SizeBand, Status

ORGANISATION_WORDING = Wording(
    verbs={
        "registered": "added it to the registry",
        "corrected": "corrected it",
        "merged": "merged another organisation into it",
        "merged away": "merged it into another organisation",
        "merge undone": "undid a merge",
        "close": "closed it",
        "reopen": "opened it again",
        "archive": "put it into the archive",
        "restore": "took it out of the archive",
        "import undone": "undid an import",
    },
    fields={
        "name": "Name",
        "trading_names": "Other names",
        "status": "Status",
        "is_employer": "Employer",
        "is_provider": "School or college",
        "provider_kind": "Kind of school or college",
        "local_kind": "Local kind",
        "identifiers": "Numbers",
        "address": "Address",
        "postcode": "Postcode",
        "district_id": "District",
        "website": "Website",
        "phone": "Telephone",
        "size_band": "Size",
        "employees_low": "Employees, from",
        "employees_high": "Employees, to",
        "headcount": "Headcount",
        "levy_payer": "Pays the apprenticeship levy",
        "phase": "Phase",
        "age_low": "Ages from",
        "age_high": "Ages to",
        "pupils": "Pupils",
        "coastal": "Coastal",
        "trust": "Trust",
        "sic_codes": "SIC codes",
        "merged_into_id": "Merged into",
    },
    choices={
        "status": words_of(Status),
        "provider_kind": words_of(ProviderKind),
        "local_kind": words_of(LocalKind),
        "size_band": words_of(SizeBand),
    },
    points_to={"district_id": DISTRICT, "merged_into_id": ORGANISATION},
    for_all=frozenset(
        {"name", "trading_names", "status", "address", "postcode", "district_id", "website", "phone", "pupils"}
        | {"size_band", "headcount", "provider_kind", "local_kind", "trust"}
    ),
)
