"""How the history of a pledge reads. Its employer reads all of it but the team's notes."""

from crm.histories.presenter import CONTACT, DISTRICT, ENGAGEMENT, GUILD, ORGANISATION, Wording, words_of
from guilds.opportunities.models import Programme
from guilds.pledges.models import PledgeKind, PledgeStatus

_FIELDS = {
    "status": "Status",
    "current_quantity": "How many",
    "kind": "What is promised",
    "employer_id": "Employer",
    "guild_id": "Guild",
    "made_on": "Made on",
    "valid_until": "Valid until",
    "verified_on": "Verified on",
    "districts": "Districts",
    "level": "Level",
    "year_groups": "Year groups",
    "programme": "Programme",
    "route": "Technical qualification area",
    "starts_on": "Places from",
    "ends_on": "Places until",
    "suits_send": "Suits young people with SEND",
    "suits_reengagement": "Suits young people who are returning to education or work",
    "suits_t_level": "Suits T-level students",
    "conditions": "Conditions",
    "contact_id": "Whom to ask about it",
    "engagement_id": "Made at",
    "reference": "Reference",
    "notes": "Notes",
}
PLEDGE = Wording(
    verbs={
        "recorded": "recorded it",
        "corrected": "corrected it",
        "verify": "verified it",
        "reject": "rejected it",
        "withdraw": "withdrew it",
        "lapse": "noted that its time is over",
        "extend": "let it run longer",
        "amend": "changed how many",
        "undone": "undid an import",
        "restored": "undid an import",
    },
    fields=_FIELDS,
    choices={"status": words_of(PledgeStatus), "kind": words_of(PledgeKind), "programme": words_of(Programme)},
    points_to={
        "employer_id": ORGANISATION,
        "guild_id": GUILD,
        "districts": DISTRICT,
        "contact_id": CONTACT,
        "engagement_id": ENGAGEMENT,
    },
    for_all=frozenset(_FIELDS) | {"status_reason"},
)
