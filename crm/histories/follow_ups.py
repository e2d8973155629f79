"""How the history of a follow-up reads."""

from crm.histories.presenter import ORGANISATION, USER, Wording, words_of
from guilds.engagement.follow_ups import FollowUpStatus

_FIELDS = {
    "status": "Status",
    "what": "What is to be done",
    "due_on": "By when",
    "assigned_to_id": "Who does it",
    "organisation_id": "About",
    "outcome": "What came of it",
}
FOLLOW_UP = Wording(
    verbs={
        "added": "added it",
        "finish": "did it",
        "drop": "dropped it",
        "reopen": "opened it again",
        "snoozed": "put it off",
        "handed over": "gave it to somebody",
        "corrected": "corrected it",
    },
    fields=_FIELDS,
    choices={"status": words_of(FollowUpStatus)},
    points_to={"assigned_to_id": USER, "organisation_id": ORGANISATION},
    for_all=frozenset(_FIELDS),
)
