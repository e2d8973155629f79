"""How the histories read of what an employer says that it did, and of the links that show its statement."""

from crm.histories.presenter import ORGANISATION, Wording, words_of
from guilds.pledges.claims import ClaimStatus

_CLAIMED = {
    "status": "Status",
    "happened_on": "Day",
    "quantity": "How many",
    "note": "Note",
    "status_reason": "Why",
}
CLAIM = Wording(
    verbs={
        "claimed": "said that it was done",
        "accept": "accepted it",
        "decline": "declined it",
        "withdraw": "took it back",
    },
    fields=_CLAIMED,
    choices={"status": words_of(ClaimStatus)},
    for_all=frozenset(_CLAIMED),
)
_SHARED = {"organisation_id": "Employer", "period": "Academic year", "ends_on": "Answers until", "revoked_at": "Ended"}
SHARE = Wording(
    verbs={"shared": "made the link", "revoked": "ended the link"},
    fields=_SHARED,
    points_to={"organisation_id": ORGANISATION},
    for_all=frozenset(_SHARED),
)
