"""How the histories of placements and apprenticeships read."""

from crm.histories.presenter import DISTRICT, GUILD, ORGANISATION, Wording, words_of
from guilds.opportunities.models import ApprenticeshipStatus, Canceller, Intake, Outcome, PlacementStatus, Programme

_POINTS = {
    "employer_id": ORGANISATION, "workplace_id": ORGANISATION, "provider_id": ORGANISATION,
    "training_provider_id": ORGANISATION, "guild_id": GUILD, "district_id": DISTRICT,
}  # fmt: skip
_ENDS = {
    "corrected": "corrected it",
    "start": "said that it started",
    "complete": "said that it was completed",
    "cancel": "cancelled it",
    "withdraw": "said that they left early",
    "import undone": "undid an import",
    "outcome": "said what became of the learners",
}
_DAYS = {"starts_on": "First day", "ends_on": "Last day"}

PLACEMENT = Wording(
    verbs=_ENDS | {"arranged": "recorded it", "did_not_attend": "said that nobody came"},
    fields={
        "status": "Status",
        "cancelled_by": "Cancelled by",
        "employer_id": "Employer",
        "workplace_id": "Workplace",
        "provider_id": "School or college",
        "guild_id": "Lead guild",
        "district_id": "District",
        "programme": "Programme",
        "learners": "Learners",
        "hours": "Hours for each learner",
        "arranged_on": "Arranged on",
        **_DAYS,
        "outcome": "Thirteen weeks after",
        "suits_send": "Suits SEND",
        "suits_reengagement": "Suits re-engagement",
        "reference": "Reference",
    },
    choices={
        "outcome": words_of(Outcome),
        "status": words_of(PlacementStatus),
        "programme": words_of(Programme),
        "cancelled_by": words_of(Canceller),
    },
    points_to=_POINTS,
    for_all=frozenset(
        {"status", "cancelled_by", "employer_id", "workplace_id", "provider_id", "guild_id", "district_id", "programme"}
        | {"learners", "hours", "arranged_on", *_DAYS}
    ),
)
APPRENTICESHIP = Wording(
    verbs=_ENDS
    | {
        "opened": "recorded it",
        "fill": "said that somebody was found",
        "close_unfilled": "closed it: nobody was found",
    },
    fields={
        "status": "Status",
        "employer_id": "Employer",
        "workplace_id": "Workplace",
        "training_provider_id": "Training provider",
        "guild_id": "Lead guild",
        "district_id": "District",
        "standard_title": "Standard",
        "level": "Level",
        "positions": "Positions",
        "intake": "Intake",
        "assisted": "Assisted",
        "outcome": "Thirteen weeks after",
        "opened_on": "Opened on",
        **_DAYS,
        "reference": "Reference",
    },
    choices={
        "status": words_of(ApprenticeshipStatus),
        "intake": words_of(Intake),
        "outcome": words_of(Outcome),
    },
    points_to=_POINTS,
    for_all=frozenset(
        {"status", "employer_id", "workplace_id", "training_provider_id", "guild_id", "district_id", "standard_title"}
        | {"level", "positions", "intake", "assisted", "opened_on", *_DAYS}
    ),
)
