"""The columns of each list."""

from typing import Any

from django.utils import timezone

from crm.exports import cells
from crm.exports.columns import UNKNOWN, Column, choice, of
from guilds.organisations.models import NEVER


def _staff(user: Any) -> bool:
    return user.is_staff_member


def _several_employers(user: Any) -> bool:
    """An employer's own list needs no column for the employer."""
    return not user.is_employer_member


def _or_unknown(path: str) -> Any:
    found = of(path)
    return lambda row: UNKNOWN if found(row) is None else found(row)


def yes(field: str) -> Any:
    """Whether something is so, in a word."""
    return lambda row: "Yes" if getattr(row, field) else "No"


def _numbers_missing(row: Any) -> str:
    return "Yes" if row.status == "delivered" and row.has_learners and row.number_unknown else "No"


REFERENCE = Column("reference", "Reference", of("reference"), usual=False)
GUILD = Column("guild", "Lead guild", of("guild.name", "County-wide"))
DISTRICT = Column("district", "District", of("district.name", "Not known"))
DISTRICT_CODE = Column("district_code", "District code", of("district_id", "unknown"), usual=False)
UPDATED = Column("updated", "Last changed", of("updated_at"), usual=False, order="updated_at")

ENGAGEMENTS = (
    Column("date", "Date", of("starts_on"), order="starts_at"),
    Column("title", "Engagement", of("title"), drawn=cells.engagement, heads=True),
    Column("kind", "Kind", choice("kind"), usual=False),
    Column("status", "Status", choice("status"), drawn=cells.engagement_status),
    Column("missing", "Numbers missing", _numbers_missing, usual=False),
    GUILD,
    DISTRICT,
    DISTRICT_CODE,
    Column("venue", "Venue", of("venue.name"), usual=False),
    Column("delivery", "Held", choice("delivery"), usual=False),
    Column("coordinator", "Lead coordinator", of("lead_coordinator.name"), usual=False, seen=_staff),
    REFERENCE,
    UPDATED,
)


def _guilds_now(row: Any) -> str:
    return ", ".join(m.guild.name for m in row.memberships.all() if not m.left_on or m.left_on > timezone.localdate())


def _what_it_is(row: Any) -> str:
    provider = (row.get_provider_kind_display() or "School or college") if row.is_provider else ""
    return f"{provider}, employer" if provider and row.is_employer else provider or "Employer"


def _last_contact(row: Any) -> Any:
    return None if row.last_contact_on == NEVER else row.last_contact_on


def _number(scheme: str) -> Any:
    return lambda row: next((i.value for i in row.identifiers.all() if i.scheme == scheme), None)


def _first_number(row: Any) -> str:
    return next((f"{i.get_scheme_display()} {i.value}" for i in row.identifiers.all()), "")


ORGANISATIONS = (
    Column("name", "Name", of("name"), drawn=cells.organisation, heads=True, order="name"),
    Column("what", "What it is", _what_it_is),
    Column("number", "Number", _first_number),
    Column("district", "Where", of("district.name"), drawn=cells.where),
    Column("postcode", "Postcode", of("postcode"), usual=False),
    DISTRICT_CODE,
    Column("guilds", "Guilds", _guilds_now, empty="No guild yet"),
    Column("last_contact", "Last contact", _last_contact, empty="Never", order="last_contact_on", seen=_staff),
    Column("status", "Status", choice("status"), usual=False),
    Column("company_number", "Company number", _number("companies_house"), usual=False),
    Column("urn", "URN", _number("urn"), usual=False),
    Column("ukprn", "UKPRN", _number("ukprn"), usual=False),
    Column("size", "Size", choice("size_band"), usual=False),
    Column("phase", "Phase", of("phase"), usual=False),
    Column("pupils", "Pupils", of("pupils"), numeric=True, usual=False),
    Column("trust", "Trust", of("trust"), usual=False),
    Column("phone", "Phone", of("phone"), usual=False),
    Column("website", "Website", of("website"), usual=False),
    UPDATED,
)

