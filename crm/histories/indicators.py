"""How the histories of indicators, saved scopes, and places with enterprise advisers read."""

from crm.histories.presenter import DISTRICT, GUILD, ORGANISATION, USER, Wording, words_of
from guilds.engagement.models import EngagementKind
from guilds.impact.indicators import Better, Progress, Travel
from guilds.pledges.advisers import AdviserStatus

INDICATOR = Wording(
    verbs={"added": "began to follow it", "ended": "stopped following it", "noted": "noted what is odd about it"},
    fields={"reference": "Reference", "note": "Note", "ended_on": "Not followed from", "ended_because": "Why"},
)
INDICATOR_VERSION = Wording(
    verbs={"worded": "worded it", "reworded": "gave it other words", "corrected": "corrected its words"},
    fields={
        "valid_from": "From", "code": "Code", "statement": "What it says", "unit": "Unit", "better": "Which way is better",
        "target": "Target", "measure": "Measure", "reason": "Why it changed",
    },
    choices={"better": words_of(Better)},
)  # fmt: skip
INDICATOR_VALUE = Wording(
    verbs={"set": "gave it", "moved": "changed it"},
    fields={
        "period": "Period", "district_id": "District", "value": "Value", "judged": "Status",
        "travel": "Direction of travel", "source": "Source", "note": "Note",
    },
    choices={"judged": words_of(Progress), "travel": words_of(Travel)},
    points_to={"district_id": DISTRICT},
)  # fmt: skip
SAVED_SCOPE = Wording(
    verbs={"saved": "saved the scope", "corrected": "changed it", "deleted": "deleted it"},
    fields={
        "name": "Name", "description": "What it is for", "coastal": "Coastal schools", "provider_kinds": "Kinds of school",
        "local_kinds": "Kinds in Kent", "districts": "Districts", "guild_id": "Reached by", "kind": "Reached through",
    },
    choices={"kind": words_of(EngagementKind)},
    points_to={"districts": DISTRICT, "guild_id": GUILD},
)  # fmt: skip
ADVISER_PLACE = Wording(
    verbs={
        "sign_up": "signed the school up", "match": "matched it with an adviser", "end": "ended it", "withdraw": "withdrew it",
    },
    fields={
        "status": "Status", "signed_up_on": "Signed up", "employer_id": "Employer", "matched_on": "Matched",
        "matched_by_id": "Matched by", "ended_on": "Ended",
    },
    choices={"status": words_of(AdviserStatus)},
    points_to={"employer_id": ORGANISATION, "matched_by_id": USER},
    for_all=frozenset({"status", "signed_up_on", "employer_id", "matched_on", "ended_on"}),
)  # fmt: skip