DISTRICTS = Column(
    "districts", "Districts", lambda row: ", ".join(d.name for d in row.districts.all()) or "All", usual=False,
    relation="districts",
)  # fmt: skip
PLEDGES = (
    Column("pledge", "Pledge", lambda row: row.get_kind_display(), drawn=cells.pledge, heads=True),
    Column("employer", "Employer", of("employer.name"), seen=_several_employers),
    Column("made", "Made", of("made_on"), order="made_on"),
    Column("status", "Status", lambda row: str(row.standing).capitalize(), drawn=cells.pledge_standing),
    Column("promised", "Promised", of("current_quantity"), numeric=True, repeats=True),
    Column("agreed", "Agreed", of("allocated"), numeric=True),
    Column("delivered", "Delivered", of("delivered"), numeric=True),
    Column("remaining", "Remaining", of("remaining"), numeric=True),
    Column("at_first", "Promised at first", of("quantity"), numeric=True, usual=False, order="quantity"),
    Column("valid_until", "Valid until", of("valid_until"), usual=False),
    Column("guild", "Lead guild", of("guild.name", "No guild yet"), usual=False),
    Column("engagement", "Made at", of("engagement.title"), usual=False),
    Column("through", "Made through", choice("made_through"), usual=False),
    DISTRICTS,
    Column("conditions", "Conditions", of("conditions"), usual=False),
    REFERENCE,
)
#: Open pledges of employers of whom nobody has heard for long.
QUIET = (
    PLEDGES[0],
    Column("employer", "Employer", of("employer.name")),
    Column("last_contact", "Last contact", of("last_contact")),
    Column("remaining", "Remaining", of("remaining"), numeric=True),
    Column("made", "Made", of("made_on"), order="made_on", usual=False),
    Column("verified", "Verified", of("verified_on"), usual=False),
    Column("at_first", "Promised at first", of("quantity"), numeric=True, usual=False, order="quantity"),
    Column("guild", "Lead guild", of("guild.name", "No guild yet"), usual=False),
    Column("followed_up", "Somebody is on it", lambda row: "Yes" if row.followed_up else "No", usual=False),
)


def _several_schools(user: Any) -> bool:
    """A school's own list needs no column for the school."""
    return not user.is_school_member


REQUESTS = (
    Column("request", "Request", lambda row: row.get_kind_display(), drawn=cells.request, heads=True),
    Column("provider", "School or college", of("provider.name"), seen=_several_schools),
    Column("district", "District", of("provider.district.name", "Not known"), usual=False, seen=_several_schools),
    Column("asked", "Asked", of("created_at"), order="created_at"),
    Column("status", "Status", lambda row: row.standing_label, drawn=cells.standing),
    Column("quantity", "Asked for", of("quantity"), numeric=True, order="quantity"),
    Column("agreed", "Agreed", of("agreed"), numeric=True),
    Column("remaining", "Still wanted", of("remaining"), numeric=True),
    Column("guild", "Guild", of("guild.name", "Any guild"), usual=False),
    Column("from", "Wanted from", of("wanted_from"), usual=False),
    Column("until", "Wanted until", of("wanted_until"), usual=False),
    Column("note", "Note", of("note"), usual=False),
)

PLACEMENTS = (
    Column("placement", "Placement", choice("programme"), drawn=cells.placement, heads=True),
    Column("employer", "Employer", of("employer.name"), seen=_several_employers),
    Column("provider", "School or college", of("provider.name", "Not known")),
    Column("learners", "Learners", of("learners"), numeric=True, order="learners"),
    Column("days", "Days", of("starts_on"), drawn=cells.placement_days),
    Column("ends", "Ends", of("ends_on"), usual=False),
    Column("status", "Status", choice("status"), drawn=cells.status),
    Column("arranged", "Arranged", of("arranged_on"), usual=False, order="arranged_on"),
    Column("hours", "Hours of each", _or_unknown("hours"), numeric=True, usual=False),
    Column("send", "Suits SEND", yes("suits_send"), usual=False),
    Column("reengagement", "Suits those returning to education or work", yes("suits_reengagement"), usual=False),
    Column("guild", "Lead guild", of("guild.name", "County-wide"), usual=False),
    Column("district", "District", of("district.name", "Not known"), usual=False),
    DISTRICT_CODE,
    REFERENCE,
    UPDATED,
)

APPRENTICESHIPS = (
    Column("standard", "Standard", of("standard_title"), drawn=cells.apprenticeship, heads=True),
    Column("employer", "Employer", of("employer.name"), seen=_several_employers),
    Column("positions", "Positions", of("positions"), numeric=True, order="positions"),
    Column("intake", "Intake", choice("intake"), drawn=cells.intake),
    Column("status", "Status", choice("status"), drawn=cells.status),
    Column("level", "Level", of("level"), numeric=True, usual=False),
    Column("route", "Technical qualification area", of("standard.route"), usual=False),
    Column("opened", "Opened", of("opened_on"), usual=False, order="opened_on"),
    Column("starts", "Starts", of("starts_on"), usual=False),
    Column("training_provider", "Training provider", of("training_provider.name"), usual=False),
    Column("guild", "Lead guild", of("guild.name", "County-wide"), usual=False),
    Column("district", "District", of("district.name", "Not known"), usual=False),
    DISTRICT_CODE,
    REFERENCE,
    UPDATED,
)

FOLLOW_UPS = (
    Column("what", "What", of("what"), heads=True),
    Column("due", "By", of("due_on"), order="due_on"),
    Column("who", "Who", of("assigned_to.name")),
    Column("organisation", "Organisation", of("organisation.name")),
    Column("engagement", "Engagement", of("engagement.title")),
    Column("status", "Status", choice("status")),
    Column("given_by", "Given by", of("assigned_by.name"), usual=False),
    Column("outcome", "What came of it", of("outcome"), usual=False),
)


def _loaded(name: str) -> Any:
    """A count of a file; nothing has been counted before it is loaded."""
    return lambda row: None if row.status in ("received", "planned", "failed", "unnamed") else getattr(row, name)


IMPORTS = (
    Column("file", "File", of("filename"), "imports/cells/file.html", heads=True),
    Column("kind", "What it holds", choice("kind")),
    Column("when", "When", of("created_at"), order="created_at"),
    Column("who", "Who", of("imported_by.name", "The system")),
    Column("created", "Created", _loaded("created"), numeric=True, empty="–"),
    Column("updated", "Updated", _loaded("updated"), numeric=True, empty="–"),
    Column("unchanged", "Unchanged", _loaded("unchanged"), numeric=True, empty="–", usual=False),
    Column("refused", "Refused", _loaded("refused"), numeric=True, empty="–"),
    Column("status", "Status", choice("status"), drawn=cells.status),
)
PUBLICATIONS = (
    Column(
        "what", "Publication", lambda row: f"{row.span.label}, {row.about}", "publications/cells/what.html", heads=True
    ),
    Column("version", "Version", of("edition"), numeric=True),
    Column("status", "Status", choice("status"), "publications/cells/status.html"),
    Column("published", "Published", of("published_at"), empty="–"),
    Column("reason", "Why there is this version", of("reason"), empty="–"),
    Column("scheduled", "Scheduled for", of("scheduled_for"), empty="–", usual=False, seen=_staff),
    Column("author", "Made by", of("author.name", "The system"), usual=False, seen=_staff),
    Column("signed_off", "Signed off by", of("signed_off_by.name"), empty="–", usual=False, seen=_staff),
    Column("methodology", "Methodology version", of("methodology_version"), usual=False),
)
EXPORTS = (
    Column("when", "When", of("created_at"), order="created_at", heads=True),
    Column("who", "Who", of("user.name")),
    Column("list", "List", of("list_name")),
    Column("filters", "Filters", of("filters")),
    Column("rows", "Rows", of("rows"), numeric=True),
    Column("format", "Format", choice("format")),
)

PEOPLE = (
    Column("name", "Name", of("name"), "people/cells/name.html", order="name", heads=True),
    Column("email", "E-mail", of("email")),
    Column("role", "Role", choice("role")),
    Column("of", "Of", lambda row: row.organisation.name if row.organisation else _guild_names(row)),
    Column("account", "Account", lambda row: "May sign in" if row.is_active else "Closed", "people/cells/account.html"),
    Column("colleagues", "Looks after colleagues", yes("is_organisation_administrator"), usual=False),
    Column("since", "Since", of("created_at"), order="created_at", usual=False),
    Column("last", "Signed in last", of("last_login"), usual=False),
)


def _guild_names(row: Any) -> str:
    return ", ".join(sorted(guild.name for guild in row.guilds.all()))


INVITATIONS = (
    Column("email", "E-mail", of("email"), "people/cells/invited.html", heads=True),
    Column("name", "Name", of("name")),
    Column("to", "For", of("invited_to")),
    Column("role", "Role", choice("role"), usual=False),
    Column("status", "Status", of("standing_label"), drawn=cells.standing),
    Column("until", "Can be accepted until", of("expires_at"), order="expires_at", usual=False),
    Column("when", "Invited", of("created_at"), order="created_at"),
    Column("by", "By", of("invited_by.name"), usual=False),
    Column("sent", "Times sent", of("times_sent"), usual=False),
)
JOIN_REQUESTS = (
    Column("name", "Name", of("name"), "people/cells/asked.html", heads=True),
    Column("organisation", "Organisation, as they write it", of("organisation_text")),
    Column("role", "They are", choice("role")),
    Column("email", "E-mail", of("email")),
    Column("when", "Asked", of("created_at"), order="created_at"),
    Column("status", "Status", choice("status"), drawn=cells.status),
    Column("reason", "Reason", of("status_reason"), usual=False),
)
